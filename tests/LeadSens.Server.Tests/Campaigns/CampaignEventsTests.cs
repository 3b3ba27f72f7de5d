using System.Net.ServerSentEvents;
using System.Text.Json;
using LeadSens.Server.Campaigns;
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
        await app.Database.ExecuteAsync("create extension if not exists pg_stat_statements");
        Task<long> LooksAsync() => app.Database.ScalarAsync<long>("""
            select coalesce(sum(calls), 0)::bigint from pg_stat_statements
            where dbid = (select oid from pg_database where datname = current_database()) and query like '%leads_counted, cost_usd%from campaigns where workspace_id%' and query not like '%pg_stat%'
            """);
        var looks = app.Services.GetRequiredService<CampaignLooks>();
        var watchers = Enumerable.Range(0, 50).Select(_ => looks.Begin(workspace, id)).ToList();
        var before = await LooksAsync();

        var seen = await Task.WhenAll(watchers.Select(watcher => watcher.LookAsync(CancellationToken.None)));

        seen.ShouldAllBe(view => view!.Id == id);
        (await LooksAsync() - before).ShouldBe(1);
        foreach (var watcher in watchers) watcher.Dispose();
    }
}
