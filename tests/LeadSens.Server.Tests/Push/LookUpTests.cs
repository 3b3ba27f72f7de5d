using LeadSens.Server.Connections;
using LeadSens.Server.Connections.Providers.Instantly;
using LeadSens.Server.Discovery;
using LeadSens.Server.Push;
using LeadSens.Server.Tests.Connections;
using LeadSens.Server.Tests.Support;
using Microsoft.AspNetCore.Http;

namespace LeadSens.Server.Tests.Push;

/// <summary>The look-ups that go through a list: a purchase's and a campaign's. What they do not find is written again, so "nothing" is said only by a list that ended.</summary>
public sealed class LookUpTests
{
    public static TheoryData<string> Kinds => ["credits.spend", "campaign.create"];

    [Theory, MemberData(nameof(Kinds))]
    public async Task What_an_earlier_request_made_is_found_behind_an_empty_page(string kind)
    {
        var (found, pages) = await LookUpAsync(kind, (cursor, tag) => cursor switch { "" => Page("2", "another"), "2" => Page("3"), _ => Page(null, "another", $"Spring [{tag}]") });
        found.Value.ProviderId.ShouldBe("1");
        pages.ShouldBe(3);
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task Nothing_is_there_when_the_last_page_was_read(string kind)
    {
        var (found, pages) = await LookUpAsync(kind, (cursor, _) => cursor.Length == 0 ? Page("2", "another") : Page("2"));
        (found.Succeeded, found.Value.ProviderId).ShouldBe((true, null));
        pages.ShouldBe(2);
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task A_list_whose_pages_lead_in_circles_says_nothing_of_what_is_there(string kind)
    {
        var (found, pages) = await LookUpAsync(kind, (cursor, _) => Page(cursor == "2" ? "1" : cursor == "1" ? "2" : "1", "another"));
        found.Failure.ShouldNotBeNull().Message.ShouldContain("has no end");
        pages.ShouldBe(3);
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task A_list_that_always_names_a_next_page_says_nothing_of_what_is_there(string kind)
    {
        var next = 0;
        var (found, pages) = await LookUpAsync(kind, (_, _) => Page($"{++next}", "another"));
        found.Failure.ShouldNotBeNull().Message.ShouldContain("more than its list can fill");
        pages.ShouldBe(PageWalk.FewPages);
    }

    private static string Page(string? next, params string[] names) => System.Text.Json.JsonSerializer.Serialize(new
    {
        items = names.Select((name, place) => new { id = $"{place}", name, organization_id = "o", timestamp_created = "2026-01-01T00:00:00Z", status = 0 }), next_starting_after = next,
    });

    private static async Task<(ProviderResult<Found> Found, int Pages)> LookUpAsync(string kind, Func<string, string, string> page)
    {
        var tag = "";
        await using var provider = await ScriptedProvider.StartAsync(context =>
        {
            context.Response.ContentType = "application/json";
            return context.Response.WriteAsync(page(context.Request.Query["starting_after"].ToString(), tag));
        });
        var options = new InstantlyOptions { ApiKey = TestClients.Secret, BaseUrl = provider.Url };
        var (connections, reads) = (new ConfiguredConnections([options], new(null)), new Reads(TimeProvider.System));
        using var instantly = TestClients.Instantly();
        var sender = new ProviderFor<CampaignSender>("instantly", "Instantly", new InstantlySender(instantly), connections);
        var source = new ProviderFor<LeadSource>(
            "instantly", "Instantly", new InstantlySource(instantly, Microsoft.Extensions.Options.Options.Create(options)), connections);
        IntentCall call = kind == "credits.spend" ? new CreditCall(source, reads) : new CreateCampaignCall(sender, reads);
        var account = connections.Find("instantly")!.AccountKey;
        var intent = new Intent(Guid.CreateVersion7(), Guid.CreateVersion7(), Guid.CreateVersion7(), account, kind, "subject", IntentState.Planned, default, 0, TimeSpan.Zero, null, null);
        tag = intent.Tag;
        return (await call.LookUpAsync(intent, CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(20)), provider.Calls.Count);
    }
}
