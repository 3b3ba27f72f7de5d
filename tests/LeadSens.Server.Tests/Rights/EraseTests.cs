using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using LeadSens.Server.Rights;
using LeadSens.Server.Tests.Campaigns;
using LeadSens.Server.Tests.Identity;
using LeadSens.Server.Tests.Support;
using LeadSens.Server.Tests.Workflows.Http;
using Microsoft.Extensions.DependencyInjection;

namespace LeadSens.Server.Tests.Rights;

/// <summary>A person goes through whole campaigns and is erased; afterwards the database is searched for what it was called.</summary>
public sealed class EraseTests : IAsyncLifetime
{
    private TestSandbox sandbox = null!;
    private TestApp app = null!;
    private CampaignRun run = null!;

    public async ValueTask InitializeAsync()
    {
        sandbox = await TestSandbox.StartAsync();
        app = await TestApp.StartAsync(sandbox.BaseUrl, settings: [("Jobs:Sweep", "00:00:00.100"), ("Intents:SandboxSettleTime", "00:00:00.500")]);
        run = new(app);
    }

    public async ValueTask DisposeAsync()
    {
        run.Dispose();
        await app.DisposeAsync();
        await sandbox.DisposeAsync();
    }

    [Fact]
    public async Task Nothing_in_the_database_names_an_erased_person_and_nobody_comes_back()
    {
        var campaign = await run.StartAsync(CampaignRun.Request(limit: 10));
        await run.UntilAsync(campaign, "AwaitingApproval");
        var person = await PersonAsync(campaign, "Drafted");
        await LeaveTracesAsync(person);
        await run.DecideAsync(campaign, comment: $"Fine, also {person.Name} <{person.Email}>", leads:
            [new { leadId = person.Id, comment = $"{person.Name} is a friend", edits = new[] { new { step = 1, body = $"Dear {person.Name}, write to me." } } }]);
        await run.UntilAsync(campaign, "Completed");
        (await TracesAsync(person)).ShouldNotBeEmpty("the person is in the database before");

        var export = await run.Http.GetFromJsonAsync<JsonElement>($"/api/leads/{person.Id}/export");
        var erased = await People.JsonAsync(await run.Http.DeleteAsync($"/api/leads/{person.Id}"));

        export.GetProperty("leads")[0].GetProperty("email").GetString().ShouldBe(person.Email);
        (export.GetProperty("contacts").GetArrayLength(), export.GetProperty("records").GetArrayLength(), export.GetProperty("enrichments").GetArrayLength()).ShouldBe((1, 1, 1));
        (export.GetProperty("drafts").GetArrayLength(), export.GetProperty("receipts").GetArrayLength(), export.GetProperty("approvals").GetArrayLength()).ShouldBe((3, 1, 1));
        erased.GetProperty("state").GetString().ShouldBe("settling");
        erased.GetProperty("remaining").EnumerateArray().Select(rest => $"{rest.GetProperty("provider").GetString()} {rest.GetProperty("id").GetString()?.Length > 0}").Order().ShouldBe(["hubspot True", "instantly True"]);
        (await TracesAsync(person)).ShouldBeEmpty();
        (await run.Http.GetAsync($"/api/leads/{person.Id}")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await run.Http.DeleteAsync($"/api/leads/{person.Id}")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await run.Http.GetFromJsonAsync<JsonElement>($"/api/campaigns/{campaign}/receipts/verification")).GetProperty("valid").GetBoolean().ShouldBeTrue();
        // What something under way knew is written a little later.
        await app.Database.ExecuteAsync("update jobs set failure = $1 where id = (select id from jobs limit 1)", $"{person.Email} again");
        await app.Database.ExecuteAsync("""
            insert into drafts (lead_id, step, workspace_id, campaign_id, subject, body, language, prompt_version, created_at)
            select id, 1, workspace_id, campaign_id, 'Hello', $2, 'en', 'v1', now() from leads where id = $1
            """, person.Id, $"Dear {person.Email}");
        await SettleAsync();
        (await TracesAsync(person)).ShouldBeEmpty();
        (await app.Database.ScalarAsync<long>("select count(*) from erasures where state <> 'done' or sealed_person is not null")).ShouldBe(0);

        var second = await run.StartAsync(CampaignRun.Request(limit: 10));
        await run.UntilAsync(second, "AwaitingApproval", "Completed");
        (await TracesAsync(person)).ShouldBeEmpty();
        (await app.Database.ScalarAsync<long>("select count(*) from leads where campaign_id = $1 and erased_at is not null and status = 'Suppressed'", second)).ShouldBe(1);
        (await app.Database.ScalarAsync<long>("select count(*) from leads where campaign_id = $1", second)).ShouldBe(10);
    }

    [Fact]
    public async Task Erasing_during_a_campaign_loses_nothing_else()
    {
        var campaign = await run.StartAsync(CampaignRun.Request(limit: 20));
        await run.UntilAsync(campaign, "AwaitingApproval");
        var person = await PersonAsync(campaign, "Drafted");
        var others = await app.Database.ScalarAsync<long>("select count(*) from leads where campaign_id = $1 and status = 'Drafted' and verification_status = 'Verified' and id <> $2", campaign, person.Id);

        var answers = await Task.WhenAll(run.Http.DeleteAsync($"/api/leads/{person.Id}"), run.Http.PostAsJsonAsync("/api/rights/erase", new { email = person.Email!.ToUpperInvariant() }));
        answers.ShouldAllBe(answer => answer.IsSuccessStatusCode);
        await run.DecideAsync(campaign);
        var view = await run.UntilAsync(campaign, "Completed");

        view.GetProperty("leads").GetProperty("approved").GetInt64().ShouldBe(others);
        view.GetProperty("pushes").GetProperty("receipts").GetInt64().ShouldBe(others);
        (await TracesAsync(person)).ShouldBeEmpty();
        (await sandbox.WritesAsync("instantly", "lead.created")).ShouldNotContain(write => write.Key.Contains(person.Email!, StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task The_last_lead_of_a_review_ends_it()
    {
        var campaign = await run.StartAsync(CampaignRun.Request(limit: 5));
        await run.UntilAsync(campaign, "AwaitingApproval");
        foreach (var id in await app.Database.ListAsync<Guid>("select lead_id from approval_leads"))
            (await run.Http.DeleteAsync($"/api/leads/{id}")).EnsureSuccessStatusCode();

        var view = await run.UntilAsync(campaign, "Completed");
        view.GetProperty("pushes").GetProperty("intents").GetInt64().ShouldBe(0);
    }

    /// <summary>Who fills in a form chooses the name.</summary>
    [Fact]
    public async Task A_name_that_looks_like_what_runs_store_harms_none()
    {
        var campaign = await run.StartAsync(CampaignRun.Request(limit: 25));
        await run.UntilAsync(campaign, "AwaitingApproval");
        var names = new[] { ("", "variables"), ("", "\",\"type\""), ("", "\": \""), ("null,", "\"failure\": null"), ("5,", "\"x"), ("First", "Name") };
        var leads = await app.Database.ListAsync<Guid>("select lead_id from approval_leads order by lead_id limit 6");
        await app.Database.ExecuteAsync("""update jobs set checkpoint = '{"First Name": null, "note": "Dear First Name,"}' where lead_id is null""");
        foreach (var (lead, (first, last)) in leads.Zip(names))
        {
            await app.Database.ExecuteAsync("update leads set first_name = $2, last_name = $3 where id = $1", lead, first, last);
            (await run.Http.DeleteAsync($"/api/leads/{lead}")).StatusCode.ShouldBe(HttpStatusCode.OK, $"{first} {last}");
        }

        (await app.Database.ListAsync<string>("select distinct checkpoint::text from jobs where lead_id is null")).ShouldBe(["""{"note": "Dear [erased],", "First Name": null}"""]);
        await run.DecideAsync(campaign);
        await run.UntilAsync(campaign, "Completed");
    }

    [Fact]
    public async Task A_forged_receipt_stays_forged_when_its_person_is_erased()
    {
        var campaign = await run.StartAsync(CampaignRun.Request(limit: 10));
        await run.DecideAsync(campaign);
        await run.UntilAsync(campaign, "Completed");
        var lead = await app.Database.ScalarAsync<Guid>("select lead_id from receipts where kind = 'lead.add' limit 1");
        await app.Database.ExecuteAsync("update receipts set provider_id = 'forged' where lead_id = $1", lead);

        (await run.Http.DeleteAsync($"/api/leads/{lead}")).EnsureSuccessStatusCode();

        (await run.Http.GetFromJsonAsync<JsonElement>($"/api/campaigns/{campaign}/receipts/verification")).GetProperty("valid").GetBoolean().ShouldBeFalse();
    }

    /// <summary>Where the product does not put people by itself, but its users may: an event's payload, a failure.</summary>
    private async Task LeaveTracesAsync(Canary person)
    {
        (await run.Http.PostAsJsonAsync("/elsa/api/events/noted/trigger", new { input = new { who = person.Name, address = person.Email } })).EnsureSuccessStatusCode();
        await app.Database.ExecuteAsync("update jobs set failure = $1 where id = (select id from jobs limit 1)", $"refused <{person.Email!.ToUpperInvariant()}>");
        // Answers to waits of runs that were deleted since.
        await app.DefineAsync(HttpGraphs.Flow("asks", "", [HttpGraphs.Box("task", "Elsa.RunTask", ("taskName", HttpGraphs.Literal("call")))]));
        var asked = await run.Http.PostAsJsonAsync("/elsa/api/workflow-definitions/asks/execute", new { });
        var instance = Guid.Parse(asked.Headers.GetValues("x-elsa-workflow-instance-id").Single());
        var task = (await app.Database.ScalarAsync<string>("select key from workflow_bookmarks where instance_id = $1", instance))!;
        (await run.Http.PostAsJsonAsync($"/elsa/api/tasks/{task["task:".Length..]}/complete", new { result = new { who = person.Name } })).EnsureSuccessStatusCode();
        // As bursts send, in no workspace's name.
        await app.Database.ScalarAsync<int>("select workflow_send(array[new_id()], array[$1], array['late'], array[false], array[$2], array[null::uuid], array[null::text])",
            task, $"{{\"who\":\"{person.Name}\"}}");
        await Eventually.Be(async () => (await run.Http.DeleteAsync($"/elsa/api/workflow-instances/{instance}")).IsSuccessStatusCode);
        (await app.Database.ScalarAsync<long>("select count(*) from stimuli where key = $1", task)).ShouldBe(2);
        await app.Database.ExecuteAsync("""
            update workflow_instances set state = convert_to(replace(convert_from(state, 'UTF8'), '"variables"', '"note":"' || $1 || '","variables"'), 'UTF8') where claim_token is null
            """, person.Name);
    }

    private async Task<Canary> PersonAsync(Guid campaign, string status)
    {
        var id = await app.Database.ScalarAsync<Guid>("select l.id from leads l join approval_leads al on al.lead_id = l.id where l.campaign_id = $1 and l.status = $2 order by l.id limit 1", campaign, status);
        return new(id, await app.Database.ScalarAsync<string>("select email from leads where id = $1", id), await app.Database.ScalarAsync<string>("select first_name || ' ' || last_name from leads where id = $1", id));
    }

    /// <summary>Every table, every column: as text, and the bytes of binary ones.</summary>
    private async Task<List<string>> TracesAsync(Canary person)
    {
        var found = new List<string>();
        foreach (var table in await app.Database.ListAsync<string>("select table_name::text from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE'"))
        {
            foreach (var text in new[] { person.Email!, person.Name!, JsonEncodedText.Encode(person.Name!).ToString() })
            {
                var rows = await app.Database.ScalarAsync<long>($"""
                    select count(*) from "{table}" t where position(lower($1) in lower(t::text)) > 0 or position(encode(convert_to($1, 'UTF8'), 'hex') in t::text) > 0
                        or position(encode(convert_to(lower($1), 'UTF8'), 'hex') in t::text) > 0
                    """, text);
                if (rows > 0) found.Add($"{table}: {rows}");
            }
        }

        return found;
    }

    private async Task SettleAsync()
    {
        await app.Database.ExecuteAsync("update erasures set run_after = clock_now()");
        await app.Services.GetRequiredService<EraseSweep>().SweepAsync(CancellationToken.None);
    }

    private sealed record Canary(Guid Id, string? Email, string? Name);
}
