namespace LeadSens.Server.Connections.OAuth;

/// <summary>The tokens that a provider gave us.</summary>
/// <param name="RefreshToken">Null: the one before stays good.</param>
/// <param name="ExpiresIn">Of the access token.</param>
/// <param name="AccountId">Whose they are; null where the provider does not say it with the tokens.</param>
/// <param name="Scopes">What they may.</param>
internal sealed record OAuthTokens(string AccessToken, string? RefreshToken, TimeSpan ExpiresIn, string? AccountId, IReadOnlyList<string> Scopes)
{
    /// <summary>Nobody gets to see them by printing the record.</summary>
    public override string ToString() => "(tokens)";
}

/// <summary>What a provider says of an access token.</summary>
/// <param name="AccountName">Null where it does not say it.</param>
internal sealed record TokenFacts(bool IsActive, string? AccountName);

/// <summary>A provider's OAuth 2 with a code and PKCE: where a person lets us in, and what becomes of the tokens.</summary>
internal abstract class OAuthApp
{
    /// <summary>Whether this installation has an app at the provider, or a Sandbox that stands in for one.</summary>
    public abstract bool IsOffered { get; }

    /// <summary>Whether what is begun now is begun at the Sandbox.</summary>
    public abstract bool IsSandbox { get; }

    /// <summary>For whoever runs the installation: what to set where the app is missing.</summary>
    public abstract string NotOffered { get; }

    /// <summary>The scopes that our calls need.</summary>
    public abstract IReadOnlyList<string> Needed { get; }

    /// <summary>Where a person lets us in.</summary>
    public abstract string AuthorizeAddress(string state, string challenge, string redirectUri);

    /// <summary>Exchanges a code, which works once. Unauthorized: the code is worth nothing.</summary>
    public abstract Task<ProviderResult<OAuthTokens>> ExchangeAsync(string code, string verifier, string redirectUri, CancellationToken cancellationToken);

    /// <summary>Unauthorized: the refresh token is worth nothing any more, and only a person can connect again.</summary>
    public abstract Task<ProviderResult<OAuthTokens>> RefreshAsync(bool isSandbox, string refreshToken, CancellationToken cancellationToken);

    /// <summary>What the provider says of an access token, where it can be asked.</summary>
    public virtual Task<ProviderResult<TokenFacts>> LookAsync(bool isSandbox, string accessToken, CancellationToken cancellationToken) =>
        Task.FromResult<ProviderResult<TokenFacts>>(new TokenFacts(IsActive: true, null));

    /// <summary>Gives the tokens back, where the provider takes them.</summary>
    public virtual Task<ProviderFailure?> RevokeAsync(bool isSandbox, string refreshToken, CancellationToken cancellationToken) =>
        Task.FromResult<ProviderFailure?>(null);
}
