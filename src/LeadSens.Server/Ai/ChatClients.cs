using LeadSens.Server.Connections;
using LeadSens.Server.Connections.Providers.Mistral;
using Microsoft.Extensions.Options;

namespace LeadSens.Server.Ai;

/// <summary>The language models of workspaces, each metered. Its clients throw <see cref="ProviderFailureException"/>.</summary>
internal sealed class ChatClients(ConnectionSource connections, MistralHttp mistral, ModelMeter meter, IOptions<AiOptions> options)
{
    public async ValueTask<ProviderResult<MeteredModel>> ForAsync(ModelCall call, CancellationToken cancellationToken)
    {
        var account = await connections.ForAsync(call.WorkspaceId, ProviderNames.Mistral, cancellationToken);
        return account.Succeeded
            ? new MeteredModel(new MistralChatClient(mistral, account.Value), meter, options.Value.For(call.Purpose), call, account.Value.Provider)
            : account.Failure;
    }
}
