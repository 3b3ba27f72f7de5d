using System.Text.Json;

namespace LeadSens.Server.Tests.Sandbox;

public sealed class SearchTests : SandboxTest
{
    private const string Search = "/instantly/api/v2/supersearch-enrichment";

    [Fact]
    public async Task The_same_seed_gives_the_same_people_in_any_order()
    {
        var first = await LeadsAsync(new { list_id = await BuyAsync(300, "one") });
        await Sandbox.ResetAsync();
        await Task.WhenAll(Enumerable.Range(0, 5).Select(i => BuyAsync(10 + i, $"noise {i}")));
        var second = await LeadsAsync(new { list_id = await BuyAsync(300, "one") });

        first.Select(Facts).ShouldBe(second.Select(Facts));
        await Sandbox.ResetAsync(2);
        (await LeadsAsync(new { list_id = await BuyAsync(300, "one") })).Select(Facts).ShouldNotBe(first.Select(Facts));
    }

    [Fact]
    public async Task Half_of_the_people_fit_the_search_and_half_score_four_or_less()
    {
        var leads = await LeadsAsync(new { list_id = await BuyAsync(200) });
        leads.Count.ShouldBe(200);
        var scores = new List<int>();
        foreach (var lead in leads)
        {
            var answer = await AskAsync("lead_score", $"<icp>{Icp}</icp>\n<lead>{Lead(lead)}</lead>");
            scores.Add(JsonElement.Parse(answer).GetProperty("score").GetInt32());
        }

        var inside = scores.Where((_, i) => i % 2 == 0).ToList();
        inside.ShouldAllBe(score => score >= 5);
        inside.Count(score => score < 8).ShouldBeInRange(10, 40);
        scores.Where((score, i) => i % 2 == 1).ShouldAllBe(score => score <= 4);
    }

    [Fact]
    public async Task One_in_fifty_is_in_a_list_twice_and_nobody_else()
    {
        var leads = await LeadsAsync(new { list_id = await BuyAsync(1000) });
        var emails = leads.Select(lead => lead.GetProperty("email").GetString()).OfType<string>().ToList();
        var twice = emails.GroupBy(email => email, StringComparer.OrdinalIgnoreCase).Where(group => group.Count() > 1).ToList();

        twice.Count.ShouldBe(20);
        twice.ShouldAllBe(group => group.Count() == 2);
        twice.ShouldContain(group => group.Distinct().Count() == 2, "some are written in another case");
        leads.Select(lead => lead.GetProperty("id").GetString()).Distinct().Count().ShouldBe(1000);
        emails.ShouldAllBe(email => email.All(char.IsAscii) && email.Contains('@'));
    }

    [Fact]
    public async Task Bought_data_has_gaps_accents_and_doubtful_addresses()
    {
        var leads = await LeadsAsync(new { list_id = await BuyAsync(2000) });

        foreach (var name in new[] { "email", "first_name", "last_name", "job_title", "website" })
            leads.Count(lead => lead.GetProperty(name).ValueKind == JsonValueKind.Null).ShouldBeInRange(4, 200, name);
        foreach (var name in new[] { "industry", "companySize", "country", "city" })
            leads.Count(lead => lead.GetProperty("payload").GetProperty(name).ValueKind == JsonValueKind.Null).ShouldBeInRange(4, 400, name);
        leads.ShouldContain(lead => Text(lead, "first_name").Any(letter => letter > 0x250), "names in other scripts");
        leads.ShouldContain(lead => Text(lead, "last_name").Contains('è'), "accents");
        leads.ShouldContain(lead => lead.GetProperty("payload").GetProperty("country").GetString() == "France");
        var statuses = leads.GroupBy(lead => lead.GetProperty("verification_status").GetInt32()).ToDictionary(group => group.Key, group => group.Count());
        statuses[1].ShouldBeInRange(1600, 1900);
        foreach (var status in new[] { -1, -2, -3, 11 }) statuses[status].ShouldBeGreaterThan(10);
    }

    [Fact]
    public async Task A_search_that_skips_rows_without_email_has_an_address_in_each()
    {
        var leads = await LeadsAsync(new { list_id = await BuyAsync(500, skipWithoutEmail: true) });
        leads.ShouldAllBe(lead => lead.GetProperty("email").ValueKind == JsonValueKind.String);
    }

    [Fact]
    public async Task Counting_and_previewing_cost_nothing_and_buying_spends_credits_once()
    {
        (await PostAsync($"{Search}/count-leads-from-supersearch", new { search_filters = Filters })).Json.GetProperty("number_of_leads").GetInt32().ShouldBeGreaterThan(100_000);
        var preview = (await PostAsync($"{Search}/preview-leads-from-supersearch", new { search_filters = Filters })).Json;
        preview.GetProperty("leads").GetArrayLength().ShouldBe(25);
        preview.GetProperty("leads")[0].TryGetProperty("email", out _).ShouldBeFalse();
        (await Sandbox.WritesAsync()).ShouldBeEmpty();

        var id = await BuyAsync(120);
        var spent = (await Sandbox.WritesAsync("instantly", "credits.spent")).ShouldHaveSingleItem();
        (spent.Key, spent.Count, spent.Amount).ShouldBe((id, 1, 120));
    }

    [Fact]
    public async Task A_list_is_in_progress_for_some_polls_and_empty_until_then()
    {
        var bought = await PostAsync($"{Search}/enrich-leads-from-supersearch", new { search_filters = Filters, limit = 30, list_name = "new" });
        var id = bought.Json.GetProperty("resource_id").GetString()!;
        (await LeadsAsync(new { list_id = id })).ShouldBeEmpty();
        var polls = 0;
        while ((await GetAsync($"{Search}/{id}")).Json.GetProperty("in_progress").GetBoolean()) polls++;
        polls.ShouldBeInRange(1, 5);
        (await LeadsAsync(new { list_id = id })).Count.ShouldBe(30);
        (await GetAsync("/instantly/api/v2/lead-lists?limit=100&search=new")).Json.GetProperty("items")[0].GetProperty("id").GetString().ShouldBe(id);
    }

    [Fact]
    public async Task Nobody_has_an_impossible_title()
    {
        var none = new { title = new { include = new[] { "Nobody at all" } } };
        (await PostAsync($"{Search}/count-leads-from-supersearch", new { search_filters = none })).Json.GetProperty("number_of_leads").GetInt32().ShouldBe(0);
    }

    [Fact]
    public async Task A_lead_of_a_list_is_found_by_its_address()
    {
        var id = await BuyAsync(150);
        var wanted = (await LeadsAsync(new { list_id = id }))[101];
        var found = await LeadsAsync(new { list_id = id, search = Text(wanted, "email") });
        found.ShouldHaveSingleItem().GetProperty("id").GetString().ShouldBe(Text(wanted, "id"));
    }

    [Theory]
    [InlineData("""{"search_filters":{"title":["CEO"]},"limit":5}""", "title must be object")]
    [InlineData("""{"search_filters":{"employeeCount":["51-200"]},"limit":5}""", "allowed values")]
    [InlineData("""{"search_filters":{},"limit":0}""", "limit")]
    [InlineData("""{"limit":5}""", "search_filters")]
    public async Task A_wrong_search_is_refused_in_the_vendors_words(string body, string message)
    {
        var answer = await PostAsync($"{Search}/enrich-leads-from-supersearch", JsonElement.Parse(body));
        answer.Status.ShouldBe(400);
        answer.Json.GetProperty("statusCode").GetInt32().ShouldBe(400);
        answer.Json.GetProperty("message").GetString()!.ShouldContain(message);
    }

    [Fact]
    public async Task Without_a_key_the_answer_is_401()
    {
        var answer = await SendAsync(HttpMethod.Post, $"{Search}/count-leads-from-supersearch", new { search_filters = Filters }, key: null);
        answer.Status.ShouldBe(401);
        answer.Json.GetProperty("error").GetString().ShouldBe("Unauthorized");
    }

    private const string Icp = """{"jobTitles":["Head of Sales","VP Sales"],"industries":["Software & Internet"],"countries":["France","Germany"],"companySizes":["25 - 100","100 - 250"]}""";

    private static string Lead(JsonElement lead)
    {
        var payload = lead.GetProperty("payload");
        return JsonSerializer.Serialize(new
        {
            jobTitle = payload.GetProperty("jobTitle"),
            industry = payload.GetProperty("industry"),
            companySize = payload.GetProperty("companySize"),
            country = payload.GetProperty("country"),
        });
    }

    private static string Text(JsonElement lead, string name) => lead.GetProperty(name).GetString() ?? "";

    private static string Facts(JsonElement lead) => $"{lead.GetProperty("id")} {lead.GetProperty("email")} {lead.GetProperty("payload").GetRawText()}";
}
