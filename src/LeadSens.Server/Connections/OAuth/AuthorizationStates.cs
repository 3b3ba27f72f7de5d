using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using LeadSens.Server.Data;
using LeadSens.Server.Identity;
using LeadSens.Server.Secrets;

namespace LeadSens.Server.Connections.OAuth;

/// <summary>An authorization that a person has begun.</summary>
/// <param name="Verifier">Of PKCE: only who began it can exchange the code.</param>
internal sealed record BegunAuthorization(string Verifier, string RedirectUri)
{
    public string Challenge => Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(Verifier)));

    public override string ToString() => "(authorization)";
}

/// <summary>The states of authorizations: 256 random bits, stored hashed, bound to person, workspace and session, good for ten minutes and once.</summary>
internal sealed class AuthorizationStates(Database database, SecretBox box)
{
    private const int Bytes = 32;
    private static readonly TimeSpan Lasts = TimeSpan.FromMinutes(10);

    private const string InsertSql = """
        with gone as (delete from connection_states where expires_at < clock_now() or (session_id = $5 and provider = $3))
        insert into connection_states (state_hash, workspace_id, provider, user_id, session_id, verifier, redirect_uri, created_at, expires_at)
        values ($1, $2, $3, $4, $5, $6, $7, clock_now(), clock_now() + $8)
        """;

    private const string TakeSql = """
        delete from connection_states where state_hash = $1 and provider = $2 and user_id = $3 and session_id = $4 and workspace_id = $5
        returning verifier, redirect_uri, expires_at > clock_now()
        """;

    public async Task<(string State, BegunAuthorization Begun)> BeginAsync(Guid workspaceId, Person person, string provider, string redirectUri, CancellationToken cancellationToken)
    {
        var begun = new BegunAuthorization(Random(), redirectUri);
        var state = Random();
        await database.Sql(InsertSql, Hash(state), workspaceId, provider, person.UserId, person.SessionId, box.Seal(Encoding.ASCII.GetBytes(begun.Verifier), Context(state)), redirectUri, Lasts)
            .RunAsync(cancellationToken);
        return (state, begun);
    }

    /// <summary>Takes the state away; null when it is not this session's, was used, or is too old. Another session's stays untouched.</summary>
    public async Task<BegunAuthorization?> TakeAsync(string state, Guid workspaceId, Person person, string provider, CancellationToken cancellationToken)
    {
        var taken = await database.Sql(TakeSql, Hash(state), provider, person.UserId, person.SessionId, workspaceId)
            .FirstAsync(row => (Verifier: row.GetFieldValue<byte[]>(0), Redirect: row.GetString(1), IsGood: row.GetBoolean(2)), cancellationToken);
        return taken.IsGood ? new(Encoding.ASCII.GetString(box.Open(taken.Verifier, Context(state))), taken.Redirect) : null;
    }

    private static string Context(string state) => SealedColumns.Verifiers.ContextOf(@"\x" + Convert.ToHexStringLower(Hash(state)));

    private static byte[] Hash(string state) => SHA256.HashData(Encoding.UTF8.GetBytes(state));

    private static string Random() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(Bytes));
}
