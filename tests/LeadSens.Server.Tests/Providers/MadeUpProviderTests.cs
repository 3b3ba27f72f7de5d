using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using LeadSens.Server.Connections;
using LeadSens.Server.Data;
using LeadSens.Server.Tests.Campaigns;
using LeadSens.Server.Tests.Identity;
using LeadSens.Server.Tests.Providers.Quill;
using LeadSens.Server.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace LeadSens.Server.Tests.Providers;

/// <summary>A vendor that is added by a folder and a registration is everywhere where vendors are enumerated.</summary>
public sealed class MadeUpProviderTests(MadeUpProviders house) : IClassFixture<MadeUpProviders>
{
    [Fact]
    public async Task Its_account_is_connected_by_a_key_that_it_takes_and_has_its_limits()
    {
        var person = await house.PersonAsync();
        (await MadeUpProviders.OneAsync(person, "lodestar")).GetProperty("methods").EnumerateArray().Select(method => method.GetString()).ShouldBe(["key"]);

        var refused = await person.Http.PutAsJsonAsync("/api/connections/lodestar", new { apiKey = "another" });
        var connected = await People.JsonAsync(await person.Http.PutAsJsonAsync("/api/connections/lodestar", new { apiKey = MadeUpProviders.Key }));

        (await refused.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("errors").GetProperty("apiKey")[0].GetString()!
            .ShouldBe("Lodestar does not take this key: lodestar answered 401: nobody's key");
        (Text(connected, "name"), Text(connected, "state"), Text(connected, "accountName")).ShouldBe(("Lodestar", "connected", "Team 42"));
        var account = await AccountAsync(person, "lodestar");
        (account.Secret, account.BaseUrl).ShouldBe((MadeUpProviders.Key, house.Vendor.Url));
        (await house.App.Database.ListAsync<string>("select per_second || ' ' || burst from limits where key = $1", account.AccountKey))
            .ShouldBe(["5 4"], "what is set goes before what is published");
        (await People.CodeAsync(await person.Http.GetAsync("/api/connections/lodestar/auth"))).ShouldBe("provider_not_found");
        (await People.JsonAsync(await person.Http.PostAsync($"/api/connections/{connected.GetProperty("id").GetGuid()}/test", null))).GetProperty("health")
            .GetString().ShouldBe("ok");
    }

    [Fact]
    public async Task A_campaign_can_name_it_and_forecasts_its_calls()
    {
        var person = await house.PersonAsync();
        var request = CampaignRun.Request(limit: 100);
        (request["start"], request["targets"]) = (false, new JsonArray("lodestar"));

        var made = await People.JsonAsync(await person.Http.PostAsJsonAsync("/api/campaigns", request));
        request["targets"] = new JsonArray("quill");
        var refused = await person.Http.PostAsJsonAsync("/api/campaigns", request);
        request["targets"] = null;
        var everywhere = await People.JsonAsync(await person.Http.PostAsJsonAsync("/api/campaigns", request));

        Texts(made, "targets").ShouldBe(["lodestar"]);
        (await refused.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("errors").GetProperty("targets")[0].GetString()
            .ShouldBe("'quill' is no target; known are instantly and hubspot and lodestar.");
        Texts(everywhere, "targets").ShouldBe(["instantly", "hubspot", "lodestar"]);
        var calls = (await person.Http.GetFromJsonAsync<JsonElement>($"/api/campaigns/{made.GetProperty("id").GetGuid()}/forecast")).GetProperty("calls");
        calls.EnumerateObject().Select(one => $"{one.Name} {one.Value}")
            .ShouldBe(["instantly 5", "hubSpot 1", "mistral 300", "jina 50", "lodestar 5", "quillPost 200"]);
    }

    [Fact]
    public async Task Its_account_is_connected_by_consent_renewed_and_given_back()
    {
        var person = await house.PersonAsync();

        (await house.ConnectQuillAsync(person)).ShouldContain("Quill Post is connected");

        var connected = await MadeUpProviders.OneAsync(person, "quill");
        (Text(connected, "method"), Text(connected, "accountId"), Text(connected, "accountName"))
            .ShouldBe(("oauth", MadeUpProviders.Account, "Quill Post account 77"));
        Texts(connected, "methods").ShouldBe(["oauth", "key"]);
        Texts(connected, "scopes").ShouldBe(["letters.write"]);
        var (id, first) = (connected.GetProperty("id").GetGuid(), (await AccountAsync(person, "quill")).Secret);
        await house.App.Database.ExecuteAsync("update connections set expires_at = clock_now() + interval '2 minutes' where id = $1", id);
        house.App.Services.GetRequiredService<ConnectionCache>().Forget(person.WorkspaceId, "quill");
        (await AccountAsync(person, "quill")).Secret.ShouldNotBe(first);
        house.Vendor.Calls.ShouldContain(call =>
            call.Target == "/token" && call.Body.Contains($"refresh_token={first.Replace("access", "refresh", StringComparison.Ordinal)}"));

        (await person.Http.DeleteAsync($"/api/connections/{id}")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        house.Vendor.Calls.ShouldContain(call => call.Target == "/revoke");
    }

    [Fact]
    public async Task What_it_tells_is_taken_at_its_signature_and_reaches_the_lead()
    {
        var person = await house.PersonAsync();
        var campaign = await PushedAsync(person);
        var nobody = await person.Http.PostAsJsonAsync("/api/webhooks/endpoints", new { provider = "lodestar" });
        var without = await person.Http.PostAsJsonAsync("/api/webhooks/endpoints", new { provider = "quill" });
        var made = await People.JsonAsync(await person.Http.PostAsJsonAsync("/api/webhooks/endpoints", new { provider = "quill", secret = "mailbox-secret" }));
        var path = new Uri(Text(made, "url")!).AbsolutePath;

        (await TellAsync(path, "mailbox-secret", "returned", "lead1@example.com")).ShouldBe(HttpStatusCode.OK);
        (await TellAsync(path, "another", "returned", "lead2@example.com")).ShouldBe(HttpStatusCode.Unauthorized);
        await ToldAsync(person, 1);

        (await nobody.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("errors").GetProperty("provider")[0].GetString()
            .ShouldBe("One of instantly, hubspot, quill.");
        (await without.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("errors").GetProperty("secret")[0].GetString()
            .ShouldBe("The signing secret of the Quill mailbox.");
        path.ShouldStartWith("/api/webhooks/quill/");
        (await house.App.Database.ListAsync<string>("select status from leads where campaign_id = $1 order by email_key", campaign.Id))
            .ShouldBe(["Bounced", "Pushed"]);
        var told = (await person.Http.GetFromJsonAsync<JsonElement>("/api/webhooks/events")).GetProperty("items")[0];
        (Text(told, "provider"), Text(told, "state")).ShouldBe(("quill", "done"));
    }

    [Fact]
    public async Task What_its_app_tells_goes_to_whoever_connected_the_account()
    {
        var (person, other) = (await house.PersonAsync(), await house.PersonAsync());
        await house.ConnectQuillAsync(person);

        (await TellAsync("/api/webhooks/quill", MadeUpProviders.ClientSecret, "read", "lead1@example.com")).ShouldBe(HttpStatusCode.OK);
        (await TellAsync("/api/webhooks/quill", "another", "read", "lead1@example.com")).ShouldBe(HttpStatusCode.Unauthorized);

        await ToldAsync(person, 1);
        (await house.App.Database.ScalarAsync<long>("select count(*) from webhook_events where workspace_id = $1", other.WorkspaceId)).ShouldBe(0);
    }

    [Fact]
    public async Task Whoever_is_erased_learns_what_it_still_holds()
    {
        var person = await house.PersonAsync();
        var campaign = await PushedAsync(person);
        var lead = await house.App.Database.ScalarAsync<Guid>("select id from leads where campaign_id = $1 and email_key = 'lead1@example.com'", campaign.Id);
        await house.App.Database.ExecuteAsync("update leads set crm = 'lodestar', crm_id = 'contact-1' where id = $1", lead);

        var erased = await People.JsonAsync(await person.Http.DeleteAsync($"/api/leads/{lead}"));

        erased.GetProperty("remaining").EnumerateArray().Select(left => $"{Text(left, "provider")} {Text(left, "kind")} {Text(left, "id")}")
            .ShouldBe(["lodestar contact contact-1"]);
    }

    [Fact]
    public async Task The_API_document_knows_it()
    {
        var document = (await house.App.Client("").GetFromJsonAsync<JsonObject>("/openapi/v1.json"))!;

        Words(document, "Provider").ShouldBe(["instantly", "hubspot", "mistral", "jina", "lodestar", "quill"]);
        Words(document, "WebhookProvider").ShouldBe(["instantly", "hubspot", "quill"]);
        Words(document, "CampaignTarget").ShouldBe(["instantly", "hubspot", "lodestar"]);
        document["paths"]!["/api/webhooks/quill/{endpoint}"]!["post"]!["operationId"]!.ToString().ShouldBe("receiveQuillPostEvents");
    }

    private static string? Text(JsonElement one, string name) => one.GetProperty(name).GetString();

    private static string?[] Texts(JsonElement one, string name) => [.. one.GetProperty(name).EnumerateArray().Select(text => text.GetString())];

    private static List<string> Words(JsonObject document, string schema) =>
        [.. document["components"]!["schemas"]![schema]!["enum"]!.AsArray().Select(word => word!.ToString())];

    private async Task<ProviderAccount> AccountAsync(SomePerson person, string provider)
    {
        using var scope = DatabaseScope.Work(person.WorkspaceId);
        return (await house.App.Services.GetRequiredService<ConnectionSource>().ForAsync(person.WorkspaceId, provider, default)).Value.ShouldNotBeNull();
    }

    private async Task<ReviewedCampaign> PushedAsync(SomePerson person)
    {
        var campaign = await ReviewedCampaign.CreateAsync(house.App.Database, 2, person.WorkspaceId);
        await house.App.Database.ExecuteAsync("update leads set status = 'Pushed' where campaign_id = $1", campaign.Id);
        return campaign;
    }

    private async Task<HttpStatusCode> TellAsync(string path, string secret, string type, string to)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(new { id = $"{Guid.CreateVersion7()}", type, to, account = MadeUpProviders.Account });
        using var request =
            new HttpRequestMessage(HttpMethod.Post, path) { Content = new ByteArrayContent(body) { Headers = { ContentType = new("application/json") } } };
        request.Headers.Add(QuillWebhook.Header, QuillWebhook.Sign(secret, body));
        using var answer = await house.App.Client("").SendAsync(request);
        return answer.StatusCode;
    }

    private Task ToldAsync(SomePerson person, int events) => Eventually.Be(async () =>
        await house.App.Database.ScalarAsync<long>(
            "select count(*) from webhook_events where workspace_id = $1 and state <> 'received'", person.WorkspaceId) == events, TimeSpan.FromSeconds(40));
}
