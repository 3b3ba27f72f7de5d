using System.Collections.Concurrent;
using LeadSens.Server.Data;
using LeadSens.Server.Web;
using Microsoft.Extensions.Options;

namespace LeadSens.Server.Workflows;

/// <summary>How many runs a workspace may start by requests: a rate on each node, and together on all nodes no more in a minute than at once. What is decided by times and events waits
/// where it is decided (<see cref="Triggers.TriggeredStarts"/>).</summary>
internal sealed class StartQuota(Database database, NodeIdentity node, IOptions<WorkflowOptions> options, TimeProvider time)
{
    private const int Remembered = 100_000;

    /// <summary>What a node may have started without telling the others, as a part of what may be started at once.</summary>
    private const int Untold = 20;

    private const string LookSql = """
        with now as (select floor(extract(epoch from clock_now()))::bigint as second),
        mine as (
            insert into workflow_start_counts (minute, workspace_id, node_id, starts) select second / 60, $1, $3, $4 from now where $4 > 0
            on conflict (minute, workspace_id, node_id) do update set starts = workflow_start_counts.starts + excluded.starts)
        select (select count(*) >= $2 from (select from workflow_instances where workspace_id = $1 and runnable limit $2) queued),
            (select coalesce(sum(c.starts * case when c.minute = second / 60 then 60 else 60 - second % 60 end), 0)::bigint / 60 from workflow_start_counts c, now
                where c.minute between second / 60 - 1 and second / 60 and c.workspace_id = $1)
        """;

    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan UntilRoom = TimeSpan.FromSeconds(5);

    private readonly int _atOnce = Math.Max(1_000, options.Value.StartsPerMinute);
    private readonly RateTable<Guid> _rates = new(new() { Burst = Math.Max(1_000, options.Value.StartsPerMinute), PerMinute = options.Value.StartsPerMinute }, Remembered, time);
    private readonly ConcurrentDictionary<Guid, Looked> _looks = new();

    /// <summary>Null: it may. Else how long to wait.</summary>
    public async Task<TimeSpan?> RefusalAsync(Guid workspaceId, int starts, CancellationToken cancellationToken)
    {
        if (_looks.Count >= Remembered) _looks.Clear();
        var look = _looks.GetOrAdd(workspaceId, _ => new());
        if (look.At is not { } at || time.GetElapsedTime(at) >= LookEvery) await LookAsync(workspaceId, look, cancellationToken);
        if (look.IsFull || look.Started + look.Untold + starts > _atOnce) return UntilRoom;
        if (_rates.Refusal(workspaceId, starts) is { } wait) return wait;
        if (look.Tell(starts) >= _atOnce / Untold) await LookAsync(workspaceId, look, cancellationToken);
        return null;
    }

    /// <summary>Tells what was started here, and reads what was started everywhere and what waits: once a second at most, unless much is started.</summary>
    private async Task LookAsync(Guid workspaceId, Looked look, CancellationToken cancellationToken)
    {
        look.At = time.GetTimestamp();
        var untold = look.TakeUntold();
        try
        {
            var (isFull, before) = await database.FirstAsync(
                LookSql, row => (row.GetBoolean(0), row.GetInt64(1)), cancellationToken, workspaceId, options.Value.QueuedRuns, node.Id, untold);
            (look.IsFull, look.Started) = (isFull, before + untold);
        }
        catch
        {
            look.Tell(untold);
            throw;
        }
    }

    private sealed class Looked
    {
        private int _untold;

        public long? At { get; set; }
        public bool IsFull { get; set; }
        public long Started { get; set; }
        public int Untold => Volatile.Read(ref _untold);

        public int Tell(int starts) => Interlocked.Add(ref _untold, starts);

        public int TakeUntold() => Interlocked.Exchange(ref _untold, 0);
    }
}
