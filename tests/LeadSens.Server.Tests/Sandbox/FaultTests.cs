using System.Diagnostics;
using LeadSens.Server.Tests.Support;

namespace LeadSens.Server.Tests.Sandbox;

public sealed class FaultTests : SandboxTest
{
    private const string Contact = "/hubspot/crm/objects/2026-09/contacts";

    [Theory]
    [InlineData("instantly", "/instantly/api/v2/leads/add", 402, "statusCode")]
    [InlineData("hubspot", Contact, 429, "policyName")]
    [InlineData("mistral", "/mistral/v1/chat/completions", 503, "message")]
    [InlineData("jina", "/jina/https://a.com", 429, "readableMessage")]
    public async Task A_status_has_the_vendors_own_body(string vendor, string path, int status, string member)
    {
        await Sandbox.FaultsAsync(new { vendor, mode = "status", status, retryAfter = 7 });
        var answer = vendor == "jina" ? await GetAsync(path) : await PostAsync(path, new { });
        answer.Status.ShouldBe(status);
        answer.RetryAfter.ShouldBe(7);
        answer.Json.TryGetProperty(member, out _).ShouldBeTrue();
        (await Sandbox.WritesAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Malformed_answers_come_in_every_kind()
    {
        var body = new { properties = new { email = "a@b.co" } };
        foreach (var (variant, check) in new (string, Action<Answer>)[]
        {
            ("html", answer => answer.Text.ShouldStartWith("<!DOCTYPE html>")),
            ("empty", answer => answer.Text.ShouldBeEmpty()),
            ("json", answer => Should.Throw<System.Text.Json.JsonException>(() => answer.Json)),
            ("errorInside", answer => answer.Json.GetProperty("status").GetString().ShouldBe("error")),
        })
        {
            await Sandbox.FaultsAsync(new { vendor = "hubspot", mode = "malformed", variant });
            check(await PostAsync($"{Contact}/batch/upsert", new { inputs = new[] { new { idProperty = "email", id = "a@b.co", body.properties } } }));
        }
    }

    [Fact]
    public async Task A_dropped_write_took_effect_and_a_reset_one_did_not()
    {
        var campaign = await CampaignAsync();
        await Sandbox.FaultsAsync(new { vendor = "instantly", pathPrefix = "/api/v2/leads/add", mode = "reset" });
        await Should.ThrowAsync<HttpRequestException>(() => AddAsync(campaign, "a@b.co"));
        (await Sandbox.WritesAsync("instantly", "lead.created")).ShouldBeEmpty();

        await Sandbox.FaultsAsync(new { vendor = "instantly", pathPrefix = "/api/v2/leads/add", mode = "acceptThenDrop" });
        await Should.ThrowAsync<HttpRequestException>(() => AddAsync(campaign, "a@b.co"));
        (await Sandbox.WritesAsync("instantly", "lead.created")).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_late_write_takes_effect_after_the_connection_died()
    {
        var campaign = await CampaignAsync();
        await Sandbox.FaultsAsync(new { vendor = "instantly", pathPrefix = "/api/v2/leads/add", mode = "acceptLate", delayMs = 300 });
        await Should.ThrowAsync<HttpRequestException>(() => AddAsync(campaign, "a@b.co"));
        (await Sandbox.WritesAsync("instantly", "lead.created")).ShouldBeEmpty();
        await Eventually.Be(async () => (await Sandbox.WritesAsync("instantly", "lead.created")).Count == 1);
    }

    [Fact]
    public async Task A_lagging_read_shows_a_write_only_later()
    {
        var campaign = await CampaignAsync();
        await Sandbox.FaultsAsync(new { vendor = "instantly", pathPrefix = "/api/v2/leads/list", mode = "readLag", delayMs = 400 });
        await AddAsync(campaign, "a@b.co");
        (await LeadsAsync(new { campaign })).ShouldBeEmpty();
        await Eventually.Be(async () => (await LeadsAsync(new { campaign })).Count == 1);
    }

    [Fact]
    public async Task Ignored_skip_flags_create_duplicates_that_the_log_shows()
    {
        var campaign = await CampaignAsync();
        await Sandbox.FaultsAsync(new { vendor = "instantly", mode = "ignoreSkipFlags" });
        await AddAsync(campaign, "a@b.co");
        await AddAsync(campaign, "a@b.co");
        (await Sandbox.WritesAsync("instantly", "lead.created")).ShouldHaveSingleItem().Count.ShouldBe(2);
    }

    [Fact]
    public async Task Silence_lasts_until_the_client_leaves()
    {
        await Sandbox.FaultsAsync(new { vendor = "jina", mode = "timeout" });
        using var patience = new CancellationTokenSource(TimeSpan.FromMilliseconds(150));
        await Should.ThrowAsync<OperationCanceledException>(() => Sandbox.Http.GetAsync("/jina/https://a.com", patience.Token));
    }

    [Fact]
    public async Task A_rate_hits_its_share_of_the_calls_and_the_same_ones_again()
    {
        var first = await HitsAsync();
        await Sandbox.ResetAsync();
        var second = await HitsAsync();
        first.Count(hit => hit).ShouldBeInRange(10, 50);
        second.ShouldBe(first);
    }

    [Fact]
    public async Task A_limit_refuses_what_is_above_it_and_says_how_long()
    {
        await Sandbox.LimitsAsync(new { vendor = "jina", requests = 3, seconds = 60 });
        var answers = new List<Answer>();
        for (var i = 0; i < 5; i++) answers.Add(await GetAsync("/jina/https://brightfieldlabs.com"));
        answers.Select(answer => answer.Status).ShouldBe([200, 200, 200, 429, 429]);
        answers[3].RetryAfter!.Value.ShouldBeInRange(55, 60);
    }

    [Fact]
    public async Task A_thousand_calls_at_once_each_take_the_latency()
    {
        await GetAsync("/jina/https://brightfieldlabs.com");
        await Sandbox.LatencyAsync(200);
        var started = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, 1000).Select(_ => GetAsync("/jina/https://brightfieldlabs.com")));
        Stopwatch.GetElapsedTime(started).TotalSeconds.ShouldBeInRange(0.195, 5);
    }

    private async Task<List<bool>> HitsAsync()
    {
        await Sandbox.FaultsAsync(new { vendor = "jina", mode = "status", status = 500, rate = 0.15 });
        var hits = new List<bool>();
        for (var i = 0; i < 200; i++) hits.Add((await GetAsync("/jina/https://brightfieldlabs.com")).Status == 500);
        return hits;
    }
}
