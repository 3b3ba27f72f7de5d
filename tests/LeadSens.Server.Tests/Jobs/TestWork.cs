using System.Collections.Concurrent;
using LeadSens.Server.Jobs;
using Npgsql;

namespace LeadSens.Server.Tests.Jobs;

/// <summary>A kind of job whose doing a test decides: one job per lead, results in the table <c>saved</c>.</summary>
internal sealed class TestWork(Func<ClaimedJob, JobProgress, CancellationToken, Task<JobOutcome<string>>> run) : JobHandler<Guid, string>
{
    public const string DefaultKind = "test.work";

    private int running;
    private int mostRunning;

    public TestWork(Func<ClaimedJob, JobOutcome<string>> run) : this((job, _, _) => Task.FromResult(run(job))) { }

    public TestWork() : this(_ => "done") { }

    /// <summary>Shared by nodes, so that it tells how often the cluster ran each lead.</summary>
    public ConcurrentDictionary<Guid, int> Runs { get; init; } = new();
    public ConcurrentQueue<ClaimedJob> Order { get; } = new();
    public int MostRunning => mostRunning;

    public override string Kind => DefaultKind;
    public override string SelectSql => "select id as lead_id, null as payload from leads where campaign_id = @campaign order by id";
    public override int Concurrency => Places;
    public override decimal ReservedUsd => Cost;
    public override bool FinishesAfterCancel => Finishes;
    public override IReadOnlyList<TimeSpan> RetrySchedule => Schedule;

    public int Places { get; init; } = 16;
    public decimal Cost { get; init; }
    public bool Finishes { get; init; }
    public IReadOnlyList<TimeSpan> Schedule { get; init; } = JobDefaults.Exponential;
    public IReadOnlyList<LimitCost> Costs { get; init; } = [];

    public Func<Guid, IReadOnlyList<LimitCost>>? CostsOf { get; init; }
    public Func<ClaimedJob, bool> IsReadable { get; init; } = _ => true;

    public override ValueTask<IReadOnlyList<LimitCost>> CostsAsync(Guid workspaceId, CancellationToken cancellationToken) => new(CostsOf?.Invoke(workspaceId) ?? Costs);

    public override Task<IReadOnlyDictionary<Guid, Guid>> LoadAsync(NpgsqlConnection connection, IReadOnlyList<ClaimedJob> jobs, CancellationToken cancellationToken) =>
        jobs.All(IsReadable) ? Task.FromResult<IReadOnlyDictionary<Guid, Guid>>(jobs.ToDictionary(job => job.Id, job => job.LeadId!.Value)) : throw new FormatException("unreadable");

    public override async Task<JobOutcome<string>> RunAsync(ClaimedJob job, Guid input, JobProgress progress, CancellationToken cancellationToken)
    {
        Runs.AddOrUpdate(input, 1, (_, runs) => runs + 1);
        Order.Enqueue(job);
        var now = Interlocked.Increment(ref running);
        InterlockedMax(ref mostRunning, now);
        try
        {
            return await run(job, progress, cancellationToken);
        }
        finally
        {
            Interlocked.Decrement(ref running);
        }
    }

    public override async Task SaveAsync(NpgsqlConnection connection, IReadOnlyList<EndedJob<string>> ended, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("insert into saved (lead_id, result) select * from unnest($1::uuid[], $2::text[])", connection)
        {
            Parameters =
            {
                new() { Value = ended.Select(one => one.Job.LeadId!.Value).ToArray() },
                new() { Value = ended.Select(one => one.Result ?? one.SkipReason ?? one.Failure?.Message).ToArray() },
            },
        };
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static void InterlockedMax(ref int target, int value)
    {
        int seen;
        while ((seen = Volatile.Read(ref target)) < value && Interlocked.CompareExchange(ref target, value, seen) != seen) { }
    }
}

/// <summary>A provider that takes its time.</summary>
internal static class Provider
{
    public static Task AnswersAfterAsync(int milliseconds, CancellationToken cancellationToken) =>
        Task.Delay(TimeSpan.FromMilliseconds(milliseconds), TimeProvider.System, cancellationToken);
}
