using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using LeadSens.Server.Data;
using LeadSens.Server.Identity;
using LeadSens.Server.Suppressions;
using LeadSens.Server.Tests.Identity;
using LeadSens.Server.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace LeadSens.Server.Tests.Suppressions;

[Collection(typeof(RightsTests))]
public sealed class SuppressionTests(RightsApp rights) : IAsyncLifetime
{
    private static int people;

    private SomePerson owner = null!;

    public async ValueTask InitializeAsync() => owner = await rights.App.RegisterAsync($"owner{Interlocked.Increment(ref people)}@suppressions.example");

    public ValueTask DisposeAsync() => default;

    [Fact]
    public async Task An_entry_is_kept_once_however_it_is_written_and_found_again()
    {
        var first = await AddAsync("Ada@Example.com", "asked us");
        var again = await AddAsync("ａｄａ@example.COM", null);

        again.GetProperty("id").GetGuid().ShouldBe(first.GetProperty("id").GetGuid());
        (first.GetProperty("value").GetString(), again.GetProperty("reason").GetString(), first.GetProperty("kind").GetString()).ShouldBe(("ada@example.com", "asked us", "address"));
        (await AddAsync("Bücher.example", null)).GetProperty("value").GetString().ShouldBe("xn--bcher-kva.example");
        (await ListAsync("?value=ADA@example.com")).Count.ShouldBe(1);
        (await ListAsync("")).Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_whole_list_is_added_or_with_a_bad_entry_nothing()
    {
        var refused = await owner.Http.PostAsJsonAsync("/api/suppressions/bulk", new { values = new[] { "a@example.com", "what", "b@example.com" } });
        refused.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await refused.Content.ReadAsStringAsync()).ShouldContain("values[1]");

        var values = Enumerable.Range(0, 3_000).Select(number => $"Person{number}@example.com").Append("person1@EXAMPLE.com").ToArray();
        var answer = await People.JsonAsync(await owner.Http.PostAsJsonAsync("/api/suppressions/bulk", new { values, reason = "from the old system" }));

        (answer.GetProperty("added").GetInt32(), answer.GetProperty("present").GetInt32()).ShouldBe((3_000, 1));
        (await rights.Db.ScalarAsync<long>("select count(*) from suppressions where workspace_id = $1 and source = 'import'", owner.WorkspaceId)).ShouldBe(3_000);
    }

    [Fact]
    public async Task What_the_person_wanted_is_taken_off_only_on_purpose()
    {
        var entry = await AddAsync("left@example.com", null, "unsubscribe");
        var path = $"/api/suppressions/{entry.GetProperty("id").GetGuid()}";

        (await People.CodeAsync(await owner.Http.DeleteAsync(path))).ShouldBe("suppression_protected");
        (await People.CodeAsync(await owner.Http.DeleteAsync($"{path}?confirm=yes"))).ShouldBe("suppression_protected");
        (await owner.Http.DeleteAsync($"{path}?confirm=unsubscribe")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await owner.Http.DeleteAsync(path)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task The_persons_own_wish_replaces_a_weaker_source_and_no_other_replaces_it()
    {
        var first = await AddAsync("wish@example.com", "from the old system", "import");
        var wished = await AddAsync("wish@example.com", null, "unsubscribe");
        var again = await AddAsync("wish@example.com", null, "manual");

        wished.GetProperty("id").GetGuid().ShouldBe(first.GetProperty("id").GetGuid());
        (wished.GetProperty("source").GetString(), wished.GetProperty("reason").GetString()).ShouldBe(("unsubscribe", "from the old system"));
        again.GetProperty("source").GetString().ShouldBe("unsubscribe");
        (await rights.Db.ScalarAsync<long>("select count(*) from audit_entries where workspace_id = $1 and action = 'suppression.added'", owner.WorkspaceId))
            .ShouldBe(2, "the third changed nothing");
    }

    [Fact]
    public async Task A_stranger_sees_and_removes_nothing()
    {
        var entry = await AddAsync("ours@example.com", null);
        var stranger = await rights.App.RegisterAsync($"stranger{Guid.CreateVersion7():N}@suppressions.example");

        (await stranger.Http.DeleteAsync($"/api/suppressions/{entry.GetProperty("id").GetGuid()}")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await stranger.Http.GetFromJsonAsync<JsonElement>("/api/suppressions?value=ours@example.com")).GetProperty("items").GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public async Task A_domain_holds_for_its_subdomains_and_for_no_other()
    {
        var campaign = await ReviewedCampaign.CreateAsync(rights.Db, 3, owner.WorkspaceId);
        string[] addresses = ["a@mail.acme.example", "b@acme.example", "c@notacme.example"];
        var leads = await campaign.LeadsAsync();
        for (var i = 0; i < leads.Count; i++) await rights.Db.ExecuteAsync("update leads set email = $2, email_key = $2 where id = $1", leads[i], addresses[i]);
        await AddAsync("acme.example", null);

        await campaign.AskAsync();

        (await rights.Db.ListAsync<string>("select status from leads where campaign_id = $1 order by email_key", campaign.Id)).ShouldBe(["Suppressed", "Suppressed", "Drafted"]);
    }

    [Fact]
    public async Task Who_comes_onto_the_list_during_the_review_is_not_approved()
    {
        var campaign = await ReviewedCampaign.CreateAsync(rights.Db, 3, owner.WorkspaceId);
        var approval = await campaign.AskAsync();
        await AddAsync("LEAD2@example.com", null);
        // Another workspace's list is its own.
        var stranger = await rights.App.RegisterAsync($"stranger{Guid.CreateVersion7():N}@suppressions.example");
        (await stranger.Http.PostAsJsonAsync("/api/suppressions", new { value = "lead1@example.com" })).EnsureSuccessStatusCode();

        var answer = await People.JsonAsync(await owner.Http.DecideAsync(approval));

        answer.GetProperty("approved").GetInt32().ShouldBe(2);
        (await rights.Db.ListAsync<string>("select status from leads where campaign_id = $1 order by email_key", campaign.Id)).ShouldBe(["Approved", "Suppressed", "Approved"]);
        var exclusions = await owner.Http.GetFromJsonAsync<JsonElement>($"/api/campaigns/{campaign.Id}/exclusions");
        exclusions.GetProperty("items")[0].GetProperty("reason").GetString().ShouldBe("On the suppression list: lead2@example.com.");
    }

    [Fact]
    public async Task Who_comes_onto_the_list_at_the_last_moment_is_not_pushed()
    {
        using var demo = rights.App.Client();
        var domain = $"{Guid.CreateVersion7():N}.example";
        var campaign = await ReviewedCampaign.CreateAsync(rights.Db, 4, DemoWorkspace.Id, domain);
        await campaign.ApprovedAsync();
        // One by its address, one whose person was erased: only a hash of that address is left.
        (await demo.PostAsJsonAsync("/api/suppressions", new { value = $"lead1@{domain}" })).EnsureSuccessStatusCode();
        using var scope = DatabaseScope.Work(DemoWorkspace.Id);
        var salt = await rights.App.Services.GetRequiredService<SuppressionKeys>().OfAsync(DemoWorkspace.Id, default);
        await rights.Db.ExecuteAsync("insert into suppressions (id, workspace_id, kind, hash, source, created_at) values ($1, $2, 'address', $3, 'erasure', now())",
            Guid.CreateVersion7(), DemoWorkspace.Id, salt.HashOf($"lead2@{domain}"));

        var batch = await rights.App.OpenBatchAsync(campaign, "campaign.push");
        await Eventually.Be(() => rights.Db.ScalarAsync<bool>("select not is_open from batches where id = $1", batch), TimeSpan.FromSeconds(60));

        (await rights.Db.ListAsync<string>("select status from leads where campaign_id = $1 order by email_key", campaign.Id)).ShouldBe(["Suppressed", "Suppressed", "Pushed", "Pushed"]);
        (await rights.Db.ListAsync<string>("select reason from intents where campaign_id = $1 and state = 'refused'", campaign.Id)).ShouldBe(["It is on the suppression list.", "It is on the suppression list."]);
        (await rights.Sandbox.WritesAsync("instantly", "lead.created")).Count(write => write.Key.EndsWith(domain, StringComparison.OrdinalIgnoreCase)).ShouldBe(2);
    }

    [Fact]
    public async Task Adding_while_a_push_marks_its_leads_pushes_each_once_or_not_at_all()
    {
        using var demo = rights.App.Client();
        var domain = $"{Guid.CreateVersion7():N}.example";
        var campaign = await ReviewedCampaign.CreateAsync(rights.Db, 40, DemoWorkspace.Id, domain);
        await campaign.ApprovedAsync();

        var batch = await rights.App.OpenBatchAsync(campaign, "campaign.push");
        var added = Task.WhenAll(Enumerable.Range(1, 20).Select(number => demo.PostAsJsonAsync("/api/suppressions", new { value = $"lead{number}@{domain}" })));
        await Eventually.Be(() => rights.Db.ScalarAsync<bool>("select not is_open from batches where id = $1", batch), TimeSpan.FromSeconds(60));
        await added;

        var pushed = await rights.Db.ScalarAsync<long>("select count(*) from receipts where campaign_id = $1 and kind = 'lead.add'", campaign.Id);
        var refused = await rights.Db.ScalarAsync<long>("select count(*) from intents where campaign_id = $1 and state = 'refused'", campaign.Id);
        (pushed + refused).ShouldBe(40);
        (await rights.Sandbox.WritesAsync("instantly", "lead.created")).Count(write => write.Key.EndsWith(domain, StringComparison.OrdinalIgnoreCase)).ShouldBe((int)pushed);
    }

    private async Task<JsonElement> AddAsync(string value, string? reason, string? source = null) =>
        await People.JsonAsync(await owner.Http.PostAsJsonAsync("/api/suppressions", new { value, reason, source }));

    private async Task<List<JsonElement>> ListAsync(string query) => [.. (await owner.Http.GetFromJsonAsync<JsonElement>($"/api/suppressions{query}")).GetProperty("items").EnumerateArray()];
}
