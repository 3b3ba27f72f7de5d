using System.Net.ServerSentEvents;
using System.Text.Json;
using LeadSens.Server.Campaigns;
using LeadSens.Server.Data;
using LeadSens.Server.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace LeadSens.Server.Tests.Campaigns;

public sealed class CampaignEventsTests
{
    [Fact]
    public async Task The_stream_tells_every_change_and_ends_with_the_campaign()
    {
        await using var sandbox = await TestSandbox.StartAsync();
        await using var app = await TestApp.StartAsync(sandbox.BaseUrl);
        using var run = new CampaignRun(app);
        var id = await run.StartAsync(CampaignRun.Request(limit: 10));
        var statuses = new List<string>();
        await using var stream = await run.Http.GetStreamAsync($"/api/campaigns/{id}/events");
        await foreach (var item in SseParser.Create(stream).EnumerateAsync())
        {
            item.EventType.ShouldBe("campaign");
            var view = JsonElement.Parse(item.Data);
            view.GetProperty("id").GetGuid().ShouldBe(id);
            statuses.Add(view.GetProperty("status").GetString()!);
            if (statuses[^1] == "AwaitingApproval" && statuses.Count(status => status == "AwaitingApproval") == 1) await run.DecideAsync(id);
        }

        statuses.ShouldContain("AwaitingApproval");
        statuses[^1].ShouldBe("Completed");
    }

    [Fact]
    public async Task However_many_watch_a_campaign_it_is_looked_at_once()
    {
        await using var app = await TestApp.StartAsync();
        using var run = new CampaignRun(app);
        var request = CampaignRun.Request();
        request["start"] = false;
        var id = await run.StartAsync(request);
        var workspace = await app.Database.ScalarAsync<Guid>("select workspace_id from campaigns where id = $1", id);
        using var seen = new SeenStatements(app.Database);
        int Looks() => seen.All.Count(sql => sql.Contains("leads_counted, cost_usd", StringComparison.Ordinal) && sql.Contains("from campaigns where workspace_id", StringComparison.Ordinal));
        var looks = app.Services.GetRequiredService<CampaignLooks>();
        var watchers = Enumerable.Range(0, 50).Select(_ => looks.Begin(workspace, id)).ToList();
        var before = Looks();
        using var scope = DatabaseScope.Work(workspace);

        var views = await Task.WhenAll(watchers.Select(watcher => watcher.LookAsync(CancellationToken.None)));

        views.ShouldAllBe(view => view!.Id == id);
        (Looks() - before).ShouldBe(1);
        foreach (var watcher in watchers) watcher.Dispose();
    }

    [Fact]
    public async Task Nothing_is_read_of_a_campaigns_leads_while_it_does_not_change_and_each_change_is_seen()
    {
        await using var app = await TestApp.StartAsync();
        var campaign = await ReviewedCampaign.CreateAsync(app.Database, 3);
        var time = new SteppedTime();
        var looks = new CampaignLooks(app.Services.GetRequiredService<CampaignViews>(), time);
        using var watch = looks.Begin(campaign.WorkspaceId, campaign.Id);
        using var scope = DatabaseScope.Work(campaign.WorkspaceId);
        using var seen = new SeenStatements(app.Database);
        async Task<bool> ReadsLeadsAsync()
        {
            const string Reads = "filter (where drafted_at is not null)";
            var before = seen.Count(Reads);
            time.Step(TimeSpan.FromSeconds(1));
            (await watch.LookAsync(CancellationToken.None)).ShouldNotBeNull().Id.ShouldBe(campaign.Id);
            return seen.Count(Reads) > before;
        }

        (await ReadsLeadsAsync()).ShouldBeTrue("it was never looked at");
        for (var second = 0; second < 5; second++) (await ReadsLeadsAsync()).ShouldBeFalse("nothing changed");
        await campaign.AskAsync();
        (await ReadsLeadsAsync()).ShouldBeTrue("an approval waits");
        var batch = Guid.CreateVersion7();
        foreach (var change in (string[])
        [
            "insert into batches (id, workspace_id, campaign_id, kind, parameters, state, is_open, total, created_at) values ($3, $1, $2, 'test', '{}', 'Running', true, 1, now())",
            "insert into jobs (id, batch_id, seq, workspace_id, campaign_id, kind, state, run_after) values (new_id(), $3, 1, $1, $2, 'test', 'Running', now())",
            "update jobs set checkpoint = '{\"page\": 2}' where batch_id = $3 and workspace_id = $1 and campaign_id = $2",
            "update jobs set state = 'Queued', failure = 'acme is down', run_after = now() + interval '1 hour' where batch_id = $3 and workspace_id = $1 and campaign_id = $2",
            "update batches set completed = 1 where id = $3 and workspace_id = $1 and campaign_id = $2",
            "update approvals set status = 'approved' where workspace_id = $1 and campaign_id = $2 and $3::uuid is not null",
            "update campaigns set cost_usd = 1 where workspace_id = $1 and id = $2 and $3::uuid is not null",
            "insert into receipt_heads (campaign_id, workspace_id, sequence, mac) select $2, $1, 1, '' where $3::uuid is not null",
            "update workflow_instances set paused = true where workspace_id = $1 and correlation_id is null and $2::uuid is not null and $3::uuid is not null",
        ])
        {
            (await app.Database.ExecuteAsync(change, campaign.WorkspaceId, campaign.Id, batch)).ShouldBe(1, change);
            (await ReadsLeadsAsync()).ShouldBeTrue(change);
            (await ReadsLeadsAsync()).ShouldBeFalse($"nothing after {change}");
        }

        // A job that goes on renews its lease, which changes nothing.
        await app.Database.ExecuteAsync("update jobs set lease_until = now() where batch_id = $1", batch);
        (await ReadsLeadsAsync()).ShouldBeFalse();
    }
}
