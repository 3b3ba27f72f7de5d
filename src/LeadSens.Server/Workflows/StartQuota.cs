using System.Collections.Concurrent;
using LeadSens.Server.Data;
using LeadSens.Server.Web;
using Microsoft.Extensions.Options;

namespace LeadSens.Server.Workflows;

/// <summary>How many runs a workspace may start by requests. What is decided by times and events waits where it is decided (<see cref="Triggers.TriggeredStarts"/>).</summary>
internal sealed class StartQuota(Database database, IOptions<WorkflowOptions> options, TimeProvider time)
{
    private const int Remembered = 100_000;
    private const string FullSql = "select count(*) >= $2 from (select from workflow_instances where workspace_id = $1 and runnable limit $2) queued";
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan UntilRoom = TimeSpan.FromSeconds(5);

    private readonly RateTable<Guid> _rates = new(new() { Burst = Math.Max(1_000, options.Value.StartsPerMinute), PerMinute = options.Value.StartsPerMinute }, Remembered, time);
    private readonly ConcurrentDictionary<Guid, (long At, bool IsFull)> _queues = new();

    /// <summary>Null: it may. Else how long to wait.</summary>
    public async Task<TimeSpan?> RefusalAsync(Guid workspaceId, int starts, CancellationToken cancellationToken) =>
        await IsFullAsync(workspaceId, cancellationToken) ? UntilRoom : _rates.Refusal(workspaceId, starts);

    /// <summary>Asked of the database once a second at most, whatever is started.</summary>
    private async Task<bool> IsFullAsync(Guid workspaceId, CancellationToken cancellationToken)
    {
        if (_queues.TryGetValue(workspaceId, out var seen) && time.GetElapsedTime(seen.At) < LookEvery)
            return seen.IsFull;
        if (_queues.Count >= Remembered)
            _queues.Clear();
        var isFull = await database.FirstAsync(FullSql, row => row.GetBoolean(0), cancellationToken, workspaceId, options.Value.QueuedRuns);
        _queues[workspaceId] = (time.GetTimestamp(), isFull);
        return isFull;
    }
}
