using LeadSens.Server.Data;
using LeadSens.Server.Identity;
using LeadSens.Server.Push;
using Microsoft.Extensions.DependencyInjection;

namespace LeadSens.Server.Tests.Support;

/// <summary>The app against a Sandbox, with times scaled down, and the batches of the push stages as their boxes open them.</summary>
internal sealed class PushApp(TestApp app, TestSandbox sandbox) : IAsyncDisposable
{
    public TestApp App => app;
    public TestSandbox Sandbox => sandbox;
    public TestDatabase Db => app.Database;

    public static async Task<PushApp> StartAsync()
    {
        var sandbox = await TestSandbox.StartAsync();
        var app = await TestApp.StartAsync(sandbox.BaseUrl, settings:
            [("Intents:SandboxRequestTimeout", "00:00:01"), ("Intents:SandboxSettleTime", "00:00:00.500"), ("Intents:SendWithin", "00:00:01"), ("Intents:ReadBackEvery", "00:00:00.100")]);
        return new(app, sandbox);
    }

    public async Task<ReviewedCampaign> ApprovedAsync(int leads, string domain = "example.com")
    {
        var campaign = await ReviewedCampaign.CreateAsync(Db, leads, DemoWorkspace.Id, domain);
        await campaign.ApprovedAsync();
        return campaign;
    }

    /// <summary>Opens the stage's batch and answers its id.</summary>
    public Task<Guid> BeginAsync(ReviewedCampaign campaign, string kind) => app.OpenBatchAsync(campaign, kind);

    /// <summary>Runs a stage to its end and answers what its jobs added up.</summary>
    public async Task<string> RunAsync(ReviewedCampaign campaign, string kind)
    {
        var batch = await BeginAsync(campaign, kind);
        await EndAsync(batch);
        return (await Db.ScalarAsync<string>("select state || ' ' || result || coalesce(failure, '') from batches where id = $1", batch))!;
    }

    public Task EndAsync(Guid batch) =>
        Eventually.Be(() => Db.ScalarAsync<bool>("select not is_open from batches where id = $1", batch), TimeSpan.FromSeconds(40));

    /// <summary>How many leads the Sandbox created, and the most for one address.</summary>
    public async Task<(int Leads, long Most)> CreatedAsync()
    {
        var writes = await sandbox.WritesAsync("instantly", "lead.created");
        return (writes.Count, writes.Count == 0 ? 0 : writes.Max(write => write.Count));
    }

    /// <summary>The chain holds, and there is one receipt per pushed lead.</summary>
    public async Task ProveAsync(ReviewedCampaign campaign, int pushed)
    {
        using var scope = DatabaseScope.Work(campaign.WorkspaceId);
        var verdict = await app.Services.GetRequiredService<VerifyReceipts>().ExecuteAsync(campaign.WorkspaceId, campaign.Id, CancellationToken.None);
        verdict.Valid.ShouldBeTrue(verdict.Fault);
        (await Db.ScalarAsync<long>("select count(distinct lead_id) from receipts where campaign_id = $1 and kind = 'lead.add'", campaign.Id)).ShouldBe(pushed);
        (await Db.ScalarAsync<long>("select count(*) from receipts where campaign_id = $1 and kind = 'lead.add'", campaign.Id)).ShouldBe(pushed);
    }

    public async ValueTask DisposeAsync()
    {
        await app.DisposeAsync();
        await sandbox.DisposeAsync();
    }
}
