using System.Text.Json;
using LeadSens.Server.Connections;
using LeadSens.Server.Jobs;
using Npgsql;

namespace LeadSens.Server.Push;

internal sealed record Activation(string ProviderCampaignId);

/// <summary>Starts the sending of a pushed campaign, once.</summary>
internal sealed class ActivateJob(ProviderFor<CampaignSender> sender, Intents intents, ActivateCampaignCall activate) : JobHandler<CampaignAtSender, Activation>
{
    public override string Kind => "campaign.activate";

    public override IReadOnlyList<TimeSpan> RetrySchedule => JobDefaults.Patient;

    public override bool FinishesAfterCancel => true;

    public override ValueTask<IReadOnlyList<LimitCost>> CostsAsync(Guid workspaceId, CancellationToken cancellationToken) =>
        sender.CostsAsync(workspaceId, calls: 0, cancellationToken);

    public override string SelectSql => """
        select null::uuid as lead_id, null::jsonb as payload from campaigns
        where id = @campaign and workspace_id = @workspace and push_campaign_id is not null
          and exists (select from leads where workspace_id = @workspace and campaign_id = @campaign and status in ('Pushed', 'Synced'))
        """;

    public override Task<IReadOnlyDictionary<Guid, CampaignAtSender>> LoadAsync(
        NpgsqlConnection connection, IReadOnlyList<ClaimedJob> jobs, CancellationToken cancellationToken) =>
        CampaignJobs.LoadAsync(connection, jobs, cancellationToken);

    public override async Task<JobOutcome<Activation>> RunAsync(
        ClaimedJob job, CampaignAtSender campaign, JobProgress progress, CancellationToken cancellationToken)
    {
        if (campaign.ProviderCampaignId is not { } id) return new JobOutcome<Activation>.Skipped("Nothing was pushed.");
        var account = await sender.ForAsync(job.WorkspaceId, cancellationToken);
        if (!account.Succeeded) return account.Failure;
        var request = JsonSerializer.SerializeToElement(new ActivateCampaignCall.Wanted(id), JsonSerializerOptions.Web);
        var outcome = await intents.RunAsync(new(job.WorkspaceId, job.RequireCampaign(), account.Value.AccountKey, activate.Kind, id, request), activate, cancellationToken);
        return outcome is IntentOutcome.Done done ? new Activation(done.ProviderId) : outcome.ToJob<Activation>();
    }

    public override Task SaveAsync(NpgsqlConnection connection, IReadOnlyList<EndedJob<Activation>> ended, CancellationToken cancellationToken) => Task.CompletedTask;
}
