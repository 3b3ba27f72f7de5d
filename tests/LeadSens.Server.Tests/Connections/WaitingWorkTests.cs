using System.Net.Http.Json;
using System.Text.Json;
using LeadSens.Server.Tests.Campaigns;
using LeadSens.Server.Tests.Support;

namespace LeadSens.Server.Tests.Connections;

/// <summary>Work that needs a connection waits for it and loses nothing.</summary>
public sealed class WaitingWorkTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task A_campaign_waits_out_a_disconnected_and_a_broken_connection_and_loses_no_lead()
    {
        await using var sandbox = await TestSandbox.StartAsync();
        await using var app = await TestApp.StartAsync(sandbox.BaseUrl);
        using var run = new CampaignRun(app);
        await ConnectAsync(run, "instantly", "sandbox-first");
        var model = await ConnectAsync(run, "mistral", "sandbox-model");
        await sandbox.LatencyAsync(150, "mistral");
        var id = await run.StartAsync(CampaignRun.Request(limit: 20));

        // Disconnected while jobs run.
        await Eventually.Be(() => app.Database.ScalarAsync<bool>("select exists (select from jobs where kind = 'lead.score' and state = 'Running')"), Patience);
        (await run.Http.DeleteAsync($"/api/connections/{model}")).EnsureSuccessStatusCode();
        await WaitsForAsync(run, id, "The connection to Mistral was disconnected");
        await ConnectAsync(run, "mistral", "sandbox-other-model");

        // Sealed with a key that is gone.
        await app.Database.ExecuteAsync("update connections set credentials = set_byte(credentials, 20, 255 - get_byte(credentials, 20)) where provider = 'mistral'");
        await WaitsForAsync(run, id, "sealed with another encryption key");
        await sandbox.LatencyAsync(0);
        await ConnectAsync(run, "mistral", "sandbox-third-model");

        // Withdrawn at the vendor, which only a refused call shows.
        await run.UntilAsync(id, "AwaitingApproval");
        (await sandbox.Http.PutAsJsonAsync("/_sandbox/credentials", new { revoked = new[] { "sandbox-first" } })).EnsureSuccessStatusCode();
        await run.DecideAsync(id);
        await WaitsForAsync(run, id, "Connect Instantly again");
        var list = await run.Http.GetFromJsonAsync<JsonElement>("/api/connections");
        list.GetProperty("items").EnumerateArray().Single(one => one.GetProperty("provider").GetString() == "instantly").GetProperty("state").GetString().ShouldBe("broken");
        (await run.GetAsync(id)).GetProperty("leads").GetProperty("pushed").GetInt64().ShouldBe(0);
        await ConnectAsync(run, "instantly", "sandbox-second");

        var ended = await run.UntilAsync(id, "Completed");
        var leads = ended.GetProperty("leads");
        (leads.GetProperty("failed").GetInt64(), leads.GetProperty("pushed").GetInt64()).ShouldBe((0, leads.GetProperty("approved").GetInt64()), leads.ToString());
        leads.GetProperty("pushed").GetInt64().ShouldBeGreaterThan(0);
        (await app.Database.ScalarAsync<long>("select count(*) from jobs where state in ('Failed', 'Cancelled') or attempts > 1")).ShouldBe(0);
        (await sandbox.WritesAsync("instantly", "lead.created")).ShouldAllBe(write => write.Count == 1);
    }

    private static async Task<Guid> ConnectAsync(CampaignRun run, string provider, string apiKey)
    {
        var answer = await run.Http.PutAsJsonAsync($"/api/connections/{provider}", new { apiKey });
        var body = await answer.Content.ReadAsStringAsync();
        answer.IsSuccessStatusCode.ShouldBeTrue(body);
        return JsonElement.Parse(body).GetProperty("id").GetGuid();
    }

    private static Task WaitsForAsync(CampaignRun run, Guid id, string what) => Eventually.Be(
        async () => (await run.GetAsync(id)).GetProperty("waitsFor").GetString()?.Contains(what, StringComparison.Ordinal) == true, Patience, what);
}
