using System.Collections.Concurrent;
using System.Security.Cryptography;
using LeadSens.Sandbox.Http;

namespace LeadSens.Sandbox.Control;

/// <summary>How the vendors treat keys and tokens.</summary>
/// <param name="Rotating">A refresh gives a new refresh token and ends the old one.</param>
/// <param name="ExpiresIn">Seconds that an access token lasts.</param>
/// <param name="Consent"><c>page</c>: a person decides; <c>allow</c> and <c>deny</c>: decided at once.</param>
/// <param name="Hub">The account that is connected.</param>
/// <param name="Scopes">What is granted at most; null: what is asked for.</param>
/// <param name="Revoked">Keys and tokens that are refused.</param>
internal sealed record CredentialRules(
    bool Rotating = false, int ExpiresIn = 1800, string Consent = "page", long Hub = 24_387_601, string[]? Scopes = null, string[]? Revoked = null);

/// <summary>Who is let in. A key that begins with <c>sandbox-invalid</c> is refused, one with <c>sandbox-narrow</c> lacks a scope; any other
/// key is good until it is revoked. OAuth tokens are those that were given out here.</summary>
internal sealed class Credentials(TimeProvider clock)
{
    private readonly ConcurrentDictionary<string, Grant> grants = new(StringComparer.Ordinal);
    private volatile CredentialRules rules = new();
    private long revokedUpTo;
    private long granted;

    public CredentialRules Rules => rules;

    public void Set(CredentialRules wanted) => rules = wanted;

    /// <summary>Every grant so far is withdrawn, as when a person removes the app.</summary>
    public void RevokeGrants() => Interlocked.Exchange(ref revokedUpTo, Interlocked.Read(ref granted));

    public Grant Add(string clientId, IReadOnlyList<string> scopes)
    {
        var grant = new Grant(Interlocked.Increment(ref granted), RandomNumberGenerator.GetHexString(32, lowercase: true), clientId, rules.Hub, scopes);
        return grants[grant.Id] = grant;
    }

    public void Revoke(Grant grant) => grant.IsRevoked = true;

    /// <summary>Tokens name their grant: <c>sbxa.&lt;grant&gt;.&lt;expiry&gt;.&lt;random&gt;</c>, <c>sbxr.&lt;grant&gt;.&lt;generation&gt;.&lt;random&gt;</c>.</summary>
    public string Access(Grant grant) => $"sbxa.{grant.Id}.{clock.GetUtcNow().AddSeconds(rules.ExpiresIn).ToUnixTimeMilliseconds()}.{RandomNumberGenerator.GetHexString(32, lowercase: true)}";

    public static string Refresh(Grant grant) => $"sbxr.{grant.Id}.{grant.Generation}.{grant.RefreshSecret}";

    /// <summary>The grant of a token that is still good; null otherwise.</summary>
    public Grant? GrantOf(string token)
    {
        var parts = token.Split('.');
        if (parts.Length != 4 || !grants.TryGetValue(parts[1], out var grant) || IsWithdrawn(grant) || rules.Revoked?.Contains(token) == true) return null;
        return parts[0] switch
        {
            "sbxa" => long.TryParse(parts[2], out var until) && until > clock.GetUtcNow().ToUnixTimeMilliseconds() ? grant : null,
            "sbxr" => token == Refresh(grant) ? grant : null,
            _ => null,
        };
    }

    /// <summary>The status that refuses a call for its credential; null lets it through.</summary>
    public int? Refuse(Call call)
    {
        if (!call.HasBearer) return null;
        var token = call.Authorization!["Bearer ".Length..];
        if (token.StartsWith("sandbox-invalid", StringComparison.Ordinal) || rules.Revoked?.Contains(token) == true) return 401;
        if (token.StartsWith("sandbox-narrow", StringComparison.Ordinal) && NeedsMore(call)) return 403;
        if (!token.StartsWith("sbx", StringComparison.Ordinal)) return null;
        if (GrantOf(token) is not { } grant) return 401;
        return call.Vendor == "hubspot" && !grant.Scopes.Contains(HubSpotScope(call)) ? 403 : null;
    }

    private bool IsWithdrawn(Grant grant) => grant.IsRevoked || grant.Number <= Interlocked.Read(ref revokedUpTo);

    private static bool NeedsMore(Call call) => call.Path.Contains("/campaigns", StringComparison.Ordinal) || HubSpotScope(call) == "crm.objects.contacts.write";

    private static string HubSpotScope(Call call) =>
        call.Vendor == "hubspot" && call.Method != "GET" && !call.Path.EndsWith("/batch/read", StringComparison.Ordinal) && !call.Path.EndsWith("/search", StringComparison.Ordinal)
            ? "crm.objects.contacts.write" : "crm.objects.contacts.read";
}

/// <summary>What a person allowed an app.</summary>
internal sealed class Grant(long number, string id, string clientId, long hub, IReadOnlyList<string> scopes)
{
    private readonly Lock gate = new();

    public long Number => number;
    public string Id => id;
    public string ClientId => clientId;
    public long Hub => hub;
    public IReadOnlyList<string> Scopes => scopes;
    public bool IsRevoked { get; set; }
    public int Generation { get; private set; } = 1;
    public string RefreshSecret { get; private set; } = RandomNumberGenerator.GetHexString(32, lowercase: true);

    /// <summary>Takes a refresh token, and ends it where tokens rotate; false when it was ended meanwhile.</summary>
    public bool Take(string refresh, bool rotates)
    {
        lock (gate)
        {
            if (refresh != Credentials.Refresh(this)) return false;
            if (rotates) (Generation, RefreshSecret) = (Generation + 1, RandomNumberGenerator.GetHexString(32, lowercase: true));
            return true;
        }
    }
}
