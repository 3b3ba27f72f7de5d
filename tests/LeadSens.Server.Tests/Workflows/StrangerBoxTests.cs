using System.Text.Json;
using System.Text.Json.Nodes;
using LeadSens.Engine;
using LeadSens.Server.Tests.Support;
using LeadSens.Server.Workflows;
using Microsoft.Extensions.DependencyInjection;

namespace LeadSens.Server.Tests.Workflows;

/// <summary>Walks every box of the palette, in a workflow of somebody who knows ids of another workspace: as each input that may take an id, and as the correlation id.
/// Nothing of the other workspace changes, and nothing is called for it.</summary>
[Collection(typeof(ReachingStages))]
public sealed class StrangerBoxTests(StageApp house)
{
    /// <summary>Boxes that only run what is in them, or end the run; they have no input that means anything outside of it.</summary>
    private static readonly string[] Plain = ["Elsa.Flowchart", "Elsa.Sequence"];

    private readonly Guid stranger = Guid.CreateVersion7();

    [Fact]
    public async Task No_box_works_on_what_is_another_workspaces()
    {
        await house.ResetAsync();
        var (campaign, ids) = await VictimAsync();
        await house.Db.ExecuteAsync("insert into workspaces (id, name) values ($1, 'Stranger')", stranger);
        var before = await SnapshotAsync(campaign.WorkspaceId);
        var runs = new List<Run>();
        foreach (var box in Palette().Where(box => !Plain.Contains(box.TypeName)))
        {
            foreach (var (what, id) in ids)
            {
                foreach (var input in IdInputs(box)) runs.Add(await RunAsync(box, input.Name, what, id, correlation: null));
                if (box.Namespace == "LeadSens") runs.Add(await RunAsync(box, null, what, id, correlation: id));
            }
        }

        foreach (var run in runs.Where(run => run.Box.StartsWith("LeadSens.", StringComparison.Ordinal) && run.Box != "LeadSens.RefreshTokens"))
        {
            var (status, message) = await EndAsync(run.Id);
            status.ShouldBe("Faulted", $"{run.Box} with a stranger's {run.What} as {run.Input ?? "correlation id"}");
            message.ShouldContain(run.Input is null ? "correlation id" : "Campaign", Case.Sensitive, run.ToString());
        }

        // What a box could begin, it begins in the transaction of its burst.
        foreach (var table in (string[])["jobs", "approvals", "intents", "leads", "campaigns"])
            (await house.Db.ScalarAsync<long>($"select count(*) from {table} where workspace_id = $1", stranger)).ShouldBe(0, table);
        (await SnapshotAsync(campaign.WorkspaceId)).Except(before).ShouldBeEmpty();
        runs.Count.ShouldBeGreaterThan(100);
    }

    [Fact]
    public async Task In_its_own_workspace_every_box_takes_the_campaign()
    {
        await house.ResetAsync();
        var (campaign, _) = await VictimAsync();
        foreach (var box in Palette().Where(box => box.Namespace == "LeadSens" && box.TypeName != "LeadSens.RefreshTokens"))
        {
            var run = Guid.CreateVersion7();
            var json = Graphs.Line($"own-{box.Name}", Graphs.Box("box", box.TypeName, "campaignId", campaign.Id.ToString()));
            await PublishAsync(campaign.WorkspaceId, json);
            await Workflows.StartAsync($"own-{box.Name}", campaign.WorkspaceId, null, null, run, CancellationToken.None);
            (await house.Db.ScalarAsync<string>("select sub_status from workflow_instances where id = $1", run)).ShouldNotBe("Faulted", box.TypeName);
        }

        // Who looks at calls next shall see none of what was begun here.
        await house.Db.ExecuteAsync("delete from jobs where campaign_id = $1", campaign.Id);
    }

    /// <summary>A campaign with two leads at every point at which a stage takes them up, a round that waits, and the ids that somebody may have seen.</summary>
    private async Task<(ReviewedCampaign Campaign, Dictionary<string, Guid> Ids)> VictimAsync()
    {
        var campaign = await house.ApprovedAsync(4);
        await house.Db.ExecuteAsync("""
            update leads l set status = (array['Pushed', 'Approved'])[1 + n % 2] from (select id, row_number() over (order by id) - 1 as n from leads where campaign_id = $1) o where o.id = l.id
            """, campaign.Id);
        await house.Db.ExecuteAsync("""
            insert into leads (id, workspace_id, campaign_id, source, source_id, email, email_key, first_name, last_name, company_name, status, verification_status, source_verification, score, created_at, updated_at)
            select new_id(), $1, $2, 'instantly', 'm' || n, 'm' || n || '@acme.example', 'm' || n || '@acme.example', 'M', n::text, 'Acme', (array['Sourced', 'Scored', 'Qualified', 'Drafted'])[n], 'Verified', 1, 7, now(), now()
            from generate_series(1, 4) n
            """, campaign.WorkspaceId, campaign.Id);
        await house.Db.ExecuteAsync("""
            insert into drafts (lead_id, step, workspace_id, campaign_id, subject, body, language, prompt_version, created_at)
            select l.id, s, l.workspace_id, l.campaign_id, 'S', 'B', 'en', 'v1', now() from leads l, generate_series(1, 3) s where l.campaign_id = $1 and l.status = 'Drafted'
            on conflict do nothing
            """, campaign.Id);
        await house.Db.ExecuteAsync("update campaigns set push_campaign_id = 'theirs', status = 'Running' where id = $1", campaign.Id);
        var approval = await campaign.AskAsync();
        return (campaign, new()
        {
            ["campaign"] = campaign.Id,
            ["lead"] = (await campaign.LeadsAsync())[0],
            ["approval"] = approval,
            ["instance"] = campaign.InstanceId,
            ["workspace"] = campaign.WorkspaceId,
        });
    }

    private async Task<Run> RunAsync(ActivityDescriptor box, string? input, string what, Guid id, Guid? correlation)
    {
        var definition = $"s-{Guid.CreateVersion7():N}";
        await PublishAsync(stranger, Graphs.Line(definition, Graphs.Box("box", box.TypeName, input is null ? "title" : JsonNamingPolicy.CamelCase.ConvertName(input), id.ToString())));
        var run = Guid.CreateVersion7();
        await Workflows.StartAsync(definition, stranger, correlation?.ToString(), null, run, CancellationToken.None);
        return new(run, box.TypeName, input, what);
    }

    private async Task<(string? Status, string Message)> EndAsync(Guid run) => (
        await house.Db.ScalarAsync<string>("select sub_status from workflow_instances where id = $1", run),
        await house.Db.ScalarAsync<string>("select string_agg(message, ' ') from workflow_journal where instance_id = $1 and event_name = 'Faulted'", run) ?? "");

    /// <summary>By type: everything that can hold an id, so that a new input of a new box is walked as well. Of Elsa's own boxes those that are named as one.</summary>
    private static IEnumerable<InputDescriptor> IdInputs(ActivityDescriptor box) => box.Inputs.Where(input =>
        box.Namespace == "LeadSens" ? input.Name.EndsWith("Id", StringComparison.Ordinal) || input.TypeName is "Guid" or "Object"
        : input.TypeName is "String" or "Object" or "Guid" && (input.Name.EndsWith("Id", StringComparison.Ordinal) || input.UiHint.EndsWith("picker", StringComparison.Ordinal)));

    private IEnumerable<ActivityDescriptor> Palette() => house.App.Services.GetRequiredService<ActivityRegistry>().Descriptors;

    private WorkflowService Workflows => house.App.Services.GetRequiredService<WorkflowService>();

    private async Task PublishAsync(Guid workspace, string json) =>
        await house.App.Services.GetRequiredService<DefinitionStore>().SaveAsync(workspace, json, publish: true, CancellationToken.None);

    /// <summary>Everything that the workspace has, and what the Sandbox was asked.</summary>
    private async Task<List<string>> SnapshotAsync(Guid workspace)
    {
        var tables = await house.Db.ListAsync<string>("""
            select c.table_name::text from information_schema.columns c join information_schema.tables t using (table_schema, table_name)
            where c.table_schema = 'public' and c.column_name = 'workspace_id' and t.table_type = 'BASE TABLE' order by 1
            """);
        var text = new List<string>();
        // What the workspace itself did is still told and sealed in the background.
        text.Add($"outbox_events {await house.Db.ScalarAsync<long>("select count(*) from outbox_events where workspace_id = $1", workspace)}");
        foreach (var table in tables.Except(["audit_seals", "outbox_events", "campaign_counts", "campaign_count_changes"]))
            text.Add($"{table} {await house.Db.ScalarAsync<string>($"select count(*) || ' ' || coalesce(md5(string_agg(t::text, '|' order by t::text)), '') from {table} t where workspace_id = $1", workspace)}");
        text.Add($"approval_leads {await house.Db.ScalarAsync<string>("select md5(string_agg(al::text, '|' order by al::text)) from approval_leads al join approvals a on a.id = al.approval_id where a.workspace_id = $1", workspace)}");
        text.Add($"bookmarks {await house.Db.ScalarAsync<long>("select count(*) from workflow_bookmarks b join workflow_instances i on i.id = b.instance_id where i.workspace_id = $1", workspace)}");
        text.Add($"calls {string.Join(' ', (await house.Sandbox.CallsAsync()).GroupBy(call => call.Vendor).Select(vendor => $"{vendor.Key} {vendor.Count()}").Order())}");
        return text;
    }

    private sealed record Run(Guid Id, string Box, string? Input, string What);
}
