using System.Text.Json.Nodes;
using LeadSens.Server.Connections;
using LeadSens.Server.Data;
using LeadSens.Server.Jobs;
using Npgsql;

namespace LeadSens.Server.Discovery;

/// <summary>How many people match.</summary>
internal sealed record CountResult(long Leads);

/// <summary>Counts the people who match a campaign's ICP. Costs nothing.</summary>
internal sealed class CountHandler(ProviderFor<LeadSource> source, Reads reads) : JobHandler<SearchInput, CountResult>
{
    private const string SaveSql = "update campaigns set leads_counted = $2 where workspace_id = $3 and id = $1";

    public override string Kind => "campaign.count";

    public override bool WritesCampaign => true;

    public override IReadOnlyList<TimeSpan> RetrySchedule => JobDefaults.Patient;

    public override string SelectSql => JobDefaults.OneJob;

    public override ValueTask<IReadOnlyList<LimitCost>> CostsAsync(Guid workspaceId, CancellationToken cancellationToken) =>
        source.CostsAsync(workspaceId, calls: 1, cancellationToken);

    public override Task<IReadOnlyDictionary<Guid, SearchInput>> LoadAsync(NpgsqlConnection connection, IReadOnlyList<ClaimedJob> jobs, CancellationToken cancellationToken) =>
        SearchInput.LoadAsync(connection, jobs, cancellationToken);

    public override async Task<JobOutcome<CountResult>> RunAsync(ClaimedJob job, SearchInput input, JobProgress progress, CancellationToken cancellationToken)
    {
        var account = await source.ForAsync(job.WorkspaceId, cancellationToken);
        if (!account.Succeeded) return account.Failure;
        var counted = await reads.ReadAsync(() => source.Part.CountAsync(account.Value, input.Icp, cancellationToken), cancellationToken);
        return counted.Succeeded ? new CountResult(counted.Value) : counted.Failure;
    }

    public override async Task SaveAsync(NpgsqlConnection connection, IReadOnlyList<EndedJob<CountResult>> ended, CancellationToken cancellationToken)
    {
        foreach (var job in ended.Where(job => job.Result is not null))
        {
            await connection.ExecuteAsync(SaveSql, cancellationToken, job.Job.RequireCampaign(), job.Result!.Leads, job.Job.WorkspaceId);
            await BatchResult.AddAsync(connection, job.Job.BatchId, new JsonObject { ["counted"] = job.Result.Leads }, cancellationToken);
        }
    }
}
