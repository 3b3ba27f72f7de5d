using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using LeadSens.Server.Connections;
using Microsoft.Extensions.AI;

namespace LeadSens.Server.Ai;

/// <summary>Asks a language model for a typed record. The answer is checked against its schema and by the caller; a broken one is
/// sent back once with what is wrong with it, and after that it is a failure.</summary>
internal sealed class StructuredModel(ChatClients clients, AiEventWriter events, ModelPrices prices, TimeProvider clock)
{
    /// <summary>More than the frame of a request has beside its texts and its schema.</summary>
    private const int FrameBytes = 500;
    private const int LongestBrokenAnswer = 8_000;

    /// <param name="validate">What is wrong with an answer that follows the schema, in words for the model and free of personal data; null when nothing is.</param>
    /// <returns>The answer; Invalid when the second one is broken too; otherwise the provider's failure.</returns>
    public async Task<ProviderResult<T>> AskAsync<T>(
        ModelRequest request, JsonTypeInfo<T> type, Func<T, string?>? validate, CancellationToken cancellationToken) where T : class
    {
        var model = await clients.ForAsync(request.WorkspaceId, request.Purpose, cancellationToken);
        if (!model.Succeeded) return model.Failure;

        var messages = new List<ChatMessage>(4) { new(ChatRole.System, request.System), new(ChatRole.User, request.User) };
        var first = await AttemptAsync(model.Value, request, messages, type, validate, cancellationToken);
        if (first.Fault is not { } fault) return first.Result;

        messages.Add(new(ChatRole.Assistant, Cut(first.Text)));
        messages.Add(new(ChatRole.User, $"This answer was refused: {fault}. Answer the task again, with one JSON object that follows the schema and nothing else."));
        var second = await AttemptAsync(model.Value, request, messages, type, validate, cancellationToken);
        return second.Fault is { } still
            ? new ProviderFailure(ProviderFailureKind.Invalid, model.Value.Account.Provider, $"The model's answer for {request.Schema.Name} was refused twice: {still}.")
            : second.Result;
    }

    /// <summary>Writes what the calls so far cost, so that a result never counts before its price.</summary>
    public Task RecordCallsAsync(CancellationToken cancellationToken) => events.FlushAsync(cancellationToken);

    private async Task<Attempt<T>> AttemptAsync<T>(
        WorkspaceModel model, ModelRequest request, List<ChatMessage> messages, JsonTypeInfo<T> type, Func<T, string?>? validate,
        CancellationToken cancellationToken) where T : class
    {
        var modelId = request.Model ?? model.Purpose.Model;
        var most = request.Budget is null ? 0 : prices.MostOf(modelId, BytesOf(messages, request), request.MaxTokens);
        if (request.Budget is { } budget && await budget.TakeAsync(most, cancellationToken) is { } tooDear) return new(tooDear, null, "");
        var asked = new ChatOptions
        {
            ModelId = modelId,
            Temperature = request.Temperature ?? model.Purpose.Temperature,
            MaxOutputTokens = request.MaxTokens,
            ResponseFormat = request.Schema.Format,
        };
        var started = clock.GetTimestamp();
        try
        {
            var response = await model.Client.GetResponseAsync(messages, asked, cancellationToken);
            var attempt = Check(response, request.Schema, type, validate);
            var cost = Record(model, request, modelId, TokensOf(response, messages, request), response.ModelId, started, attempt.Fault is null ? "ok" : "broken");
            request.Budget?.Settle(most, cost);
            return attempt;
        }
        catch (ProviderFailureException failed)
        {
            // What it cost nobody says: a failed call keeps what was set aside for it until the job has ended.
            Record(model, request, modelId, default, null, started, failed.Failure.Kind.ToString());
            return new(failed.Failure, null, "");
        }
    }

    private static Attempt<T> Check<T>(ChatResponse response, ModelSchema schema, JsonTypeInfo<T> type, Func<T, string?>? validate) where T : class
    {
        var text = response.Text;
        if (response.FinishReason == ChatFinishReason.Length) return new(default, "it was longer than allowed and is cut off", text);
        try
        {
            using var json = JsonDocument.Parse(text);
            if (schema.Rules.Fault(json.RootElement) is { } fault) return new(default, fault, text);
            var value = json.RootElement.Deserialize(type);
            if (value is null) return new(default, "it is null", text);
            return validate?.Invoke(value) is { } refused ? new(default, refused, text) : new(value, null, text);
        }
        catch (Exception broken) when (broken is JsonException or InvalidOperationException)
        {
            return new(default, "it is not one well-formed JSON object", text);
        }
    }

    /// <summary>An answer that does not say what it took counts as the most that it can have taken: a budget is a hard cap.</summary>
    private static (int In, int Out) TokensOf(ChatResponse response, List<ChatMessage> messages, ModelRequest request) => response.Usage is { InputTokenCount: > 0 } usage
        ? ((int)usage.InputTokenCount, (int)(usage.OutputTokenCount ?? request.MaxTokens))
        : ((int)BytesOf(messages, request), request.MaxTokens);

    /// <returns>What the call cost.</returns>
    private decimal Record(WorkspaceModel model, ModelRequest request, string asked, (int In, int Out) tokens, string? answered, long started, string outcome)
    {
        var cost = prices.Cost(asked, answered, tokens.In, tokens.Out);
        events.Add(new(
            Guid.CreateVersion7(), request.WorkspaceId, request.CampaignId, request.LeadId, request.Purpose, model.Account.Provider,
            answered ?? asked, request.PromptVersion, tokens.In, tokens.Out, cost,
            (int)clock.GetElapsedTime(started).TotalMilliseconds, outcome, clock.GetUtcNow()));
        return cost;
    }

    private static long BytesOf(List<ChatMessage> messages, ModelRequest request)
    {
        long bytes = FrameBytes + request.Schema.Bytes;
        foreach (var message in messages) bytes += Encoding.UTF8.GetByteCount(message.Text);
        return bytes;
    }

    private static string Cut(string text) => text.Length <= LongestBrokenAnswer ? text : text[..(LongestBrokenAnswer - (char.IsHighSurrogate(text[LongestBrokenAnswer - 1]) ? 1 : 0))];

    /// <summary>Either a result (which may be a failure of the provider's) or a fault in the answer.</summary>
    private readonly record struct Attempt<T>(ProviderResult<T> Result, string? Fault, string Text);
}
