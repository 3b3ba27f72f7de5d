using LeadSens.Engine;
using LeadSens.Server.Data;
using Npgsql;

namespace LeadSens.Server.Workflows;

/// <summary>Cancels the runs that a cancelled run had started, and theirs: noted in the transaction that cancels, so that none is forgotten.</summary>
internal sealed class Orphans(WorkflowService workflows, WorkflowFailures failures, WorkflowSignal signal, Wakeups wakeups, SystemDatabase database) : BackgroundService
{
    private const int Portion = 100;

    private const string NoteSql = """
        insert into workflow_orphans (instance_id, parent_id) select id, $1 from workflow_instances where parent_id = $1 and status = 'Running'
        on conflict do nothing
        """;

    private readonly Wakeup _woken = new();

    /// <summary>For the transaction that ends a run; null unless it was cancelled.</summary>
    public static CommitWrite? Note(EndedInstance run, WorkflowSignal signal) => run.SubStatus != WorkflowSubStatus.Cancelled ? null : new SqlWrite(
        async (connection, cancellationToken) =>
        {
            await using var command = new NpgsqlCommand(NoteSql, connection);
            await command.Add(run.InstanceId).ExecuteNonQueryAsync(cancellationToken);
        },
        signal.Wake);

    public override void Dispose()
    {
        _woken.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        wakeups.Subscribe(WorkflowSignal.Topic, _woken.Release);
        await Task.Yield();
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                while (await CancelAsync(stoppingToken))
                    signal.Wake();
                await _woken.WaitAsync(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                break;
            }
            catch (Exception error)
            {
                await failures.ClaimBrokeAsync(error, stoppingToken);
            }
        }
    }

    /// <summary>False when there was nothing that could be done. One that cannot be cancelled now stays noted, and holds up no other.</summary>
    private async Task<bool> CancelAsync(CancellationToken cancellationToken)
    {
        var orphans = await database.ListAsync(
            """
            select o.instance_id, o.parent_id, i.workspace_id from (select * from workflow_orphans order by random() limit $1) o left join workflow_instances i on i.id = o.instance_id
            """, row => (Id: row.GetGuid(0), Parent: row.GetGuid(1), Workspace: row.Maybe<Guid>(2) ?? Guid.Empty), cancellationToken, Portion);
        var cancelled = 0;
        foreach (var orphan in orphans)
        {
            using var scope = DatabaseScope.Work(orphan.Workspace);
            try
            {
                if (await workflows.CancelAsync(orphan.Id, $"{orphan.Parent}, which started it, was cancelled", cancellationToken) == CancelOutcome.Busy) continue;
            }
            catch (Exception error) when (error is not OperationCanceledException)
            {
                // The runner has said so and given the lease back.
                continue;
            }
            await database.ExecuteAsync("delete from workflow_orphans where instance_id = $1", cancellationToken, orphan.Id);
            cancelled++;
        }
        return cancelled > 0;
    }
}
