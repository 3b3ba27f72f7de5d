using LeadSens.Server.Connections;
using LeadSens.Server.Data;
using LeadSens.Server.Discovery;
using LeadSens.Server.Jobs;
using LeadSens.Server.Tests.Connections;
using LeadSens.Server.Tests.Support;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace LeadSens.Server.Tests.Discovery;

/// <summary>The leads are bought, reading them goes wrong.</summary>
[Collection<FindingStages>]
public sealed class ListReaderTests(StageApp stage) : StageFaults(stage)
{
    private const string Prefix = "/api/v2/leads/list";

    private protected override string Kind => "campaign.source";

    private protected override FaultTarget Target => new("instantly", Prefix, Contains: "starting_after");

    private protected override int Calls => 3;

    private protected override string Before => "0 leads, 0 receipts";

    private protected override string Waiting => "100 leads, 1 receipts";

    private protected override string Done => "250 leads, 1 receipts";

    private protected override string Lost => "100 leads, 1 receipts";

    private protected override Task<ReviewedCampaign> ArrangeAsync() => Stage.SearchAsync(limit: 250);

    private protected override Task<string?> StateAsync(ReviewedCampaign campaign) => SourceHandlerTests.SourcedAsync(Db, campaign);

    [Theory]
    [InlineData(0.06)]
    [InlineData(0.4)]
    public async Task Pages_that_fail_now_and_then_hold_up_nobody(double rate)
    {
        var campaign = await Stage.SearchAsync(limit: 3_000);
        await Sandbox.FaultsAsync(new { mode = "status", status = 500, vendor = "instantly", pathPrefix = Prefix, rate });

        var batch = await OpenAsync(campaign);
        (await App.EndBatchAsync(batch)).ShouldBe("1 1 0 0 0");

        (await Db.ScalarAsync<long>("select count(*) from leads where campaign_id = $1", campaign.Id)).ShouldBe(3_000);
        // By the database's clock, which jumps over every wait.
        (await Db.ScalarAsync<double>("select extract(epoch from completed_at - created_at)::float8 from batches where id = $1", batch)).ShouldBeLessThan(60);
    }

    [Fact]
    public async Task Every_call_takes_the_accounts_limit_the_poll_too()
    {
        // A machine that is busy may bring calls nearer to each other than they were let go.
        const int PerSecond = 10, MostPerSecond = 15;
        var rule = new AccountLimits { RequestsPerSecond = PerSecond };
        await using var limited = await Stage.LimitAsync(new(rule.EffectiveRate, rule.EffectiveBurst));
        await Sandbox.LimitsAsync(new { vendor = "instantly", requests = MostPerSecond, seconds = 1 });

        var campaign = await Stage.SearchAsync(limit: 1_500);
        (await App.EndBatchAsync(await OpenAsync(campaign))).ShouldBe("1 1 0 0 0");

        var calls = (await Sandbox.CallsAsync("instantly")).OrderBy(call => call.At).ToList();
        calls.ShouldAllBe(call => call.Status == 200);
        calls.ShouldContain(call => call.Path.StartsWith("/api/v2/supersearch-enrichment/", StringComparison.Ordinal) && call.Method == "GET", "it asked whether the list is filled");
        for (var last = MostPerSecond; last < calls.Count; last++) (calls[last].At - calls[last - MostPerSecond].At).TotalSeconds.ShouldBeGreaterThan(1);
    }

    [Fact]
    public async Task An_empty_page_in_the_middle_is_not_the_end_and_what_no_list_should_hold_costs_no_lead() =>
        (await ReadAsync(new()
        {
            [""] = """{"items":[null,{"id":"a","email":"a@odd.example","verification_status":"1"},{"id":"a","email":"a@odd.example"},{"id":"b","first_name":"Zero\u0000","company_name":"Cut \ud83d","payload":{"city":"\udc00"}}],"next_starting_after":"1"}""",
            ["1"] = """{"items":[],"next_starting_after":"2"}""",
            ["2"] = """{"items":[{"id":"c","email":"c@odd.example"}],"next_starting_after":"3"}""",
            ["3"] = """{"items":[],"next_starting_after":"3"}""",
        })).ShouldBe((null, "a b c"));

    [Fact]
    public async Task A_list_whose_pages_lead_in_circles_ends_and_says_so()
    {
        var (failure, leads) = await ReadAsync(new()
        {
            [""] = """{"items":[{"id":"a"}],"next_starting_after":"1"}""",
            ["1"] = """{"items":[{"id":"b"}],"next_starting_after":"2"}""",
            ["2"] = """{"items":[{"id":"c"}],"next_starting_after":"1"}""",
        });
        failure.ShouldNotBeNull().ShouldContain("has no end");
        leads.ShouldBe("a b c");
    }

    [Fact]
    public async Task A_list_that_always_names_a_next_page_ends_for_good_and_keeps_what_it_held()
    {
        var (read, leads, pages) = await ReadPagesAsync((cursor, _) => Task.FromResult($$"""{"items":[{"id":"{{(cursor.Length == 0 ? "a" : "b")}}"}],"next_starting_after":"{{cursor}}1"}"""));
        read.Failure.ShouldNotBeNull().Message.ShouldContain("more than its list can fill");
        read.Failure.Kind.ShouldBe(ProviderFailureKind.Invalid, "each page gives the job all its attempts again");
        leads.ShouldBe("a b");
        pages.ShouldBeLessThan(400);
    }

    [Fact]
    public async Task A_campaign_that_is_cancelled_is_read_no_further()
    {
        var (read, leads, pages) = await ReadPagesAsync(async (cursor, campaign) =>
        {
            if (cursor.Length == 1) await Db.ExecuteAsync("update campaigns set status = 'Cancelled' where id = $1", campaign.Id);
            return $$"""{"items":[{"id":"{{cursor}}a"}],"next_starting_after":"{{cursor}}1"}""";
        });
        read.Cancelled.ShouldBeTrue();
        read.Failure.ShouldBeNull();
        pages.ShouldBeLessThanOrEqualTo(3, "what was asked for meanwhile");
        leads.ShouldNotBeNull().ShouldNotContain("11a");
    }

    /// <summary>Reads a list of these pages, by their cursors.</summary>
    private async Task<(string? Failure, string? Leads)> ReadAsync(Dictionary<string, string> pages)
    {
        var (read, leads, _) = await ReadPagesAsync((cursor, _) => Task.FromResult(pages[cursor]));
        return (read.Failure?.Message, leads);
    }

    private async Task<(ListRead Read, string? Leads, int Pages)> ReadPagesAsync(Func<string, ReviewedCampaign, Task<string>> page)
    {
        var campaign = await Stage.SearchAsync(limit: 100);
        await using var provider = await ScriptedProvider.StartAsync(async context =>
        {
            var cursor = System.Text.RegularExpressions.Regex.Match(context.Items[ScriptedProvider.BodyKey] as string ?? "", "starting_after\":\"([^\"]*)").Groups[1].Value;
            context.Response.ContentType = "application/json";
            await context.Response.WriteAsync(await page(cursor, campaign));
        });
        var job = new ClaimedJob(Guid.CreateVersion7(), Guid.CreateVersion7(), campaign.WorkspaceId, campaign.Id, null, 1, Guid.CreateVersion7(), default, default, default);
        using var scope = DatabaseScope.Work(campaign.WorkspaceId);
        var read = await App.Services.GetRequiredService<ListReader>()
            .ReadAsync(job, TestClients.Account("instantly", provider.Url), new("list", null), 100, new Progress(), CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(20));
        return (read, await Db.ScalarAsync<string>("select string_agg(source_id, ' ' order by source_id) from leads where campaign_id = $1", campaign.Id), provider.Calls.Count);
    }

    private sealed class Progress : JobProgress
    {
        public override void Checkpoint(System.Text.Json.JsonElement checkpoint) { }
    }

    [Fact]
    public async Task Pages_that_are_stored_are_not_read_again_and_nothing_is_bought_again()
    {
        var campaign = await ArrangeAsync();
        await Sandbox.FaultsAsync(Target.With(BadAnswer.Of(500), times: 2));

        await EndsWellAsync(campaign, await OpenAsync(campaign));

        var pages = await new FaultTarget("instantly", Prefix).CallsAsync(Sandbox);
        pages.Where(page => page.Status == 200).Select(page => page.Body).ShouldBeUnique();
        pages.Count(page => !page.Body.Contains("starting_after", StringComparison.Ordinal)).ShouldBe(1, "the first page is stored");
        (await Sandbox.WritesAsync("instantly", "credits.spent")).ShouldHaveSingleItem().Count.ShouldBe(1);
        (await Sandbox.CallsAsync("instantly", "/api/v2/supersearch-enrichment/enrich")).Count.ShouldBe(1);
    }
}
