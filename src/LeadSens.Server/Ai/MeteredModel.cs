using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace LeadSens.Server.Ai;

/// <summary>The one way to a language model: what is left open it fills in by the purpose, what an answer may cost it sets aside before it asks,
/// and what it did cost it records, whole answers and streamed ones alike. The account's limits are asked below it, where every call to a provider is.</summary>
internal sealed class MeteredModel(IChatClient model, ModelMeter meter, PurposeOptions purpose, ModelCall call, string provider)
    : DelegatingChatClient(model)
{
    /// <summary>In tokens, for callers who do not say: without a bound nothing could be set aside.</summary>
    private const int LongestAnswer = 4_096;

    public string Provider => provider;

    /// <exception cref="ProviderFailureException">The provider gave no answer, or the budget does not cover one: then it was not asked.</exception>
    public override Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        AskAsync(messages, options, response => (response, IsBroken: false), cancellationToken);

    /// <summary>Reads the answer before the call is recorded: whether it is what was asked for belongs to the record.</summary>
    /// <exception cref="ProviderFailureException">The provider gave no answer, or the budget does not cover one: then it was not asked.</exception>
    public async Task<T> AskAsync<T>(
        IEnumerable<ChatMessage> messages, ChatOptions? options, Func<ChatResponse, (T Read, bool IsBroken)> read, CancellationToken cancellationToken)
    {
        var (sent, complete) = (messages.ToArray(), Complete(options));
        var metered = await meter.BeginAsync(call, provider, sent, complete, cancellationToken);
        ChatResponse response;
        try
        {
            response = await base.GetResponseAsync(sent, complete, cancellationToken);
        }
        catch (ProviderFailureException failed)
        {
            metered.Failed(failed.Failure);
            throw;
        }

        var outcome = AiEvent.Broken;
        try
        {
            var (value, isBroken) = read(response);
            if (!isBroken) outcome = AiEvent.Ok;
            return value;
        }
        finally
        {
            metered.Answered(response.Usage, response.ModelId, outcome);
        }
    }

    /// <summary>An answer that broke off, or that its caller did not read to the end, is paid for like a whole one.</summary>
    /// <exception cref="ProviderFailureException">The provider gave no answer or broke off within it, or the budget does not cover one: then it
    /// was not asked.</exception>
    public override async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var (sent, complete) = (messages.ToArray(), Complete(options));
        var metered = await meter.BeginAsync(call, provider, sent, complete, cancellationToken);
        var streamed = new StreamedCall(metered);
        await using var updates = base.GetStreamingResponseAsync(sent, complete, cancellationToken).GetAsyncEnumerator(cancellationToken);
        try
        {
            while (await streamed.NextAsync(updates)) yield return updates.Current;
        }
        finally
        {
            streamed.End();
        }
    }

    private ChatOptions Complete(ChatOptions? options)
    {
        var complete = options?.Clone() ?? new();
        complete.ModelId ??= purpose.Model;
        complete.Temperature ??= purpose.Temperature;
        complete.MaxOutputTokens ??= LongestAnswer;
        return complete;
    }
}
