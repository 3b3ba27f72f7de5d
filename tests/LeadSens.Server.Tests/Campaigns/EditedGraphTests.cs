using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using LeadSens.Server.Identity;
using LeadSens.Server.Tests.Support;

namespace LeadSens.Server.Tests.Campaigns;

/// <summary>The graph is not decoration: what is drawn in Studio is what is called, from the next campaign on. The one that runs keeps what it began with.</summary>
public sealed class EditedGraphTests : IAsyncLifetime
{
    private TestSandbox sandbox = null!;
    private TestApp app = null!;
    private CampaignRun run = null!;

    public async ValueTask InitializeAsync()
    {
        sandbox = await TestSandbox.StartAsync();
        app = await TestApp.StartAsync(sandbox.BaseUrl);
        run = new CampaignRun(app);
    }

    public async ValueTask DisposeAsync()
    {
        run.Dispose();
        await app.DisposeAsync();
        await sandbox.DisposeAsync();
    }

    [Fact]
    public async Task A_delay_holds_the_campaign_and_a_higher_threshold_drafts_fewer_leads()
    {
        await run.EditGraphAsync(graph =>
        {
            graph.Insert("cooling", "Elsa.Delay", "score", "Done");
            graph.Set("cooling", "timeSpan", "TimeSpan", "01:00:00");
        });
        var running = await StartAsync("France");
        await Eventually.Be(async () => await CountAsync("select count(*) from workflow_bookmarks b join campaigns c on c.workflow_instance_id = b.instance_id where c.id = $1 and b.activity_id = 'cooling'", running) == 1);
        await run.EditGraphAsync(graph =>
        {
            graph.Delete("cooling");
            graph.Connect("score", "Done", "filter");
            graph.Set("filter", "threshold", "Int32", 8);
        });

        var next = await StartAsync("Germany");
        await run.UntilAsync(next, "AwaitingApproval", "Completed");
        (await QualifiedAsync(next)).ShouldBe(await ScoredAsync(next, 8));
        (await ScoredAsync(next, 8)).ShouldBeLessThan(await ScoredAsync(next, 5));

        (await run.GetAsync(running)).GetProperty("status").GetString().ShouldBe("Running");
        await app.Database.ShiftClockAsync(TimeSpan.FromHours(1));
        await run.UntilAsync(running, "AwaitingApproval");
        (await QualifiedAsync(running)).ShouldBe(await ScoredAsync(running, 5));
        (await VersionsAsync()).ShouldBe([2, 3]);
    }

    [Fact]
    public async Task Without_the_CRM_box_nothing_is_written_to_HubSpot()
    {
        var running = await StartAsync("France");
        await run.UntilAsync(running, "AwaitingApproval");
        await run.EditGraphAsync(graph =>
        {
            graph.Delete("sync");
            graph.Connect("activate", "Done", "endDone");
        });

        var next = await StartAsync("Germany");
        await run.DecideAsync(next);
        var view = await run.UntilAsync(next, "Completed");
        Figure(view, "pushed").ShouldBeGreaterThan(0);
        Figure(view, "synced").ShouldBe(0);
        (await sandbox.WritesAsync("hubspot")).ShouldBeEmpty();

        await run.DecideAsync(running);
        Figure(await run.UntilAsync(running, "Completed"), "synced").ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task A_second_approval_asks_another_person_before_anything_is_pushed()
    {
        var running = await StartAsync("France");
        await run.UntilAsync(running, "AwaitingApproval");
        await run.EditGraphAsync(ConfirmApproval);

        var next = await StartAsync("Germany");
        await run.DecideAsync(next);
        var confirmation = await PendingAsync(next, 2);
        (await run.Http.DecideAsync(confirmation)).StatusCode.ShouldBe(HttpStatusCode.Forbidden, "whoever approved does not confirm");
        (await sandbox.WritesAsync("instantly", "lead.created")).ShouldBeEmpty();
        var approved = Figure(await run.GetAsync(next), "approved");
        await ConfirmAsync(confirmation, new[] { new { leadId = await LeadAsync(next), decision = "reject" } });
        Figure(await run.UntilAsync(next, "Completed"), "pushed").ShouldBe(approved - 1);

        await run.DecideAsync(running);
        await run.UntilAsync(running, "Completed");
        (await CountAsync("select count(*) from approvals where campaign_id = $1", running)).ShouldBe(1);
    }

    [Fact]
    public async Task What_the_second_approver_sends_back_is_written_anew_and_approved_by_both()
    {
        await run.EditGraphAsync(ConfirmApproval);
        var id = await StartAsync("Germany");
        await run.DecideAsync(id);
        var lead = await LeadAsync(id);
        await ConfirmAsync(await PendingAsync(id, 2), new[] { new { leadId = lead, decision = "requestChanges", comment = "Shorter." } });

        var again = await PendingAsync(id, 3);
        (await CountAsync("select lead_count::bigint from approvals where id = $1", again)).ShouldBe(1, "only what was sent back is asked again");
        await run.DecideAsync(id);
        (await sandbox.WritesAsync("instantly", "lead.created")).ShouldBeEmpty();
        await ConfirmAsync(await PendingAsync(id, 4));

        var view = await run.UntilAsync(id, "Completed");
        Figure(view, "pushed").ShouldBe(Figure(view, "approved"));
        (await app.Database.ScalarAsync<string>("select status from leads where id = $1", lead)).ShouldBe("Synced");
    }

    private static void ConfirmApproval(JsonObject graph)
    {
        graph.Insert("confirm", "LeadSens.RequestApproval", "approval", "Approved", "Approved");
        graph.Set("confirm", "bySomebodyElse", "Boolean", true);
        graph.Connect("confirm", "Rejected", "endRejected");
        graph.Connect("confirm", "ChangesRequested", "draft");
        graph.Connect("confirm", "TimedOut", "endTimedOut");
    }

    private Task<Guid> StartAsync(string country) => run.StartAsync(CampaignRun.Request(15, 5, country));

    /// <summary>The campaign's n-th approval, when it waits for a decision.</summary>
    private async Task<Guid> PendingAsync(Guid id, int number)
    {
        await Eventually.Be(async () => await CountAsync("select count(*) from approvals where campaign_id = $1", id) == number, TimeSpan.FromSeconds(60));
        return await app.Database.ScalarAsync<Guid>("select id from approvals where campaign_id = $1 and status = 'pending'", id);
    }

    /// <summary>Decides with another key of the workspace.</summary>
    private async Task ConfirmAsync(Guid approval, object? leads = null)
    {
        await app.Database.ExecuteAsync("insert into api_keys (id, workspace_id, name, key_hash) values ($1, $2, 'ben', $3) on conflict do nothing", approval, DemoWorkspace.Id, ApiKeys.Hash("ben's key"));
        using var ben = app.Client("ben's key");
        using var answer = await ben.DecideAsync(approval, leads: leads);
        answer.IsSuccessStatusCode.ShouldBeTrue(await answer.Content.ReadAsStringAsync());
    }

    private async Task<Guid> LeadAsync(Guid id) => await app.Database.ScalarAsync<Guid>("select id from leads where campaign_id = $1 and status = 'Approved' order by id limit 1", id);

    private async Task<long> QualifiedAsync(Guid id) => Figure(await run.GetAsync(id), "qualified");

    private Task<long> ScoredAsync(Guid id, int least) => CountAsync($"select count(*) from leads where campaign_id = $1 and score >= {least}", id);

    private async Task<List<int>> VersionsAsync() => await app.Database.ListAsync<int>("select definition_version from workflow_instances order by definition_version");

    private Task<long> CountAsync(string sql, Guid id) => app.Database.ScalarAsync<long>(sql, id);

    private static long Figure(JsonElement campaign, string name) => campaign.GetProperty("leads").GetProperty(name).GetInt64();
}
