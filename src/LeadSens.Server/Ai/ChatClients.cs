using LeadSens.Server.Connections;
using LeadSens.Server.Connections.Providers.Mistral;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Options;

namespace LeadSens.Server.Ai;

/// <summary>The language model of a workspace. Its clients throw <see cref="ProviderFailureException"/>.</summary>
internal sealed class ChatClients(ConnectionSource connections, MistralHttp mistral, IOptions<AiOptions> options)
{
    public async ValueTask<ProviderResult<WorkspaceModel>> ForAsync(Guid workspaceId, string purpose, CancellationToken cancellationToken)
    {
        var account = await connections.ForAsync(workspaceId, ProviderNames.Mistral, cancellationToken);
        return account.Succeeded
            ? new WorkspaceModel(account.Value, options.Value.For(purpose), new MistralChatClient(mistral, account.Value))
            : account.Failure;
    }
}

/// <summary>A client, the account that it calls, whose limits hold, and how the purpose asks.</summary>
internal sealed record WorkspaceModel(ProviderAccount Account, PurposeOptions Purpose, IChatClient Client);
