using LeadSens.Server.Data;
using LeadSens.Server.Secrets;
using LeadSens.Server.Suppressions;

namespace LeadSens.Server.Webhooks;

/// <summary>Keeps what came, with one statement; who told it has an answer before anything is done with it. What came before is not kept again.</summary>
internal sealed class WebhookInbox(Database database, SecretBox box, SuppressionKeys salts, Wakeups wakeups)
{
    public const string Topic = "webhooks";

    private const string KeepSql = """
        insert into webhook_events (id, workspace_id, provider, dedupe_key, event_type, object_id, address_hash, occurred_at, received_at, sealed_body, state, run_after)
        select e.id, $1, $2, e.dedupe_key, e.event_type, e.object_id, e.address_hash, e.occurred_at, clock_now(), e.sealed_body, 'received', clock_now()
        from unnest($3::uuid[], $4::text[], $5::text[], $6::text[], $7::bytea[], $8::timestamptz[], $9::bytea[]) e (id, dedupe_key, event_type, object_id, address_hash, occurred_at, sealed_body)
        on conflict (workspace_id, provider, dedupe_key) do nothing
        """;

    /// <summary>How many were new.</summary>
    public async Task<int> KeepAsync(Guid workspaceId, string provider, IReadOnlyCollection<IncomingEvent> told, CancellationToken cancellationToken)
    {
        if (told.Count == 0) return 0;
        var salt = await salts.OfAsync(workspaceId, cancellationToken);
        var rows = told.Select(one => (Id: Guid.CreateVersion7(), Event: one)).ToList();
        var kept = await database.Sql(KeepSql, workspaceId, provider, rows.Select(row => row.Id).ToArray(), rows.Select(row => row.Event.DedupeKey).ToArray(), rows.Select(row => row.Event.Type).ToArray(),
            rows.Select(row => row.Event.ObjectId).ToArray(), rows.Select(row => row.Event.Address is { } address ? salt.HashOf(address) : null).ToArray(),
            rows.Select(row => row.Event.OccurredAt).ToArray(), rows.Select(row => box.Seal(row.Event.Body, SealedColumns.WebhookBodies, workspaceId.ToString(), provider, row.Id.ToString())).ToArray()).RunAsync(cancellationToken);
        if (kept > 0) wakeups.Publish(Topic);
        return kept;
    }
}
