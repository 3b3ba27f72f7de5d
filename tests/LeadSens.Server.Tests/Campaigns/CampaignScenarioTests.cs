using System.Text.Json;
using LeadSens.Server.Data;
using LeadSens.Server.Identity;
using LeadSens.Server.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace LeadSens.Server.Tests.Campaigns;

/// <summary>The shipped graph, run by the real app.</summary>
public sealed class CampaignScenarioTests
{
    [Fact]
    public async Task A_campaign_runs_from_count_to_sync()
    {
        await using var sandbox = await TestSandbox.StartAsync();
        await using var app = await TestApp.StartAsync(sandbox.BaseUrl, settings: [("LeadSens:WorkConnections", "8")]);
        // The node's session has one and the news of access another: one is left of those for all workspaces, and one of a workspace's. Whoever wanted a second one would wait for its own.
        await using var held = await HoldAsync(app, ofAll: 5, ofWorkspace: 7);
        using var run = new CampaignRun(app);
        await app.Database.ExecuteAsync("""
            create table counted_late (lead_id uuid);
            create function watch_costs() returns trigger language plpgsql as $$
            begin
                if not exists (select from ai_events where lead_id = new.id and purpose = 'score') then insert into counted_late values (new.id); end if;
                return null;
            end $$;
            create trigger watch_costs after update on leads for each row when (old.score is null and new.score is not null) execute function watch_costs();
            """);

        var id = await run.StartAsync();
        await run.DecideAsync(id);
        var view = await run.UntilAsync(id, "Completed");
        (await app.Database.ListAsync<Guid>("select lead_id from counted_late")).ShouldBeEmpty("no result counts before its price");

        var leads = view.GetProperty("leads");
        long Count(string name) => leads.GetProperty(name).GetInt64();
        Count("sourced").ShouldBe(30);
        (Count("scored") + Count("duplicates") + Count("suppressed") + Count("failed")).ShouldBe(30, view.ToString());
        (Count("skipped") + Count("qualified")).ShouldBe(Count("scored"));
        Count("qualified").ShouldBeGreaterThan(0);
        Count("drafted").ShouldBe(Count("verified"));
        Count("approved").ShouldBe(Count("drafted"));
        (Count("pushed") + view.GetProperty("pushes").GetProperty("refused").GetInt64()).ShouldBe(Count("approved"));
        Count("synced").ShouldBe(Count("pushed"));
        view.GetProperty("cost").GetProperty("calls").GetInt64().ShouldBeGreaterThan(Count("scored"));

        (await sandbox.WritesAsync("instantly", "credits.spent")).Sum(write => write.Count).ShouldBe(1);
        var scrapes = (await sandbox.CallsAsync("jina")).Count;
        scrapes.ShouldBeGreaterThanOrEqualTo((int)Count("qualified"), "nobody below the threshold costs a scrape");
        app.Log.Text.ShouldNotContain("pool has been exhausted");
    }

    private static async Task<AsyncDisposables> HoldAsync(TestApp app, int ofAll, int ofWorkspace)
    {
        var (all, scoped, held) = (app.Services.GetRequiredService<SystemDatabase>(), app.Services.GetRequiredService<Database>(), new AsyncDisposables());
        for (var i = 0; i < ofAll; i++) held.Add(await all.OpenConnectionAsync(CancellationToken.None));
        using var scope = DatabaseScope.Work(DemoWorkspace.Id);
        for (var i = 0; i < ofWorkspace; i++) held.Add(await scoped.OpenConnectionAsync(CancellationToken.None));
        return held;
    }

    private sealed class AsyncDisposables : List<IAsyncDisposable>, IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            foreach (var one in this) await one.DisposeAsync();
        }
    }
}
