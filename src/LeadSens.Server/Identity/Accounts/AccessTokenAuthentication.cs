using System.Text.Encodings.Web;
using LeadSens.Server.Api;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace LeadSens.Server.Identity;

/// <summary>Authenticates programs by <c>Authorization: Bearer …</c>. The token is opaque: it says nothing, so nothing in it can be forged.</summary>
internal sealed class AccessTokenAuthentication(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder, Sessions sessions)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    public const string SchemeName = "Bearer";

    public static bool IsCarriedBy(HttpRequest request) => request.Headers.Authorization.ToString().StartsWith(SchemeName + " ", StringComparison.OrdinalIgnoreCase);

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (!IsCarriedBy(Request)) return AuthenticateResult.NoResult();
        var token = Request.Headers.Authorization.ToString()[(SchemeName.Length + 1)..].Trim();
        return await sessions.FindAsync(token, Context.RequestAborted) is { } session
            ? AuthenticateResult.Success(new(CallerClaims.Of(session, Scheme.Name), Scheme.Name))
            : AuthenticateResult.Fail("unknown or expired token");
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        Response.Headers.WWWAuthenticate = "Bearer error=\"invalid_token\"";
        return Problems.Of(StatusCodes.Status401Unauthorized, "unauthorized", "This access token opens nothing (any more).", "Get a new one at /api/auth/refresh, or sign in again.").ExecuteAsync(Context);
    }
}
