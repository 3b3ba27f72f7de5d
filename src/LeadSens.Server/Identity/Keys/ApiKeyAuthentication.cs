using System.Text.Encodings.Web;
using LeadSens.Server.Api;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace LeadSens.Server.Identity;

/// <summary>Authenticates scripts by the header <c>X-Api-Key</c>, and Elsa Studio by <c>Authorization: ApiKey …</c>.</summary>
internal sealed class ApiKeyAuthentication(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder, ApiKeys keys)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    public const string SchemeName = "ApiKey";
    public const string Header = "X-Api-Key";

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var key = Key();
        if (key.Length == 0) return AuthenticateResult.NoResult();
        return await keys.FindAsync(key, Context.RequestAborted) is { } owner
            ? AuthenticateResult.Success(new(CallerClaims.Of(owner, Scheme.Name), Scheme.Name))
            : AuthenticateResult.Fail("unknown key");
    }

    private string Key()
    {
        var own = Request.Headers[Header].ToString();
        if (own.Length > 0) return own;
        var standard = Request.Headers.Authorization.ToString();
        return standard.StartsWith(Scheme.Name + " ", StringComparison.OrdinalIgnoreCase) ? standard[(Scheme.Name.Length + 1)..].Trim() : "";
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties) =>
        Problems.Of(StatusCodes.Status401Unauthorized, "unauthorized", "A valid API key or access token is needed.", $"Send a key in the header {Header}, or sign in at /api/auth/login.")
            .ExecuteAsync(Context);
}
