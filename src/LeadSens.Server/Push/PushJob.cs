using System.Text.Json;
using System.Text.Json.Nodes;
using LeadSens.Server.Connections;
using LeadSens.Server.Data;
using LeadSens.Server.Jobs;
using Microsoft.Extensions.Options;
using Npgsql;

namespace LeadSens.Server.Push;

/// <summary>What a job on a campaign at its sender works with.</summary>
internal sealed record CampaignAtSender(string Name, string? ProviderCampaignId);

/// <summary>The whole push of one campaign: one job, so that there is one writer.</summary>
internal sealed class PushJob(
    Database database, ProviderFor<CampaignSender> sender, Intents intents, CreateCampaignCall create, PushWriter writer, LeadPush push,
    IOptions<IntentOptions> options)
    : JobHandler<CampaignAtSender, PushResult>
{
    public override string Kind => "campaign.push";

    public override IReadOnlyList<TimeSpan> RetrySchedule => JobDefaults.Patient;

    public override bool FinishesAfterCancel => true;

    public override ValueTask<IReadOnlyList<LimitCost>> CostsAsync(Guid workspaceId, CancellationToken cancellationToken) =>
        sender.CostsAsync(workspaceId, calls: 0, cancellationToken);

    public override string SelectSql => $"""
        select null::uuid as lead_id, null::jsonb as payload from campaigns
        where id = @campaign and workspace_id = @workspace and '{sender.Name}' = any(targets)
          and exists (select from leads where workspace_id = @workspace and campaign_id = @campaign and status = 'Approved')
        """;

    public override Task<IReadOnlyDictionary<Guid, CampaignAtSender>> LoadAsync(
        NpgsqlConnection connection, IReadOnlyList<ClaimedJob> jobs, CancellationToken cancellationToken) =>
        CampaignJobs.LoadAsync(connection, jobs, cancellationToken);

    public override async Task<JobOutcome<PushResult>> RunAsync(
        ClaimedJob job, CampaignAtSender campaign, JobProgress progress, CancellationToken cancellationToken)
    {
        var account = await sender.ForAsync(job.WorkspaceId, cancellationToken);
        if (!account.Succeeded) return account.Failure;
        var request = JsonSerializer.SerializeToElement(new CreateCampaignCall.Wanted(campaign.Name), JsonSerializerOptions.Web);
        var created = await intents.RunAsync(new(job.WorkspaceId, job.RequireCampaign(), account.Value.AccountKey, create.Kind, job.RequireCampaign().ToString(), request), create, cancellationToken);
        if (created is not IntentOutcome.Done done) return created.ToJob<PushResult>();
        await database.Sql("update campaigns set push_campaign_id = $2 where id = $1 and workspace_id = $3 and push_campaign_id is distinct from $2", job.RequireCampaign(), done.ProviderId, job.WorkspaceId).RunAsync(cancellationToken);

        var times = options.Value.For(account.Value.AccountKey);
        var fence = await writer.TakeAsync(job, cancellationToken);
        return fence == 0
            ? new JobOutcome<PushResult>.Again(times.SettleTime)
            : await push.RunAsync(new(job.WorkspaceId, job.RequireCampaign(), account.Value, done.ProviderId, fence, times), cancellationToken);
    }

    public override async Task SaveAsync(NpgsqlConnection connection, IReadOnlyList<EndedJob<PushResult>> ended, CancellationToken cancellationToken)
    {
        foreach (var job in ended)
            if (job.Result is { } result)
                await BatchResult.AddAsync(connection, job.Job.BatchId, new JsonObject { ["pushed"] = result.Pushed, ["refused"] = result.Refused }, cancellationToken);
    }
}

internal static class CampaignJobs
{
    public static async Task<IReadOnlyDictionary<Guid, CampaignAtSender>> LoadAsync(
        NpgsqlConnection connection, IReadOnlyList<ClaimedJob> jobs, CancellationToken cancellationToken)
    {
        var rows = await connection.Sql("select id, name, push_campaign_id from campaigns where id = any($1) and workspace_id = $2", jobs.Select(job => job.RequireCampaign()).ToArray(), jobs[0].WorkspaceId)
            .ListAsync(row => (Id: row.GetGuid(0), Campaign: new CampaignAtSender(row.GetString(1), row.Nullable<string>(2))), cancellationToken);
        var campaigns = rows.ToDictionary(row => row.Id, row => row.Campaign);
        return jobs.Where(job => campaigns.ContainsKey(job.RequireCampaign())).ToDictionary(job => job.Id, job => campaigns[job.RequireCampaign()]);
    }
}
