using System.Security.Cryptography;
using System.Text;
using LeadSens.Server.Data;
using LeadSens.Server.Secrets;
using Npgsql;

namespace LeadSens.Server.Webhooks;

/// <summary>Where a provider calls for one workspace.</summary>
/// <param name="Secrets">The one of today and, for a day after a rotation, the one before.</param>
internal sealed record WebhookEndpoint(Guid WorkspaceId, string Provider, IReadOnlyList<string> Secrets);

/// <summary>The workspaces' endpoints; their secrets under seal.</summary>
internal sealed class WebhookEndpoints(Database database, SecretBox box)
{
    /// <summary>Long enough to tell the provider the new one.</summary>
    private static readonly TimeSpan Overlap = TimeSpan.FromDays(1);

    /// <summary>The envelope of the previous secret is bound to its own column, so it is sealed again for there.</summary>
    private const string WriteSql = """
        insert into webhook_endpoints as e (id, workspace_id, provider, sealed_secret, created_at, rotated_at) values ($1, $2, $3, $4, clock_now(), clock_now())
        on conflict (workspace_id, provider) do update set sealed_secret = excluded.sealed_secret, sealed_previous = $5::bytea, previous_until = clock_now() + $6, rotated_at = clock_now()
        returning id
        """;

    public async Task<WebhookEndpoint?> FindAsync(string provider, Guid id, CancellationToken cancellationToken) => await database.Sql("""
        select workspace_id, sealed_secret, case when previous_until > clock_now() then sealed_previous end from webhook_endpoints where provider = $1 and id = $2
        """, provider, id).FirstAsync(row => new WebhookEndpoint(row.GetGuid(0), provider, Open(row.GetGuid(0), provider, row.GetFieldValue<byte[]>(1), row.Nullable<byte[]>(2))), cancellationToken);

    /// <summary>Makes the endpoint, or gives the one that is there another secret. In the caller's transaction.</summary>
    public async Task<Guid> WriteAsync(NpgsqlConnection connection, Guid workspaceId, string provider, string secret, CancellationToken cancellationToken)
    {
        var before = await connection.Sql("select sealed_secret from webhook_endpoints where workspace_id = $1 and provider = $2 for update", workspaceId, provider)
            .FirstAsync(row => row.GetFieldValue<byte[]>(0), cancellationToken);
        var previous = before is null ? null : box.Seal(box.Open(before, Secret(workspaceId, provider)), Previous(workspaceId, provider));
        // No version: every bit is random, and nothing of the time is in it.
        return await connection.Sql(WriteSql, new Guid(RandomNumberGenerator.GetBytes(16)), workspaceId, provider, box.Seal(Encoding.UTF8.GetBytes(secret), Secret(workspaceId, provider)), previous, Overlap)
            .FirstAsync(row => row.GetGuid(0), cancellationToken);
    }

    private List<string> Open(Guid workspaceId, string provider, byte[] secret, byte[]? previous)
    {
        var secrets = new List<string> { Encoding.UTF8.GetString(box.Open(secret, Secret(workspaceId, provider))) };
        if (previous is not null) secrets.Add(Encoding.UTF8.GetString(box.Open(previous, Previous(workspaceId, provider))));
        return secrets;
    }

    private static string Secret(Guid workspaceId, string provider) => SealedColumns.WebhookSecrets.ContextOf(workspaceId.ToString(), provider);

    private static string Previous(Guid workspaceId, string provider) => SealedColumns.WebhookPreviousSecrets.ContextOf(workspaceId.ToString(), provider);
}
