using System.Text.Json;
using System.Text.Json.Nodes;
using LeadSens.Server.Connections;
using LeadSens.Server.Data;
using LeadSens.Server.Jobs;
using LeadSens.Server.Push;
using Npgsql;

namespace LeadSens.Server.Discovery;

/// <summary>How far a list was read: everything before the cursor is stored.</summary>
/// <param name="Late">The provider had not filled it in its time: what is in it is all that is read.</param>
internal sealed record SourceCheckpoint(string ListId, string? Cursor, bool Late = false);

/// <summary>A list that was read to its end.</summary>
/// <param name="Leads">Of the campaign's, that are stored.</param>
/// <param name="Unfilled">What is to be said about a list that the provider had not filled in its time; null: it had.</param>
internal sealed record SourceResult(string ListId, long Leads, string? Unfilled);

/// <summary>Buys a campaign's leads once (an intent), waits until the provider has filled the list, for as long as that may take, and reads it into leads. After a cancel it only finds out
/// what became of the purchase.</summary>
internal sealed class SourceHandler(ProviderFor<LeadSource> source, Intents intents, CreditCall credits, ListFilling filling, ListReader reader)
    : JobHandler<SearchInput, SourceResult>
{
    private static readonly TimeSpan PollEvery = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan SandboxPollEvery = TimeSpan.FromMilliseconds(50);

    private const string SaveSql = "update campaigns set source_list_id = $2 where workspace_id = $3 and id = $1 returning (select count(*) from leads where workspace_id = $3 and campaign_id = $1)";

    private const string SaySql = """
        with said as (update jobs set failure = $2 where id = $1)
        update batches set failure = $2 where id = $3
        """;

    public override string Kind => "campaign.source";

    public override bool WritesCampaign => true;

    public override IReadOnlyList<TimeSpan> RetrySchedule => JobDefaults.Patient;

    public override string SelectSql => JobDefaults.OneJob;

    public override bool FinishesAfterCancel => true;

    public override ValueTask<IReadOnlyList<LimitCost>> CostsAsync(Guid workspaceId, CancellationToken cancellationToken) =>
        source.CostsAsync(workspaceId, calls: 0, cancellationToken);

    public override Task<IReadOnlyDictionary<Guid, SearchInput>> LoadAsync(NpgsqlConnection connection, IReadOnlyList<ClaimedJob> jobs, CancellationToken cancellationToken) =>
        SearchInput.LoadAsync(connection, jobs, cancellationToken);

    public override async Task<JobOutcome<SourceResult>> RunAsync(ClaimedJob job, SearchInput input, JobProgress progress, CancellationToken cancellationToken)
    {
        var account = await source.ForAsync(job.WorkspaceId, cancellationToken);
        if (!account.Succeeded) return account.Failure;
        var limit = Limit(job.Parameters, input.Limit);
        if (job.Checkpoint.ValueKind == JsonValueKind.Object)
            return await ReadAsync(job, account.Value, input, job.Checkpoint.Deserialize(DiscoveryJson.Default.SourceCheckpoint)!, limit, progress, cancellationToken);
        var request = JsonSerializer.SerializeToElement(new CreditRequest(input.Icp, limit), DiscoveryJson.Default.CreditRequest);
        var bought = await intents.RunAsync(new(job.WorkspaceId, job.RequireCampaign(), account.Value.AccountKey, credits.Kind, job.RequireCampaign().ToString(), request), credits, cancellationToken);
        return bought switch
        {
            IntentOutcome.Done done when input.Cancelled => Cancelled(done.ProviderId),
            IntentOutcome.Done done => await ReadWhenFilledAsync(job, account.Value, input, done, limit, progress, cancellationToken),
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
            var sourced = await connection.FirstAsync(SaveSql, row => row.GetInt64(0), cancellationToken, job.Job.RequireCampaign(), job.Result!.ListId, job.Job.WorkspaceId);
            var told = new JsonObject { ["sourced"] = sourced };
            if (job.Result.Unfilled is { } unfilled)
            {
                told["unfilled"] = unfilled;
                await connection.ExecuteAsync(SaySql, cancellationToken, job.Job.Id, unfilled, job.Job.BatchId);
            }

            await BatchResult.AddAsync(connection, job.Job.BatchId, told, cancellationToken);
            var fact = new JsonObject { ["campaignId"] = job.Job.RequireCampaign(), ["leads"] = sourced, ["unfilled"] = job.Result.Unfilled is not null };
            await Outbox.AddAsync(connection, [new(job.Job.WorkspaceId, "LeadsSourced", fact)], cancellationToken);
        }
    }

    private async Task<JobOutcome<SourceResult>> ReadWhenFilledAsync(
        ClaimedJob job, ProviderAccount account, SearchInput input, IntentOutcome.Done bought, int limit, JobProgress progress, CancellationToken cancellationToken)
    {
        var look = await filling.LookAsync(account, bought, cancellationToken);
        if (!look.Succeeded) return look.Failure;
        if (look.Value.State == ListState.Filling) return new JobOutcome<SourceResult>.Again(account.IsSandbox ? SandboxPollEvery : PollEvery);
        var read = await ReadAsync(job, account, input, new(bought.ProviderId, null, look.Value.State == ListState.Late), limit, progress, cancellationToken);
        return read is JobOutcome<SourceResult>.Completed { Result.Leads: 0 } && look.Value.HoldsLeads ? await filling.NotShownAsync(bought, cancellationToken) : read;
    }

    private async Task<JobOutcome<SourceResult>> ReadAsync(
        ClaimedJob job, ProviderAccount account, SearchInput input, SourceCheckpoint from, int limit, JobProgress progress, CancellationToken cancellationToken)
    {
        if (input.Cancelled) return Cancelled(from.ListId);
        var read = await reader.ReadAsync(job, account, from, limit, progress, cancellationToken);
        if (read.Cancelled) return Cancelled(from.ListId);
        if (read.Failure is { } failure) return failure;
        if (!from.Late || read.Leads >= limit) return new SourceResult(from.ListId, read.Leads, null);
        return read.Leads == 0 ? filling.Empty() : new SourceResult(from.ListId, read.Leads, filling.Say(read.Leads, limit));
    }

    private JobOutcome<SourceResult>.Skipped Cancelled(string listId) =>
        new($"The campaign was cancelled. What was bought stays in the list {listId} at {source.Title}.");

    /// <summary>The box's own limit, else the campaign's.</summary>
    private static int Limit(JsonElement parameters, int campaigns) =>
        parameters.ValueKind == JsonValueKind.Object && parameters.TryGetProperty("limit", out var limit) && limit.ValueKind == JsonValueKind.Number
            ? Math.Clamp(limit.GetInt32(), 1, 1_000_000)
            : campaigns;
}
