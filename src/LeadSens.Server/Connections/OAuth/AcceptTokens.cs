using LeadSens.Server.Identity;

namespace LeadSens.Server.Connections.OAuth;

/// <summary>Makes tokens that a provider gave us a connection, where they may what our calls need.</summary>
internal sealed class AcceptTokens(ProviderAddresses addresses, ConnectAccount connect)
{
    /// <summary>What is wrong with them; null when the workspace is connected.</summary>
    public async Task<string?> ExecuteAsync(WorkspaceContext caller, Provider provider, OAuthApp app, OAuthTokens tokens, CancellationToken cancellationToken)
    {
        var isSandbox = app.IsSandbox;
        if (tokens is not { RefreshToken: { Length: > 0 } refresh, AccountId: { } id })
            return $"{provider.Title}'s answer names no account or brings no refresh token. Begin again under Connections.";
        if (app.Needed.Except(tokens.Scopes).ToList() is { Count: > 0 } missing)
        {
            await app.RevokeAsync(isSandbox, refresh, cancellationToken);
            return $"{provider.Title} did not allow {string.Join(", ", missing)}, which LeadSens needs. Begin again and allow all of it.";
        }

        var facts = await app.LookAsync(isSandbox, tokens.AccessToken, cancellationToken);
        await connect.ExecuteAsync(caller.WorkspaceId, new(
            provider.Name, "oauth", isSandbox, addresses.AccountKey(provider.Name, id, tokens.AccessToken, isSandbox), id, facts.Value?.AccountName
            ?? $"{provider.Title} account {id}",
            tokens.Scopes, new(tokens.AccessToken, refresh), tokens.ExpiresIn), caller.Caller, caller.By, cancellationToken);
        return null;
    }
}
