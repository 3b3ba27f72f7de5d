extern alias Sandbox;

using System.Text;
using SandboxOptions = Sandbox::LeadSens.Sandbox.SandboxOptions;

namespace LeadSens.Server.Tests.Sandbox;

public sealed class ControlTests : SandboxTest
{
    [Fact]
    public async Task Calls_are_logged_with_body_and_counted_by_operation()
    {
        var id = await CampaignAsync();
        await AddAsync(id, "ann@acme.com");
        await GetAsync($"/instantly/api/v2/campaigns/{id}");
        var call = (await Sandbox.CallsAsync("instantly", "leads/add")).ShouldHaveSingleItem();
        (call.Method, call.Status).ShouldBe(("POST", 200));
        call.Body.ShouldContain("ann@acme.com");
        var counts = await Sandbox.CountsAsync();
        counts.Single(count => count.Endpoint == "GET /api/v2/campaigns/{id}").Calls.ShouldBe(1);
        counts.Single(count => count.Endpoint == "POST /api/v2/leads/add").Statuses[200].ShouldBe(1);
    }

    [Fact]
    public async Task Model_calls_are_counted_by_task()
    {
        await AskAsync("lead_score", "<icp>{}</icp><lead>{}</lead>");
        (await Sandbox.CountsAsync()).ShouldHaveSingleItem().Endpoint.ShouldBe("POST /v1/chat/completions#lead_score");
    }

    [Fact]
    public async Task A_person_sees_a_page_and_a_wrong_fault_is_refused()
    {
        await CampaignAsync();
        var page = await Sandbox.Http.GetStringAsync("/_sandbox");
        page.ShouldContain("campaign.created");
        (await GetAsync("/_sandbox/mail")).Json.GetProperty("items").GetArrayLength().ShouldBe(0);
        using var body = new StringContent("""[{"mode":"explode"}]""", Encoding.UTF8, "application/json");
        ((int)(await Sandbox.Http.PutAsync("/_sandbox/faults", body)).StatusCode).ShouldBe(400);
    }

    [Fact]
    public async Task A_stopped_sandbox_with_a_state_file_forgets_nothing()
    {
        var file = Path.Combine(Directory.CreateTempSubdirectory("sandbox").FullName, "state");
        await RestartAsync(file);
        await Sandbox.ResetAsync(7);
        var campaign = await CampaignAsync("kept");
        await AddAsync(campaign, "ann@acme.com");
        await BuyAsync(20, "bought");
        var before = await Sandbox.WritesAsync();

        // What a kill leaves of a line that was being written.
        await Sandbox.DisposeAsync();
        await File.AppendAllTextAsync(file, """{"effect":"lead","id":""");
        await RestartAsync(file);

        (await Sandbox.WritesAsync()).ShouldBe(before, ignoreOrder: true);
        (await LeadsAsync(new { campaign })).ShouldHaveSingleItem();
        (await AddAsync(campaign, "ann@acme.com")).Json.GetProperty("skipped_count").GetInt32().ShouldBe(1);
        (await GetAsync("/_sandbox/health")).Json.GetProperty("seed").GetInt32().ShouldBe(7);
        await AddAsync(campaign, "bob@acme.com");
        await Sandbox.DisposeAsync();
        (await File.ReadAllLinesAsync(file))[^1].ShouldContain("bob@acme.com");
    }

    [Theory]
    [InlineData("--port", "70000")]
    [InlineData("--port")]
    [InlineData("--colour", "red")]
    public void A_wrong_argument_is_named(params string[] args) => SandboxOptions.Read(args, out _)!.ShouldStartWith(args[0]);
}
