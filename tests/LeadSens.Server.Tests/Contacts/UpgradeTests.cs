using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using LeadSens.Server.Tests.Campaigns;
using LeadSens.Server.Tests.Support;

namespace LeadSens.Server.Tests.Contacts;

/// <summary>A database of the version that knew no people, with a campaign that ended and one that waits for a person.</summary>
public sealed class UpgradeTests
{
    /// <summary>What 0094 and 0095 made, taken back: leads have what is known of their company for themselves.</summary>
    private const string BackSql = """
        create table lead_enrichments (
            lead_id uuid primary key, workspace_id uuid not null, website text, profile jsonb, failure text, prompt_version text,
            enriched_at timestamptz not null,
            foreign key (workspace_id, lead_id) references leads (workspace_id, id) on delete cascade);
        insert into lead_enrichments select l.id, l.workspace_id, e.website, e.profile, e.failure, e.prompt_version, e.enriched_at
            from leads l join contact_enrichments e on e.workspace_id = l.workspace_id and e.contact_id = l.contact_id where l.enrichment_status <> 'None';
        drop view field_facts;
        drop function contacts_write, contacts_merge;
        alter table leads drop column contact_id;
        drop table source_records, contact_identities, contact_emails, contact_phones, contact_enrichments, contacts;
        delete from schema_migrations where name like '0094%' or name like '0095%' or name like '0108%'
            or name like 'functions/contacts%';
        """;

    [Fact]
    public async Task It_is_upgraded_and_goes_on()
    {
        await using var sandbox = await TestSandbox.StartAsync();
        var database = await TestPostgres.NewDatabaseAsync();
        Guid ended, waits;
        List<string> leads;
        await using (var app = Beside(database, sandbox))
        {
            using var run = new CampaignRun(app);
            ended = await run.StartAsync();
            await run.DecideAsync(ended);
            await run.UntilAsync(ended, "Completed");
            waits = await run.StartAsync(CampaignRun.Request(30, 5, "Spain"));
            await run.UntilAsync(waits, "AwaitingApproval");
            leads = await LeadsAsync(run, ended, waits);
        }

        await database.ExecuteAsync(BackSql);
        await using (var app = Beside(database, sandbox))
        {
            using var run = new CampaignRun(app);
            (await LeadsAsync(run, ended, waits)).ShouldBe(leads);
            (await database.ScalarAsync<long>("""
                select count(*) from leads l left join contact_emails e on e.workspace_id = l.workspace_id and e.address = l.email_key
                where e.contact_id is distinct from l.contact_id or l.contact_id is null
                """)).ShouldBe(0, "whoever is a lead is a contact");
            (await database.ScalarAsync<long>("select count(*) - (select count(distinct email_key) from leads) from contacts")).ShouldBe(0);

            await run.DecideAsync(waits);
            (await run.UntilAsync(waits, "Completed")).GetProperty("leads").GetProperty("pushed").GetInt64().ShouldBeGreaterThan(0);
            foreach (var campaign in new[] { ended, waits })
            {
                var verdict = await run.Http.GetFromJsonAsync<JsonElement>($"/api/campaigns/{campaign}/receipts/verification");
                verdict.GetProperty("valid").GetBoolean().ShouldBeTrue(verdict.ToString());
            }
        }

        await database.DisposeAsync();
    }

    private static TestApp Beside(TestDatabase database, TestSandbox sandbox) =>
        TestApp.Beside(database, ("LeadSens:SandboxUrl", sandbox.BaseUrl), ("Jobs:Sweep", "00:00:00.100"));

    /// <summary>As the API shows them, one by one; when a record came here is not known any more.</summary>
    private static async Task<List<string>> LeadsAsync(CampaignRun run, params Guid[] campaigns)
    {
        var shown = new List<string>();
        foreach (var campaign in campaigns)
        {
            var list = await run.Http.GetFromJsonAsync<JsonElement>($"/api/leads?campaignId={campaign}&limit=100");
            foreach (var lead in list.GetProperty("items").EnumerateArray())
            {
                var view = (await run.Http.GetFromJsonAsync<JsonObject>($"/api/leads/{lead.GetProperty("id").GetGuid()}"))!;
                foreach (var record in view["records"]!.AsArray()) record!.AsObject().Remove("createdAt");
                shown.Add(view.ToJsonString());
            }
        }

        return shown;
    }
}
