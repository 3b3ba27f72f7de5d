using System.Text.Json;
using System.Text.Json.Serialization;
using LeadSens.Server.Connections.OAuth;
using LeadSens.Server.Jobs;
using Microsoft.Extensions.Options;

namespace LeadSens.Server.Connections.Providers.HubSpot;

/// <summary>HubSpot's OAuth 2, by the dated version: everything secret travels in the body.</summary>
internal sealed class HubSpotOAuth(IOptions<HubSpotOptions> options, ProviderAddresses addresses, TimeProvider clock, Limits limits) : OAuthApp, IDisposable
{
    /// <summary>What we ask for; <c>oauth</c> is the vendor's own condition.</summary>
    public static readonly IReadOnlyList<string> Scopes = ["oauth", .. HubSpotCheck.Needed];

    private const string TokenPath = "/oauth/2026-03/token";
    private const string SandboxClient = "sandbox-app";

    private readonly ProviderHttp http = new(new HubSpotOAuthFailures(clock), options.Value.Timeout, clock, limits);

    /// <summary>Without an app of its own an installation connects to the Sandbox, where there is one.</summary>
    public override bool IsSandbox => !HasApp && addresses.HasSandbox;

    public override bool IsOffered => HasApp || addresses.HasSandbox;

    public override string NotOffered =>
        "This installation has no HubSpot app: set HubSpot__ClientId and HubSpot__ClientSecret, or connect a private app by its key.";

    public override IReadOnlyList<string> Needed => HubSpotCheck.Needed;

    private bool HasApp => !string.IsNullOrWhiteSpace(options.Value.ClientId);

    public override string AuthorizeAddress(string state, string challenge, string redirectUri) =>
        $"{(IsSandbox ? addresses.Of(HubSpotOptions.Name, isSandbox: true) + "/oauth/authorize" : options.Value.AuthorizeUrl)}?client_id={Uri.EscapeDataString(Client(IsSandbox).Id)}"
        + $"&redirect_uri={Uri.EscapeDataString(redirectUri)}&scope={Uri.EscapeDataString(string.Join(' ', Scopes))}&state={Uri.EscapeDataString(state)}"
        + $"&code_challenge={Uri.EscapeDataString(challenge)}&code_challenge_method=S256";

    public override Task<ProviderResult<OAuthTokens>> ExchangeAsync(string code, string verifier, string redirectUri, CancellationToken cancellationToken) =>
        TokensAsync(IsSandbox, cancellationToken,
            ("grant_type", "authorization_code"), ("code", code), ("redirect_uri", redirectUri), ("code_verifier", verifier));

    public override Task<ProviderResult<OAuthTokens>> RefreshAsync(bool isSandbox, string refreshToken, CancellationToken cancellationToken) =>
        TokensAsync(isSandbox, cancellationToken, ("grant_type", "refresh_token"), ("refresh_token", refreshToken));

    public override async Task<ProviderResult<TokenFacts>> LookAsync(bool isSandbox, string accessToken, CancellationToken cancellationToken)
    {
        var facts = await PostAsync(
            isSandbox, TokenPath + "/introspect", HubSpotOAuthJson.Default.HubSpotTokenFacts, cancellationToken, ("token", accessToken),
            ("token_type_hint", "access_token"));
        return facts.Succeeded ? new TokenFacts(facts.Value.Active is not false, facts.Value.HubDomain) : facts.Failure;
    }

    public override async Task<ProviderFailure?> RevokeAsync(bool isSandbox, string refreshToken, CancellationToken cancellationToken)
    {
        if (Request(isSandbox, TokenPath + "/revoke", ("token", refreshToken), ("token_type_hint", "refresh_token")) is not { } request) return Gone();
        return (await http.SendAsync(request, static _ => true, cancellationToken)).Failure;
    }

    public void Dispose() => http.Dispose();

    /// <summary>HubSpot names the scopes where they differ from what was asked for.</summary>
    private async Task<ProviderResult<OAuthTokens>> TokensAsync(
        bool isSandbox, CancellationToken cancellationToken, params (string Name, string Value)[] fields)
    {
        var tokens = await PostAsync(isSandbox, TokenPath, HubSpotOAuthJson.Default.HubSpotTokens, cancellationToken, fields);
        if (!tokens.Succeeded) return tokens.Failure;
        var told = tokens.Value;
        return new OAuthTokens(told.AccessToken, told.RefreshToken, TimeSpan.FromSeconds(told.ExpiresIn), told.HubId?.ToString(), told.Scopes ?? Scopes);
    }

    private async Task<ProviderResult<T>> PostAsync<T>(
        bool isSandbox, string path, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type, CancellationToken cancellationToken, params (string Name, string Value)[] fields) where T : class =>
        Request(isSandbox, path, fields) is { } request ? await http.SendAsync(request, type.Read, cancellationToken) : Gone();

    private ProviderRequest? Request(bool isSandbox, string path, params (string Name, string Value)[] fields)
    {
        if (addresses.Of(HubSpotOptions.Name, isSandbox) is not { } address || (!isSandbox && !HasApp)) return null;
        var (id, secret) = Client(isSandbox);
        var account = new ProviderAccount(HubSpotOptions.Name, "hubspot:oauth", address, "", isSandbox);
        return new(HttpMethod.Post, account, path, CallEffect.RepeatableWrite) { Body = ProviderRequest.Form([.. fields, ("client_id", id), ("client_secret", secret)]), IsForm = true };
    }

    private (string Id, string Secret) Client(bool isSandbox) => isSandbox ? (SandboxClient, SandboxClient + "-secret") : (options.Value.ClientId!, options.Value.ClientSecret!);

    private static ProviderFailure Gone() =>
        new(ProviderFailureKind.Invalid, HubSpotOptions.Name, "The HubSpot app that this connection was made with is not configured any more.");
}

/// <summary>RFC 6749's errors, with HubSpot's own status beside them.</summary>
internal sealed class HubSpotOAuthFailures(TimeProvider clock) : FailureReader(HubSpotOptions.Name, clock)
{
    protected override ProviderError ReadError(JsonElement body) =>
        new(body.Text("error") is null ? null : 400, body.Text("error"), body.Text("error_description") ?? body.Text("message"));

    /// <summary>Only a refused grant says something about the connection; a refused client is a fault of the installation.</summary>
    protected override ProviderFailureKind? KindOf(int status, ProviderError error) => (status, error.Code) switch
    {
        (_, "invalid_grant") => ProviderFailureKind.Unauthorized,
        (>= 400 and < 500, "invalid_client" or "unauthorized_client") => ProviderFailureKind.Invalid,
        _ => null,
    };
}

/// <param name="ExpiresIn">Seconds.</param>
internal sealed record HubSpotTokens([property: JsonRequired] string AccessToken, string? RefreshToken, [property: JsonRequired] int ExpiresIn, long? HubId, IReadOnlyList<string>? Scopes)
{
    /// <summary>Nobody gets to see them by printing the record.</summary>
    public override string ToString() => "(tokens)";
}

/// <param name="Active">Absent in answers that describe a good token.</param>
internal sealed record HubSpotTokenFacts(bool? Active, string? HubDomain);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, RespectNullableAnnotations = true)]
[JsonSerializable(typeof(HubSpotTokens))]
[JsonSerializable(typeof(HubSpotTokenFacts))]
internal sealed partial class HubSpotOAuthJson : JsonSerializerContext;
