using LeadSens.Server.Tests.Campaigns;
using LeadSens.Server.Tests.Support;

namespace LeadSens.Server.Tests.Contacts;

/// <summary>Campaigns over the same people.</summary>
public sealed class KnownPeopleTests : IAsyncLifetime
{
    private TestSandbox sandbox = null!;
    private TestApp app = null!;
    private CampaignRun run = null!;

    public async ValueTask InitializeAsync()
    {
        sandbox = await TestSandbox.StartAsync();
        app = await TestApp.StartAsync(sandbox.BaseUrl, settings: [("Jobs:Sweep", "00:00:00.100"), ("Intents:SandboxSettleTime", "00:00:00.500")]);
        run = new(app);
    }

    public async ValueTask DisposeAsync()
    {
        run.Dispose();
        await app.DisposeAsync();
        await sandbox.DisposeAsync();
    }

    [Fact]
    public async Task What_is_known_of_people_is_paid_once()
    {
        var first = await run.StartAsync();
        await run.DecideAsync(first, "reject", "Not now");
        await run.UntilAsync(first, "Completed");
        var (people, before) = (await CountAsync("contacts"), await SpentAsync());

        var second = await run.StartAsync();
        await run.DecideAsync(second);
        var view = await run.UntilAsync(second, "Completed");

        before.Scrapes.ShouldBeGreaterThan(0);
        (await SpentAsync()).ShouldBe(before);
        (await CountAsync("contacts")).ShouldBe(people);
        (await CountAsync("leads where contact_id is null")).ShouldBe(0);
        var (now, then) = (view.GetProperty("leads"), (await run.GetAsync(first)).GetProperty("leads"));
        foreach (var figure in new[] { "verified", "drafted" }) now.GetProperty(figure).GetInt64().ShouldBe(then.GetProperty(figure).GetInt64(), figure);
        now.GetProperty("enriched").GetInt64().ShouldBeGreaterThan(0);
        (await CountAsync("source_records where raw::jsonb ->> 'id' <> provider_id or call is null")).ShouldBe(0, "each keeps the whole answer and the call");
    }

    [Fact]
    public async Task What_is_too_old_is_asked_for_again()
    {
        var first = await run.StartAsync();
        await run.DecideAsync(first, "reject", "Not now");
        await run.UntilAsync(first, "Completed");
        var before = await SpentAsync();
        await app.Database.ExecuteAsync("update contact_enrichments set enriched_at = enriched_at - interval '181 days'");

        var second = await run.StartAsync();
        await run.UntilAsync(second, "AwaitingApproval");

        (await SpentAsync()).Scrapes.ShouldBeGreaterThan(before.Scrapes);
    }

    /// <summary>A site that could not be read may be tried again.</summary>
    private async Task<(int Scrapes, long Summaries)> SpentAsync() =>
        ((await sandbox.CallsAsync("jina")).Count(call => call.Status == 200), await CountAsync("ai_events where purpose = 'summary'"));

    private Task<long> CountAsync(string from) => app.Database.ScalarAsync<long>($"select count(*) from {from}");
}
