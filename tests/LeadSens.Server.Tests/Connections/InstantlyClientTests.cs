using LeadSens.Server.Connections.Providers.Instantly;

namespace LeadSens.Server.Tests.Connections;

public sealed class InstantlyClientTests : SandboxTest
{
    private static readonly SearchFilters Filters = new()
    {
        Title = new(["Head of Sales"]),
        Locations = new([new("France")]),
        EmployeeCount = [SearchFilters.EmployeeRanges[1]],
        Industry = new(["Software"]),
    };

    [Fact]
    public async Task Counting_spends_nothing()
    {
        using var client = TestClients.Instantly();
        Value(await client.CountLeadsAsync(Account("instantly"), Filters, default)).ShouldBeGreaterThan(0);
        (await Sandbox.WritesAsync("instantly")).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_sourced_list_is_found_by_its_name_and_read_page_by_page()
    {
        using var client = TestClients.Instantly();
        var account = Account("instantly");
        var started = Value(await client.EnrichFromSearchAsync(account, Filters, 230, "LeadSens 0190", default));
        await Support.Eventually.Be(async () => !Value(await client.GetEnrichmentAsync(account, started.ResourceId, default)).InProgress);
        var lists = Value(await client.ListListsAsync(account, "LeadSens 0190", null, default));
        lists.Items.ShouldHaveSingleItem().Id.ShouldBe(started.ResourceId);

        var leads = new List<InstantlyLead>();
        for (string? after = null; ;)
        {
            var page = Value(await client.ListLeadsAsync(account, LeadScope.OfList(started.ResourceId), after, default));
            if (page.Items.Count == 0) break;
            leads.AddRange(page.Items);
            after = page.NextStartingAfter;
            if (after is null) break;
        }

        leads.Count.ShouldBe(230);
        leads.Select(lead => lead.Id).ShouldBeUnique();
        leads.Count(lead => lead.Field("industry") is not null && lead.Field("no such field", "country") is not null).ShouldBeGreaterThan(100);
        (await Sandbox.WritesAsync("instantly", "credits.spent")).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_campaign_takes_its_leads_and_starts()
    {
        using var client = TestClients.Instantly();
        var account = Account("instantly");
        var created = Value(await client.CreateCampaignAsync(account, new("LeadSens 0191 \"quoted\"", [new("{{subject_1}}", "{{body_1}}", 3), new("{{subject_2}}", "{{body_2}}", 4), new("{{subject_3}}", "{{body_3}}", 1)]), default));
        created.Status.ShouldBe(0);
        Value(await client.ListCampaignsAsync(account, "LeadSens 0191", null, default)).Items.ShouldHaveSingleItem().Id.ShouldBe(created.Id);

        var added = Value(await client.AddLeadsAsync(account, created.Id, [Lead("anna@acme.example"), Lead("böb@acme.example"), Lead("anna@acme.example")], default));
        added.CreatedLeads.Select(lead => lead.Email).ShouldContain("anna@acme.example");
        added.CreatedLeads.Count.ShouldBeLessThan(3);

        var found = Value(await client.ListLeadsAsync(account, LeadScope.OfCampaign(created.Id, "anna@acme.example"), null, default));
        var anna = found.Items.ShouldHaveSingleItem();
        anna.Field("subject_1").ShouldBe("Bonjour à vous");

        Value(await client.ActivateAsync(account, created.Id, default));
        Value(await client.GetCampaignAsync(account, created.Id, default)).Status.ShouldBe(1);
    }

    [Fact]
    public async Task What_is_not_there_is_not_found()
    {
        using var client = TestClients.Instantly();
        var missing = await client.GetCampaignAsync(Account("instantly"), "0190aaaa-0000-7000-8000-000000000000", default);
        missing.Failure.ShouldNotBeNull().Kind.ShouldBe(LeadSens.Server.Calls.ProviderFailureKind.NotFound);
    }

    [Fact]
    public async Task More_than_a_bulk_holds_is_a_bug()
    {
        using var client = TestClients.Instantly();
        var leads = Enumerable.Range(0, InstantlyClient.MaxLeadsPerCall + 1).Select(i => Lead($"a{i}@b.example")).ToList();
        await Should.ThrowAsync<ArgumentOutOfRangeException>(() => client.AddLeadsAsync(Account("instantly"), "x", leads, default));
    }

    private static InstantlyNewLead Lead(string email) => new(email)
    {
        FirstName = "Anna",
        CompanyName = "Acme & Söhne <GmbH>",
        CustomVariables = new Dictionary<string, string> { ["subject_1"] = "Bonjour à vous", ["body_1"] = "Zeile 1\nZeile 2 😀" },
    };
}
