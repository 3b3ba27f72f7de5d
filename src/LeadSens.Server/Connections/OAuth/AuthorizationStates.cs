using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using LeadSens.Server.Data;
using LeadSens.Server.Identity;
using LeadSens.Server.Operations;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Options;

namespace LeadSens.Server.Connections.OAuth;

/// <summary>An authorization that a person has begun.</summary>
/// <param name="State">256 random bits that come back with the answer.</param>
/// <param name="Verifier">Of PKCE: only who began it can exchange the code.</param>
internal sealed record BegunAuthorization(string State, string Verifier, string RedirectUri, DateTimeOffset Until)
{
    public string Challenge() => Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(Verifier)));

    public override string ToString() => "(authorization)";
}

/// <summary>Authorizations under way: each in a sealed cookie of the browser that began it, bound to provider, person, workspace and session, good for ten minutes. Beginning writes
/// nothing here; an answer is noted, so that it is taken once.</summary>
internal sealed class AuthorizationStates(Database database, IDataProtectionProvider protection, IOptions<LeadSensOptions> settings)
{
    private const string Cookie = "leadsens.connecting";
    private const int Bytes = 32;
    private static readonly TimeSpan Lasts = TimeSpan.FromMinutes(10);

    private const string AnswerSql = """
        with gone as (delete from connection_states where expires_at < clock_now())
        insert into connection_states (state_hash, workspace_id, created_at, expires_at) select $1, $2, clock_now(), $3 where $3 > clock_now() on conflict do nothing
        """;

    public async Task<BegunAuthorization> BeginAsync(HttpContext context, Guid workspaceId, Person person, string provider, string redirectUri, CancellationToken cancellationToken)
    {
        var until = await database.Sql("select clock_now() + $1", Lasts).FirstAsync(row => row.GetFieldValue<DateTimeOffset>(0), cancellationToken);
        var begun = new BegunAuthorization(Random(), Random(), redirectUri, until);
        var cookie = CookieOf();
        context.Response.Cookies.Append(cookie.Name!, SealerOf(workspaceId, person, provider).Protect(JsonSerializer.Serialize(begun)), cookie.Build(context));
        return begun;
    }

    /// <summary>What this browser's session began; null when it is not its, was answered, or is too old.</summary>
    public async Task<BegunAuthorization?> TakeAsync(HttpContext context, string state, Guid workspaceId, Person person, string provider, CancellationToken cancellationToken)
    {
        var cookie = CookieOf();
        if (Open(context.Request.Cookies[cookie.Name!], SealerOf(workspaceId, person, provider)) is not { } begun
            || !CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(begun.State), Encoding.UTF8.GetBytes(state))) return null;
        context.Response.Cookies.Delete(cookie.Name!, cookie.Build(context));
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(state));
        return await database.Sql(AnswerSql, hash, workspaceId, begun.Until).RunAsync(cancellationToken) == 1 ? begun : null;
    }

    private static BegunAuthorization? Open(string? cookie, IDataProtector sealer)
    {
        try
        {
            return cookie is null ? null : JsonSerializer.Deserialize<BegunAuthorization>(sealer.Unprotect(cookie));
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    private IDataProtector SealerOf(Guid workspaceId, Person person, string provider) =>
        protection.CreateProtector("LeadSens.Connecting", provider, workspaceId.ToString(), person.UserId.ToString(), person.SessionId.ToString());

    /// <summary>It comes back with the navigation from the provider's site.</summary>
    private CookieBuilder CookieOf()
    {
        var cookie = new CookieBuilder { SameSite = SameSiteMode.Lax, MaxAge = Lasts };
        BrowserCookies.Configure(cookie, Cookie, settings.Value);
        return cookie;
    }

    private static string Random() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(Bytes));
}
