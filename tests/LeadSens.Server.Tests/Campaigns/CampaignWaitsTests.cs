using System.Net.Http.Json;
using System.Text.Json;
using LeadSens.Server.Tests.Support;

namespace LeadSens.Server.Tests.Campaigns;

/// <summary>A campaign that stands still says why, and its run says at which box.</summary>
public sealed class CampaignWaitsTests
{
    [Fact]
    public async Task An_approval_says_how_many_leads_and_until_when()
    {
        await using var sandbox = await TestSandbox.StartAsync();
        await using var app = await TestApp.StartAsync(sandbox.BaseUrl);
        using var run = new CampaignRun(app);
        var id = await run.StartAsync(CampaignRun.Request(limit: 10));
        await run.UntilAsync(id, "AwaitingApproval");

        var wait = (await WaitsAsync(app, run, id)).Single();

        Say(wait).ShouldStartWith("Request approval | approval | a decision about ");
        (wait.GetProperty("until").GetDateTimeOffset() - wait.GetProperty("since").GetDateTimeOffset()).ShouldBe(TimeSpan.FromDays(7), TimeSpan.FromMinutes(1));
        wait.GetProperty("id").GetGuid().ShouldBe(await app.Database.ScalarAsync<Guid>("select id from approvals"));
    }

    [Fact]
    public async Task A_provider_that_is_down_is_named_at_the_box_that_needs_it()
    {
        await using var sandbox = await TestSandbox.StartAsync();
        await sandbox.FaultsAsync(new { vendor = "instantly", pathPrefix = "/api/v2/supersearch-enrichment/count", mode = "status", status = 503, rate = 1.0 });
        await using var app = await TestApp.StartAsync(sandbox.BaseUrl);
        using var run = new CampaignRun(app);
        var id = await run.StartAsync(CampaignRun.Request(limit: 10));
        await Eventually.Be(async () => (await run.GetAsync(id)).GetProperty("waitsFor").ValueKind == JsonValueKind.String, TimeSpan.FromSeconds(60));

        var wait = (await WaitsAsync(app, run, id)).Single();

        Say(wait).ShouldBe("Count leads | batch | an answer of the provider");
        wait.GetProperty("problem").GetString()!.ShouldContain("Instantly");
    }

    [Fact]
    public async Task A_drawn_delay_is_what_the_campaign_waits_for()
    {
        await using var sandbox = await TestSandbox.StartAsync();
        await using var app = await TestApp.StartAsync(sandbox.BaseUrl);
        using var run = new CampaignRun(app);
        await run.EditGraphAsync(graph =>
        {
            graph.Insert("rest", "Elsa.Delay", "count", "Done");
            graph.Set("rest", "timeSpan", "TimeSpan", "01:00:00");
        });
        Guid[] ids = [await run.StartAsync(CampaignRun.Request(limit: 10)), await run.StartAsync(CampaignRun.Request(limit: 10))];
        foreach (var id in ids)
            await Eventually.Be(async () => (await run.GetAsync(id)).GetProperty("waitsFor").GetString() is { } why && why.StartsWith("rest: the time that it was given, 20", StringComparison.Ordinal), TimeSpan.FromSeconds(60));

        using var statements = new SeenStatements(app.Database);
        var page = await run.Http.GetFromJsonAsync<JsonElement>("/api/campaigns");
        page.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("waitsFor").GetString()!).ShouldAllBe(why => why.StartsWith("rest: the time that it was given, 20"));
        statements.Count("workflow_bookmarks b\n").ShouldBe(1, "one look for the whole page");
    }

    [Fact]
    public async Task A_healthy_campaign_never_says_that_it_stands_still_however_often_it_is_asked()
    {
        await using var sandbox = await TestSandbox.StartAsync();
        await using var app = await TestApp.StartAsync(sandbox.BaseUrl);
        using var run = new CampaignRun(app);
        var id = await run.StartAsync(CampaignRun.Request(limit: 60));
        var instance = await app.Database.ScalarAsync<Guid>("select workflow_instance_id from campaigns where id = $1", id);
        using var over = new CancellationTokenSource();
        var asking = Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
        {
            var asked = 0;
            for (; !over.IsCancellationRequested; asked++)
            {
                foreach (var place in (string[])[$"/api/campaigns/{id}", "/api/campaigns", $"/api/workflow-instances/{instance}/waits"])
                {
                    var said = await run.Http.GetStringAsync(place);
                    said.ShouldNotContain("connections that nothing will follow", customMessage: place);
                    said.ShouldNotContain("\"stuck\"", customMessage: place);
                }
            }

            return asked;
        })).ToList();

        await run.DecideAsync(id);
        await run.UntilAsync(id, "Completed");
        await over.CancelAsync();

        (await Task.WhenAll(asking)).Sum().ShouldBeGreaterThan(50);
    }

    private static async Task<JsonElement[]> WaitsAsync(TestApp app, CampaignRun run, Guid id)
    {
        var instance = await app.Database.ScalarAsync<Guid>("select workflow_instance_id from campaigns where id = $1", id);
        return [.. (await run.Http.GetFromJsonAsync<JsonElement>($"/api/workflow-instances/{instance}/waits")).GetProperty("waits").EnumerateArray()];
    }

    private static string Say(JsonElement wait) => $"{wait.GetProperty("box").GetString()} | {wait.GetProperty("kind").GetString()} | {wait.GetProperty("for").GetString()}";
}
