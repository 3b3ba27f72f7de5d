namespace LeadSens.Server.Tests.Sandbox;

public sealed class HubSpotTests : SandboxTest
{
    private const string Contacts = "/hubspot/crm/objects/2026-09/contacts";

    [Fact]
    public async Task An_upsert_creates_once_and_updates_after_that_whatever_the_case()
    {
        var first = await UpsertAsync(("ann@acme.com", "Ann"), ("bob@acme.com", "Bob"));
        first.Status.ShouldBe(200);
        first.HasRateHeaders.ShouldBeTrue();
        first.Json.GetProperty("results").EnumerateArray().ShouldAllBe(result => result.GetProperty("new").GetBoolean());

        var second = (await UpsertAsync(("ANN@acme.com", "Anna"))).Json.GetProperty("results")[0];
        second.GetProperty("new").GetBoolean().ShouldBeFalse();
        second.GetProperty("id").GetString().ShouldBe(first.Json.GetProperty("results")[0].GetProperty("id").GetString());
        (await Sandbox.WritesAsync("hubspot", "contact.created")).Count.ShouldBe(2);
        (await Sandbox.WritesAsync("hubspot", "contact.updated")).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_batch_that_fails_in_part_is_207()
    {
        await UpsertAsync(("ann@acme.com", "Ann"));
        var read = await PostAsync($"{Contacts}/batch/read", new { idProperty = "email", properties = new[] { "email" }, inputs = new[] { new { id = "ann@acme.com" }, new { id = "zoe@acme.com" } } });
        read.Status.ShouldBe(207);
        read.Json.GetProperty("results").GetArrayLength().ShouldBe(1);
        read.Json.GetProperty("numErrors").GetInt32().ShouldBe(1);
        read.Json.GetProperty("errors")[0].GetProperty("category").GetString().ShouldBe("OBJECT_NOT_FOUND");

        var upsert = await UpsertAsync(("not an address", "X"), ("carl@acme.com", "Carl"));
        upsert.Status.ShouldBe(207);
        upsert.Json.GetProperty("results")[0].GetProperty("properties").GetProperty("email").GetString().ShouldBe("carl@acme.com");
    }

    [Fact]
    public async Task An_unknown_property_refuses_the_whole_batch()
    {
        var answer = await PostAsync($"{Contacts}/batch/upsert", new { inputs = new[] { new { idProperty = "email", id = "a@b.co", properties = new { nonsense = "1" } } } });
        answer.Status.ShouldBe(400);
        answer.Json.GetProperty("category").GetString().ShouldBe("VALIDATION_ERROR");
        answer.Text.ShouldContain("PROPERTY_DOESNT_EXIST");
        (await UpsertAsync([.. Enumerable.Range(0, 101).Select(i => ($"p{i}@acme.com", "P"))])).Status.ShouldBe(400);
    }

    [Fact]
    public async Task Creating_an_address_again_is_a_conflict_and_a_search_finds_it()
    {
        var body = new { properties = new { email = "dora@acme.com", firstname = "Dora" } };
        (await PostAsync(Contacts, body)).Status.ShouldBe(201);
        var again = await PostAsync(Contacts, body);
        (again.Status, again.Json.GetProperty("category").GetString()).ShouldBe((409, "CONFLICT"));

        var filter = new { propertyName = "email", @operator = "EQ", value = "dora@acme.com" };
        var found = await PostAsync($"{Contacts}/search", new { filterGroups = new[] { new { filters = new[] { filter } } }, properties = new[] { "email" }, limit = 10 });
        found.Json.GetProperty("total").GetInt32().ShouldBe(1);
        found.HasRateHeaders.ShouldBeFalse();
        (await GetAsync($"/hubspot/crm/v3/objects/contacts/dora%40acme.com?idProperty=email")).Status.ShouldBe(200);
        (await SendAsync(HttpMethod.Get, $"{Contacts}/101", null, key: null)).Status.ShouldBe(401);
    }

    private Task<Answer> UpsertAsync(params (string Email, string FirstName)[] contacts) => PostAsync($"{Contacts}/batch/upsert", new
    {
        inputs = contacts.Select(contact => new { idProperty = "email", id = contact.Email, properties = new { email = contact.Email, firstname = contact.FirstName } }),
    });
}
