using LeadSens.Server.Connections.Providers.HubSpot;
using LeadSens.Server.Identity;

namespace LeadSens.Server.Connections.OAuth;

/// <summary>Makes tokens that HubSpot gave us a connection, where they may what our calls need.</summary>
internal sealed class AcceptTokens(HubSpotOAuth oauth, ProviderAddresses addresses, ConnectAccount connect)
{
    /// <summary>What is wrong with them; null when the workspace is connected.</summary>
    public async Task<string?> ExecuteAsync(WorkspaceContext caller, HubSpotTokens tokens, CancellationToken cancellationToken)
    {
        var isSandbox = oauth.IsSandbox;
        if (tokens is not { RefreshToken: { Length: > 0 } refresh, HubId: { } hub }) return "HubSpot's answer names no account or brings no refresh token. Begin again under Connections.";
        var scopes = tokens.Scopes ?? HubSpotOAuth.Scopes;
        if (HubSpotCheck.Needed.Except(scopes).ToList() is { Count: > 0 } missing)
        {
            await oauth.RevokeAsync(isSandbox, refresh, cancellationToken);
            return $"HubSpot did not allow {string.Join(", ", missing)}, which LeadSens needs. Begin again and allow all of it.";
        }

        var facts = await oauth.IntrospectAsync(isSandbox, tokens.AccessToken, cancellationToken);
        var id = hub.ToString();
        await connect.ExecuteAsync(caller.WorkspaceId, new(
            ProviderNames.HubSpot, "oauth", isSandbox, addresses.AccountKey(ProviderNames.HubSpot, id, tokens.AccessToken, isSandbox), id, facts.Value?.HubDomain ?? $"HubSpot account {id}",
            scopes, new(tokens.AccessToken, refresh), TimeSpan.FromSeconds(tokens.ExpiresIn)), caller.Caller, caller.By, cancellationToken);
        return null;
    }
}
