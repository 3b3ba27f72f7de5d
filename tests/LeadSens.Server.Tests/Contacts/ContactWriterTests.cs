using FsCheck;
using FsCheck.Fluent;
using LeadSens.Server.Contacts;
using LeadSens.Server.Tests.Support;

namespace LeadSens.Server.Tests.Contacts;

public sealed class ContactWriterTests : DatabaseTest
{
    private static readonly Config Config = Config.QuickThrowOnFailure.WithMaxTest(60);

    [Fact]
    public void Any_order_of_the_same_records_gives_the_same_people() => Prop.ForAll(Orders().ToArbitrary(), async orders =>
    {
        var (first, second) = (await PeopleAfterAsync(orders.First), await PeopleAfterAsync(orders.Second));
        return first.Count > 0 && first.SequenceEqual(second);
    }).Check(Config);

    [Fact]
    public async Task Whoever_shares_an_address_an_id_or_a_LinkedIn_name_is_one_person()
    {
        var workspace = await Db.WorkspaceAsync();

        var contacts = await Db.WriteAsync(workspace,
            new(Records.Acme, "1", 1, new() { Email = "ann@acme.example", FirstName = "Ann" }),
            new(Records.Acme, "2", 1, new() { Email = "ann@acme.example", LinkedIn = "ann-lee" }),
            new(Records.Acme, "3", 1, new() { LinkedIn = "ann-lee", JobTitle = "Head" }),
            new(Records.Acme, "4", 1, new() { Email = "bob@acme.example", FirstName = "Bob" }));

        contacts.Take(3).Distinct().ShouldHaveSingleItem().ShouldNotBeNull();
        contacts[3].ShouldNotBe(contacts[0]);
        var values = await Db.ScalarAsync<string>("select concat_ws(' ', email, first_name, job_title, linkedin_url) from contacts where id = $1", contacts[0]);
        values.ShouldBe("ann@acme.example Ann Head https://www.linkedin.com/in/ann-lee");
    }

    [Fact]
    public async Task Two_who_turn_out_to_be_one_keep_their_leads_and_what_was_paid_for()
    {
        var campaign = await ReviewedCampaign.CreateAsync(Db, 2);
        await Db.ExecuteAsync("""
            insert into contact_enrichments (workspace_id, contact_id, profile, enriched_at)
            select workspace_id, contact_id, '{}', now() from leads where campaign_id = $1 and email_key = 'lead2@example.com'
            """, campaign.Id);

        await Db.WriteAsync(campaign.WorkspaceId,
            new(Records.Crm, "1", 1, new() { Email = "lead1@example.com" }),
            new(Records.Crm, "1", 2, new() { Email = "lead2@example.com", FirstName = "Ann" }));

        var one = (await Db.ListAsync<Guid>("select distinct contact_id from leads where campaign_id = $1", campaign.Id)).ShouldHaveSingleItem();
        (await Db.ListAsync<string>("select address from contact_emails where contact_id = $1 order by address", one))
            .ShouldBe(["lead1@example.com", "lead2@example.com"]);
        (await Db.ListAsync<string>("select concat_ws(' ', email, first_name) from contacts where workspace_id = $1", campaign.WorkspaceId))
            .ShouldBe(["lead2@example.com Ann"]);
        (await Db.ScalarAsync<long>("select count(*) from contact_enrichments where contact_id = $1", one)).ShouldBe(1);
    }

    [Fact]
    public async Task A_higher_source_stands_before_a_later_word_and_each_value_says_where_it_comes_from()
    {
        var workspace = await Db.WorkspaceAsync();

        await Db.WriteAsync(workspace,
            new(Records.Acme, "1", 1, new() { Email = "ann@acme.example", JobTitle = "Head", CompanyName = "Acme" }),
            new(Records.Crm, "7", 2, new() { Email = "ann@acme.example", JobTitle = "Chief" }),
            new(Records.Acme, "1", 3, new() { Email = "ann@acme.example", JobTitle = "Clerk", CompanyName = "Acme Ltd" }));

        (await Db.ListAsync<string>("select concat_ws(' ', job_title, company_name) from contacts where workspace_id = $1", workspace))
            .ShouldBe(["Chief Acme Ltd"]);
        (await Db.ListAsync<string>("""
            select concat_ws(' ', field, value, provider, provider_id, replaced) from field_facts
            where workspace_id = $1 and stands and field in ('jobTitle', 'companyName') order by field
            """, workspace)).ShouldBe(["companyName Acme Ltd acme 1 Acme", "jobTitle Chief crm 7 Clerk"]);
    }

    [Fact]
    public async Task The_newest_clear_answer_on_an_address_counts_and_one_that_is_pending_says_nothing()
    {
        var workspace = await Db.WorkspaceAsync();

        await Db.WriteAsync(workspace,
            new(Records.Acme, "1", 1, new() { Email = "ann@acme.example", Verification = -2 }),
            new(Records.Acme, "2", 2, new() { Email = "ann@acme.example", Verification = 1 }),
            new(Records.Acme, "3", 3, new() { Email = "ann@acme.example", Verification = 11 }));

        (await Db.ListAsync<string>("""
            select concat_ws(' ', verification, verification_source, (verified_at at time zone 'UTC')::date) from contact_emails where workspace_id = $1
            """, workspace)).ShouldBe(["1 acme 2026-01-03"]);
    }

    [Fact]
    public async Task What_is_said_again_changes_nothing()
    {
        var workspace = await Db.WorkspaceAsync();
        Said[] page = [new(Records.Acme, "1", 1, new() { Email = "ann@acme.example" }, "{}"), new(Records.Acme, "2", 1, new() { FirstName = "Bob" }, "{}")];
        var before = (await Db.WriteAsync(workspace, page), await SnapshotAsync());

        var after = (await Db.WriteAsync(workspace, [.. page.AsEnumerable().Reverse()]), await SnapshotAsync());

        after.Item1.AsEnumerable().Reverse().ShouldBe(before.Item1);
        after.Item2.ShouldBe(before.Item2);

        Task<List<string>> SnapshotAsync() => Db.ListAsync<string>("""
            select to_jsonb(c)::text from contacts c where workspace_id = $1 union all select to_jsonb(r)::text from source_records r where workspace_id = $1
            union all select to_jsonb(i)::text from contact_identities i where workspace_id = $1 order by 1
            """, workspace);
    }

    [Fact]
    public async Task What_a_source_says_again_and_again_is_one_record_of_the_last_time()
    {
        var workspace = await Db.WorkspaceAsync();
        foreach (var day in (int[])[2, 9, 5])
            await Db.WriteAsync(workspace, new Said(Records.Acme, "1", day, new() { Email = "ann@acme.example", JobTitle = "Head" }, $$"""{"day": {{day}}}"""));
        await Db.WriteAsync(workspace, new Said(Records.Acme, "1", 3, new() { Email = "ann@acme.example", JobTitle = "Clerk" }));

        (await Db.ListAsync<string>("""
            select concat_ws(' ', fields ->> 'jobTitle', (said_at at time zone 'UTC')::date, raw) from source_records where workspace_id = $1 order by 1
            """, workspace)).ShouldBe(["Clerk 2026-01-04", """Head 2026-01-10 {"day": 9}"""]);
        (await Db.ListAsync<string>("select job_title from contacts where workspace_id = $1", workspace)).ShouldBe(["Head"]);
    }

    [Fact]
    public async Task Of_whoever_was_erased_nothing_is_written()
    {
        var workspace = await Db.WorkspaceAsync();
        await Db.EraseAsync(workspace, "gone@acme.example");

        var contacts = await Db.WriteAsync(workspace,
            new(Records.Acme, "1", 1, new() { Email = "gone@acme.example", FirstName = "Gone" }),
            new(Records.Acme, "2", 1, new() { Email = "ann@acme.example" }));

        contacts.Select(contact => contact is null).ShouldBe([true, false]);
        (await Db.ScalarAsync<long>("select count(*) from source_records where workspace_id = $1", workspace)).ShouldBe(1);
        (await Db.PeopleAsync(workspace)).ShouldHaveSingleItem().ShouldStartWith("ann@acme.example");
    }

    [Fact]
    public async Task Sources_that_speak_of_the_same_people_at_once_make_each_once()
    {
        var workspace = await Db.WorkspaceAsync();

        await Task.WhenAll(Enumerable.Range(0, 6).Select(source => Db.WriteAsync(workspace, [.. Enumerable.Range(0, 50).Select(n =>
            new Said(Records.Acme, $"{source}/{n}", source, new() { Email = $"p{(n + source) % 50}@acme.example", FirstName = $"P{source}" }))])));

        (await Db.ScalarAsync<long>("select count(*) from contacts where workspace_id = $1", workspace)).ShouldBe(50);
        (await Db.ListAsync<string>("select distinct first_name from contacts where workspace_id = $1", workspace)).ShouldBe(["P5"]);
    }

    private async Task<List<string>> PeopleAfterAsync(Said[] said)
    {
        var workspace = await Db.WorkspaceAsync();
        await Db.WriteAsync(workspace, said);
        return await Db.PeopleAsync(workspace);
    }

    private static Gen<(Said[] First, Said[] Second)> Orders() =>
        from count in Gen.Choose(1, 12)
        from said in OneRecord().ArrayOf(count)
        from shuffled in Gen.Shuffle(said)
        select (said, shuffled);

    /// <summary>Few of everything, so that records meet: in an id, an address, a name at LinkedIn, a time.</summary>
    private static Gen<Said> OneRecord() =>
        from source in Gen.Elements(Records.Acme, Records.Crm, RecordSource.Vendor("other"), RecordSource.Person)
        from id in Gen.Choose(1, 4)
        from day in Gen.Choose(1, 3)
        from email in Gen.Choose(0, 4)
        from linkedIn in Gen.Choose(0, 8)
        from phone in Gen.Choose(0, 5)
        from title in Gen.Choose(0, 3)
        from verification in Gen.Elements<int?>(null, 1, -1, -3, 11)
        select new Said(source, $"{id}", day, new()
        {
            Email = email == 0 ? null : $"e{email}@acme.example",
            LinkedIn = linkedIn is 0 or > 4 ? null : $"l{linkedIn}",
            Phone = phone is 0 or > 2 ? null : $"+49{phone}",
            JobTitle = title == 0 ? null : $"T{title}",
            FirstName = $"F{(id + title) % 3}",
            Verification = verification,
        });
}
