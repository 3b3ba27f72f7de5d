using System.Collections.Concurrent;
using LeadSens.Server.Connections;
using LeadSens.Server.Connections.Providers.Mistral;
using Microsoft.Extensions.AI;

namespace LeadSens.Server.Ai;

/// <summary>The language model of a workspace. Its clients throw <see cref="ProviderFailureException"/>.</summary>
internal sealed class ChatClients(ConnectionSource connections, MistralHttp mistral)
{
    private readonly ConcurrentDictionary<ProviderAccount, IChatClient> clients = new();

    public async ValueTask<ProviderResult<WorkspaceModel>> ForAsync(Guid workspaceId, CancellationToken cancellationToken)
    {
        var account = await connections.ForAsync(workspaceId, ProviderNames.Mistral, cancellationToken);
        return account.Succeeded
            ? new WorkspaceModel(account.Value, clients.GetOrAdd(account.Value, static (of, http) => new MistralChatClient(http, of), mistral))
            : account.Failure;
    }
}

/// <summary>A client and the account that it calls, whose limits hold.</summary>
internal sealed record WorkspaceModel(ProviderAccount Account, IChatClient Client);
