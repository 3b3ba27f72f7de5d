using LeadSens.Server.Connections;
using LeadSens.Server.Data;
using LeadSens.Server.Jobs;
using LeadSens.Server.Secrets;
using Npgsql;

namespace LeadSens.Server.Webhooks;

/// <summary>An event that this node works on.</summary>
internal sealed record TakenWebhook(Guid Id, Guid WorkspaceId, string Provider, string Type, string? ObjectId, byte[]? AddressHash, DateTimeOffset OccurredAt, byte[]? Sealed);

/// <summary>Does what was told, on any node, each once: what an event changes and that it is done are one transaction. One that breaks is tried again for some hours, and then
/// stands there as failed.</summary>
internal sealed class ProcessWebhooks(
    SystemDatabase all, Database database, SecretBox box, ProviderRegistry providers, OutboxSignal outbox, Wakeups wakeups, TimeProvider time,
    ILogger<ProcessWebhooks> log) : BackgroundService
{
    private const int AtOnce = 50, MostAttempts = 10;
    private static readonly TimeSpan Sweep = TimeSpan.FromSeconds(1);

    /// <summary>They are this node's for a minute. What happened first comes first, as far as it is here.</summary>
    private const string TakeSql = """
        update webhook_events e set run_after = clock_now() + interval '1 minute'
        from (select id from webhook_events where state = 'received' and run_after <= clock_now() order by occurred_at, id limit $1 for update skip locked) due
        where e.id = due.id
        returning e.id, e.workspace_id, e.provider, e.event_type, e.object_id, e.address_hash, e.occurred_at, e.sealed_body
        """;

    private const string FailSql = """
        update webhook_events set attempts = attempts + 1, failure = $2, state = case when attempts + 1 >= $3 then 'failed' else state end,
            run_after = clock_now() + make_interval(secs => least(3600, power(2, attempts + 1) * 5))
        where id = $1 and state = 'received'
        """;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var signal = new WakeSignal();
        wakeups.Subscribe(WebhookInbox.Topic, signal.Wake);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                while (await RoundAsync(stoppingToken) == AtOnce) ;
                await signal.WaitAsync(Sweep, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception failure) when (!stoppingToken.IsCancellationRequested)
            {
                log.WebhooksInterrupted(failure);
                await Task.Delay(Sweep, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task<int> RoundAsync(CancellationToken cancellationToken)
    {
        var taken = await all.Sql(TakeSql, AtOnce).ListAsync(row => new TakenWebhook(
            row.GetGuid(0), row.GetGuid(1), row.GetString(2), row.GetString(3), row.Text(4), row.Nullable<byte[]>(5), row.GetFieldValue<DateTimeOffset>(6), row.Nullable<byte[]>(7)), cancellationToken);
        foreach (var one in taken.OrderBy(one => one.OccurredAt)) await ApplyAsync(one, cancellationToken);
        if (taken.Count > 0) outbox.Wake();
        return taken.Count;
    }

    private async Task ApplyAsync(TakenWebhook told, CancellationToken cancellationToken)
    {
        using var scope = DatabaseScope.Work(told.WorkspaceId);
        try
        {
            await using var connection = await database.OpenConnectionAsync(cancellationToken);
            await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
            if (!await connection.Sql("select true from webhook_events where id = $1 and state = 'received' for update", told.Id).FirstAsync(row => true, cancellationToken)) return;
            var body = told.Sealed is null ? [] : box.Open(told.Sealed, SealedColumns.WebhookBodies, told.WorkspaceId.ToString(), told.Provider, told.Id.ToString());
            // Nobody is left who understands what a provider told that was taken out since.
            var effect = providers.Find(told.Provider)?.Part<ProviderWebhook>() is { } webhook
                ? await webhook.ApplyAsync(connection, told, body, cancellationToken) : new(Known: false);
            await connection.Sql("""
                update webhook_events set state = $2, lead_id = $3::uuid, failure = null, sealed_body = case when not $4 then sealed_body end, address_hash = case when not $4 then address_hash end where id = $1
                """, told.Id, effect.Known ? "done" : "ignored", effect.LeadId, effect.Forgets).RunAsync(cancellationToken);
            await transaction.CommitAsync(cancellationToken);
        }
        // A database that is away is away for all; whatever else breaks is this one's and holds up no other.
        catch (Exception failure) when (failure is PostgresException or not (NpgsqlException or OperationCanceledException))
        {
            log.WebhookFailed(failure, told.Id);
            await database.Sql(FailSql, told.Id, failure switch
            {
                PostgresException => "The database refused what it changes.",
                SealBrokenException => "It cannot be read any more: another encryption key.",
                _ => "It cannot be understood.",
            }, MostAttempts).RunAsync(cancellationToken);
        }
    }
}

/// <summary>What an event did.</summary>
/// <param name="Known">False: kept, and nothing else.</param>
/// <param name="Forgets">It is about somebody who was erased, so it is not kept.</param>
internal sealed record WebhookEffect(bool Known, Guid? LeadId = null, bool Forgets = false);
