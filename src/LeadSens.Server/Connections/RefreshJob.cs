using System.Text.Json.Nodes;
using LeadSens.Server.Jobs;
using Npgsql;

namespace LeadSens.Server.Connections;

/// <param name="IsBroken">The provider takes the refresh token no more.</param>
internal sealed record Renewal(bool IsBroken);

/// <summary>Renews one connection's token ahead of its time.</summary>
internal sealed class RefreshJob(ConnectionRows rows, TokenRefresh refresh) : JobHandler<Guid, Renewal>
{
    private static readonly TimeSpan Ahead = TimeSpan.FromMinutes(10);

    public override string Kind => "token.refresh";

    public override string SelectSql => """
        select null::uuid as lead_id, jsonb_build_object('connectionId', id) as payload from connections
        where workspace_id = @workspace and state = 'connected' and expires_at < clock_now() + interval '10 minutes'
        """;

    public override int Concurrency => 8;

    /// <summary>The next run of the workflow comes before the token ends.</summary>
    public override IReadOnlyList<TimeSpan> RetrySchedule { get; } = [TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(30)];

    public override Task<IReadOnlyDictionary<Guid, Guid>> LoadAsync(NpgsqlConnection connection, IReadOnlyList<ClaimedJob> jobs, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyDictionary<Guid, Guid>>(jobs.ToDictionary(job => job.Id, job => job.Payload.GetProperty("connectionId").GetGuid()));

    public override async Task<JobOutcome<Renewal>> RunAsync(ClaimedJob job, Guid input, JobProgress progress, CancellationToken cancellationToken)
    {
        if (await rows.FindAsync(job.WorkspaceId, input, cancellationToken) is not { State: ConnectionState.Connected } row)
            return new JobOutcome<Renewal>.Skipped("The connection is not there any more.");
        if (await refresh.EnsureAsync(row, Ahead, cancellationToken) is { } failure) return failure;
        return await rows.FindAsync(job.WorkspaceId, input, cancellationToken) switch
        {
            { State: ConnectionState.Broken } => new Renewal(IsBroken: true),
            { Version: var version } when version > row.Version => new Renewal(IsBroken: false),
            _ => new JobOutcome<Renewal>.Skipped("The token still lasts."),
        };
    }

    public override async Task SaveAsync(NpgsqlConnection connection, IReadOnlyList<EndedJob<Renewal>> ended, CancellationToken cancellationToken)
    {
        foreach (var batch in ended.Where(job => job.Result is not null).GroupBy(job => job.Job.BatchId))
        {
            var broken = batch.Count(job => job.Result!.IsBroken);
            await BatchResult.AddAsync(connection, batch.Key, new JsonObject { ["refreshed"] = batch.Count() - broken, ["broken"] = broken }, cancellationToken);
        }
    }
}
