using System.Runtime.CompilerServices;
using LeadSens.Server.Ai;
using Microsoft.Extensions.AI;

namespace LeadSens.Server.Connections.Providers.Mistral;

/// <summary>A language model behind Mistral's chat API, which Ollama and vLLM speak as well. Written by hand because Mistral refuses
/// request fields that it does not know.</summary>
internal sealed class MistralChatClient(MistralHttp mistral, ProviderAccount account) : IChatClient
{
    private readonly Uri completions = new(account.BaseUrl + "/v1/chat/completions");
    private readonly ChatClientMetadata metadata = new(MistralOptions.Name, new Uri(account.BaseUrl));

    /// <exception cref="ProviderFailureException">The provider gave no answer.</exception>
    public async Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        var answer = await mistral.Http.SendAsync(Request(messages, options, stream: false), ChatAnswer.Read, cancellationToken);
        return answer.Succeeded ? answer.Value : throw new ProviderFailureException(answer.Failure);
    }

    /// <exception cref="ProviderFailureException">The provider gave no answer, or broke off within it.</exception>
    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var request = Request(messages, options, stream: true);
        var answer = await mistral.Http.StreamAsync(request, cancellationToken);
        if (!answer.Succeeded) throw new ProviderFailureException(answer.Failure);
        await using var stream = new ChatStream(mistral, request, answer.Value, cancellationToken);
        while (await stream.NextAsync() is { } update) yield return update;
    }

    public object? GetService(Type serviceType, object? serviceKey = null) =>
        serviceKey is not null ? null
        : serviceType == typeof(ChatClientMetadata) ? metadata
        : serviceType.IsInstanceOfType(this) ? this
        : null;

    /// <summary>The connections belong to <see cref="MistralHttp"/>.</summary>
    public void Dispose() { }

    private ProviderRequest Request(IEnumerable<ChatMessage> messages, ChatOptions? options, bool stream) =>
        new(HttpMethod.Post, account, completions, CallEffect.Read) { Body = ChatRequest.Write(messages, options, stream) };
}
