using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Extensions.AI;

namespace LeadSens.Server.Ai;

/// <summary>Asks a language model for a typed record. The answer is checked against its schema and by the caller; a broken one is
/// sent back once with what is wrong with it, and after that it is a failure.</summary>
internal sealed class StructuredModel(ChatClients clients, AiEventWriter events)
{
    private const int LongestBrokenAnswer = 8_000;

    /// <param name="validate">What is wrong with an answer that follows the schema, in words for the model and free of personal data; null when nothing is.</param>
    /// <returns>The answer; Invalid when the second one is broken too; otherwise the provider's failure.</returns>
    public async Task<ProviderResult<T>> AskAsync<T>(
        ModelRequest request, JsonTypeInfo<T> type, Func<T, string?>? validate, CancellationToken cancellationToken) where T : class
    {
        var model = await clients.ForAsync(request.Call, cancellationToken);
        if (!model.Succeeded) return model.Failure;

        var messages = new List<ChatMessage>(4) { new(ChatRole.System, request.System), new(ChatRole.User, request.User) };
        var first = await AttemptAsync(model.Value, request, messages, type, validate, cancellationToken);
        if (first.Fault is not { } fault) return first.Result;

        messages.Add(new(ChatRole.Assistant, Cut(first.Text)));
        messages.Add(new(ChatRole.User, $"This answer was refused: {fault}. Answer the task again, with one JSON object that follows the schema and nothing else."));
        var second = await AttemptAsync(model.Value, request, messages, type, validate, cancellationToken);
        return second.Fault is { } still
            ? new ProviderFailure(ProviderFailureKind.Invalid, model.Value.Provider, $"The model's answer for {request.Schema.Name} was refused twice: {still}.")
            : second.Result;
    }

    /// <summary>Writes what the calls so far cost, so that a result never counts before its price.</summary>
    public Task RecordCallsAsync(CancellationToken cancellationToken) => events.FlushAsync(cancellationToken);

    private static async Task<Attempt<T>> AttemptAsync<T>(
        MeteredModel model, ModelRequest request, List<ChatMessage> messages, JsonTypeInfo<T> type, Func<T, string?>? validate,
        CancellationToken cancellationToken) where T : class
    {
        var asked = new ChatOptions { ModelId = request.Model, Temperature = request.Temperature, MaxOutputTokens = request.MaxTokens, ResponseFormat = request.Schema.Format };
        try
        {
            return await model.AskAsync(messages, asked, response =>
            {
                var attempt = Check(response, request.Schema, type, validate);
                return (attempt, attempt.Fault is not null);
            }, cancellationToken);
        }
        catch (ProviderFailureException failed)
        {
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

    private static string Cut(string text) => text.Length <= LongestBrokenAnswer ? text : text[..(LongestBrokenAnswer - (char.IsHighSurrogate(text[LongestBrokenAnswer - 1]) ? 1 : 0))];

    /// <summary>Either a result (which may be a failure of the provider's) or a fault in the answer.</summary>
    private readonly record struct Attempt<T>(ProviderResult<T> Result, string? Fault, string Text);
}
