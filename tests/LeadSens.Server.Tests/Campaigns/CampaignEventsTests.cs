using System.Net.ServerSentEvents;
using System.Text.Json;
using LeadSens.Server.Changes;
using LeadSens.Server.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace LeadSens.Server.Tests.Campaigns;

public sealed class CampaignEventsTests
{
    private const string OfCampaign = "workspace_id = $1 and campaign_id = $2";

    private const string OfItsRun = "workspace_id = $1 and id = (select workflow_instance_id from campaigns where id = $2) and $3::uuid is not null";

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
    public async Task However_many_watch_a_campaign_it_is_read_for_all_of_them_together()
    {
        await using var app = await TestApp.StartAsync();
        using var run = new CampaignRun(app);
        var request = CampaignRun.Request();
        request["start"] = false;
        var id = await run.StartAsync(request);
        using var seen = new SeenStatements(app.Database);
        int Reads() => seen.Count("select id, name, status, coalesce(waits_for");
        var streams = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => ReadAsync(run.Http, id)));
        async Task ChangeAsync(int cost)
        {
            await app.Database.ExecuteAsync("update campaigns set cost_usd = $2 where id = $1", id, cost);
            foreach (var views in streams) (await NextAsync(views)).GetProperty("cost").GetProperty("usd").GetDecimal().ShouldBe(cost);
        }

        foreach (var views in streams) await NextAsync(views);
        Reads().ShouldBeGreaterThanOrEqualTo(20, "each begins with its own");
        // They began at different moments; the first change finds all of them waiting.
        await ChangeAsync(1);
        var before = Reads();
        await ChangeAsync(2);

        (Reads() - before).ShouldBeLessThan(5, "not once for each of them");
        foreach (var views in streams) await views.DisposeAsync();
    }

    [Fact]
    public async Task Whatever_changes_how_a_campaign_looks_is_told_and_nothing_else()
    {
        await using var db = await TestPostgres.NewDatabaseAsync();
        var campaign = await ReviewedCampaign.CreateAsync(db, 3);
        using var hub = new ChangeHub(db.DataSource, TimeProvider.System, NullLogger<ChangeHub>.Instance);
        using var watch = hub.Begin(campaign.WorkspaceId, only: new(ChangeKind.Campaign, campaign.Id))!;
        async Task<bool> IsToldAsync()
        {
            await hub.LookAsync(CancellationToken.None);
            if (!await watch.WaitAsync(TimeSpan.Zero, TimeProvider.System, CancellationToken.None)) return false;
            watch.Take();
            return true;
        }

        // At the beginning, and once more where somebody else on this PostgreSQL was at work.
        await Eventually.Be(async () => !await IsToldAsync() && watch.Mark is not null);
        await campaign.AskAsync();
        (await IsToldAsync()).ShouldBeTrue("an approval waits");
        var batch = Guid.CreateVersion7();
        foreach (var (told, change) in ((bool, string)[])
        [
            (false, """
                insert into batches (id, workspace_id, campaign_id, kind, parameters, state, is_open, total, created_at)
                values ($3, $1, $2, 'test', '{}', 'Running', true, 1, now())
                """),
            (false, """
                insert into jobs (id, batch_id, seq, workspace_id, campaign_id, kind, state, run_after)
                values (new_id(), $3, 1, $1, $2, 'test', 'Running', now())
                """),
            (false, $"update jobs set checkpoint = '[2]', lease_until = now() where batch_id = $3 and {OfCampaign}"),
            (true, $"update jobs set state = 'Queued', failure = 'acme is down', run_after = now() + interval '1 hour' where batch_id = $3 and {OfCampaign}"),
            (true, $"update jobs set state = 'Running' where batch_id = $3 and {OfCampaign}"),
            (true, $"update batches set paused_detail = 'The budget is used up.' where id = $3 and {OfCampaign}"),
            (true, $"update batches set completed = 1, is_open = false where id = $3 and {OfCampaign}"),
            (true, $"update approvals set status = 'approved' where {OfCampaign} and $3::uuid is not null"),
            (false, "update campaigns set cost_reserved_usd = 1 where workspace_id = $1 and id = $2 and $3::uuid is not null"),
            (true, "update campaigns set cost_usd = 1 where workspace_id = $1 and id = $2 and $3::uuid is not null"),
            (true, $"update leads set status = 'Failed' where id = (select id from leads where {OfCampaign} limit 1) and $3::uuid is not null"),
            (false, $"update leads set failure = 'Not checked.' where id = (select id from leads where {OfCampaign} limit 1) and $3::uuid is not null"),
            (true, """
                insert into intents (id, workspace_id, campaign_id, account, kind, subject, state, created_at, updated_at)
                values ($3, $1, $2, 'a', 'lead.add', 's', 'planned', now(), now())
                """),
            (false, $"update intents set state = 'sent' where id = $3 and {OfCampaign}"),
            (true, $"update intents set state = 'done' where id = $3 and {OfCampaign}"),
            (true, $"update workflow_instances set paused = true where {OfItsRun}"),
            (false, $"update workflow_instances set lease_until = now() where {OfItsRun}"),
        ])
        {
            (await db.ExecuteAsync(change, campaign.WorkspaceId, campaign.Id, batch)).ShouldBe(1, change);
            (await IsToldAsync()).ShouldBe(told, change);
            (await IsToldAsync()).ShouldBeFalse($"nothing after {change}");
        }
    }

    private static async Task<IAsyncEnumerator<SseItem<string>>> ReadAsync(HttpClient http, Guid campaign) =>
        SseParser.Create(await http.GetStreamAsync($"/api/campaigns/{campaign}/events")).EnumerateAsync().GetAsyncEnumerator();

    private static async Task<JsonElement> NextAsync(IAsyncEnumerator<SseItem<string>> views)
    {
        (await views.MoveNextAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(30))).ShouldBeTrue();
        return JsonElement.Parse(views.Current.Data);
    }
}
