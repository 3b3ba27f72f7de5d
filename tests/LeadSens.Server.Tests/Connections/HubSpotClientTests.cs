using LeadSens.Server.Connections.Providers.HubSpot;
using LeadSens.Server.Tests.Support;

namespace LeadSens.Server.Tests.Connections;

public sealed class HubSpotClientTests : SandboxTest
{
    [Fact]
    public async Task Contacts_are_created_then_updated_and_found_by_their_addresses()
    {
        using var client = TestClients.HubSpot();
        var account = Account("hubspot");
        HubSpotContactInput[] inputs = [Contact("anna@acme.example", "1"), Contact("bob@acme.example", "2")];
        Value(await client.BatchUpsertContactsAsync(account, inputs, default)).ShouldAllBe(o => o.Created && o.ContactId != null && o.Refusal == null);
        var again = Value(await client.BatchUpsertContactsAsync(account, inputs, default));
        again.ShouldAllBe(o => !o.Created && o.Refusal == null);
        again.Select(o => o.TraceId).ShouldBe(["1", "2"]);

        var found = Value(await client.BatchReadContactsAsync(account, ["bob@acme.example", "nobody@acme.example"], default));
        found.ShouldHaveSingleItem().Emails().ShouldContain("bob@acme.example");
    }

    [Fact]
    public async Task Nobody_known_is_an_empty_list()
    {
        using var client = TestClients.HubSpot();
        Value(await client.BatchReadContactsAsync(Account("hubspot"), ["nobody@acme.example"], default)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Whoever_has_no_result_was_refused_with_the_reason()
    {
        const string Answer = """
            {"status":"COMPLETE","results":[{"id":"7","new":true,"properties":{"email":"ANNA@acme.example"}},{"id":"8","new":false,"objectWriteTraceId":"3"}],
             "numErrors":2,"errors":[{"status":"error","category":"VALIDATION_ERROR","message":"Property values were not valid for bob@acme.example","context":{"id":["bob@acme.example"]}},{"message":"other"}]}
            """;
        await using var provider = await ScriptedProvider.AnsweringAsync(207, Answer);
        using var client = TestClients.HubSpot();
        var outcomes = Value(await client.BatchUpsertContactsAsync(TestClients.Account("hubspot", provider.Url),
            [Contact("anna@acme.example", "1"), Contact("bob@acme.example", "2"), Contact("carl@acme.example", "3"), Contact("dora@acme.example", "4")], default));
        outcomes[0].ShouldBe(new("1", "7", true, null));
        outcomes[1].Refusal.ShouldBe("Property values were not valid for [address]");
        outcomes[2].ShouldBe(new("3", "8", false, null));
        outcomes[3].Refusal.ShouldBe("HubSpot gave no result for this contact.");
    }

    private static HubSpotContactInput Contact(string email, string trace) =>
        new(email, trace, new Dictionary<string, string> { ["email"] = email, ["firstname"] = "Änne" });
}
