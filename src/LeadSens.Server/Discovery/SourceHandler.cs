using System.Text.Json;
using System.Text.Json.Nodes;
using LeadSens.Server.Connections;
using LeadSens.Server.Connections.Providers.Instantly;
using LeadSens.Server.Data;
using LeadSens.Server.Jobs;
using LeadSens.Server.Push;
using Npgsql;

namespace LeadSens.Server.Discovery;

/// <summary>How far a list was read: everything before the cursor is stored.</summary>
internal sealed record SourceCheckpoint(string ListId, string? Cursor);

/// <summary>A list that was read to its end.</summary>
internal sealed record SourceResult(string ListId);

/// <summary>Buys a campaign's leads once (an intent), waits until the provider has filled the list, and reads it into leads.</summary>
internal sealed class SourceHandler(InstantlyClient instantly, ConnectionSource connections, Intents intents, CreditCall credits, ListReader reader, Reads reads) : JobHandler<SearchInput, SourceResult>
{
    private static readonly TimeSpan PollEvery = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan SandboxPollEvery = TimeSpan.FromMilliseconds(50);

    private const string SaveSql = "update campaigns set source_list_id = $2 where workspace_id = $3 and id = $1 returning (select count(*) from leads where workspace_id = $3 and campaign_id = $1)";

    public override string Kind => "campaign.source";

    public override bool WritesCampaign => true;

    public override IReadOnlyList<TimeSpan> RetrySchedule => JobDefaults.Patient;

    public override string SelectSql => "select null::uuid as lead_id, null::jsonb as payload";

    public override bool FinishesAfterCancel => true;

    public override ValueTask<IReadOnlyList<LimitCost>> CostsAsync(Guid workspaceId, CancellationToken cancellationToken) =>
        connections.CostsAsync(workspaceId, ProviderNames.Instantly, calls: 0, cancellationToken);

    public override Task<IReadOnlyDictionary<Guid, SearchInput>> LoadAsync(NpgsqlConnection connection, IReadOnlyList<ClaimedJob> jobs, CancellationToken cancellationToken) =>
        SearchInput.LoadAsync(connection, jobs, cancellationToken);

    public override async Task<JobOutcome<SourceResult>> RunAsync(ClaimedJob job, SearchInput input, JobProgress progress, CancellationToken cancellationToken)
    {
        var account = await connections.ForAsync(job.WorkspaceId, ProviderNames.Instantly, cancellationToken);
        if (!account.Succeeded) return account.Failure;
        var limit = Limit(job.Parameters, input.Limit);
        if (job.Checkpoint.ValueKind == JsonValueKind.Object)
            return await ReadAsync(job, account.Value, job.Checkpoint.Deserialize(DiscoveryJson.Default.SourceCheckpoint)!, limit, progress, cancellationToken);
        var request = JsonSerializer.SerializeToElement(new CreditRequest(input.Icp, limit), DiscoveryJson.Default.CreditRequest);
        var bought = await intents.RunAsync(new(job.WorkspaceId, job.CampaignId, account.Value.AccountKey, credits.Kind, job.CampaignId.ToString(), request), credits, cancellationToken);
        return bought switch
        {
            IntentOutcome.Done done => await ReadWhenFilledAsync(job, account.Value, done.ProviderId, limit, progress, cancellationToken),
            IntentOutcome.Waiting waiting => new JobOutcome<SourceResult>.Again(waiting.After),
            IntentOutcome.Cancelled => new JobOutcome<SourceResult>.Skipped("The campaign was cancelled before credits were spent."),
            IntentOutcome.Failed failed => failed.Failure,
            _ => throw new InvalidOperationException("An intent ends in one of three ways."),
        };
    }

    public override async Task SaveAsync(NpgsqlConnection connection, IReadOnlyList<EndedJob<SourceResult>> ended, CancellationToken cancellationToken)
    {
        foreach (var job in ended.Where(job => job.Result is not null))
        {
            var sourced = await connection.FirstAsync(SaveSql, row => row.GetInt64(0), cancellationToken, job.Job.CampaignId, job.Result!.ListId, job.Job.WorkspaceId);
            await BatchResult.AddAsync(connection, job.Job.BatchId, new JsonObject { ["sourced"] = sourced }, cancellationToken);
            await Outbox.AddAsync(connection, [new(job.Job.WorkspaceId, "LeadsSourced", new JsonObject { ["campaignId"] = job.Job.CampaignId, ["leads"] = sourced })], cancellationToken);
        }
    }

    private async Task<JobOutcome<SourceResult>> ReadWhenFilledAsync(
        ClaimedJob job, ProviderAccount account, string listId, int limit, JobProgress progress, CancellationToken cancellationToken)
    {
        var enrichment = await reads.ReadAsync(() => instantly.GetEnrichmentAsync(account, listId, cancellationToken), cancellationToken);
        if (!enrichment.Succeeded) return enrichment.Failure;
        if (enrichment.Value.InProgress) return new JobOutcome<SourceResult>.Again(account.IsSandbox ? SandboxPollEvery : PollEvery);
        return await ReadAsync(job, account, new(listId, null), limit, progress, cancellationToken);
    }

    private async Task<JobOutcome<SourceResult>> ReadAsync(
        ClaimedJob job, ProviderAccount account, SourceCheckpoint from, int limit, JobProgress progress, CancellationToken cancellationToken) =>
        await reader.ReadAsync(job, account, from, limit, progress, cancellationToken) is { } failure ? failure : new SourceResult(from.ListId);

    /// <summary>The box's own limit, else the campaign's.</summary>
    private static int Limit(JsonElement parameters, int campaigns) =>
        parameters.ValueKind == JsonValueKind.Object && parameters.TryGetProperty("limit", out var limit) && limit.ValueKind == JsonValueKind.Number
            ? Math.Clamp(limit.GetInt32(), 1, 1_000_000)
            : campaigns;
}
