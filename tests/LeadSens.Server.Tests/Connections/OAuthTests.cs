using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using LeadSens.Server.Tests.Identity;
using LeadSens.Server.Tests.Support;
using Microsoft.AspNetCore.WebUtilities;

namespace LeadSens.Server.Tests.Connections;

/// <summary>Connecting HubSpot, end to end with the Sandbox, and everything that is not exactly that.</summary>
public sealed class OAuthTests(ConnectionHouse house) : IClassFixture<ConnectionHouse>
{
    [Fact]
    public async Task A_person_connects_an_account_and_sees_what_it_may()
    {
        var person = await house.PersonAsync();

        var connected = await house.ConnectHubSpotAsync(person);

        connected.ShouldSatisfyAllConditions(
            () => ConnectionHouse.Text(connected, "state").ShouldBe("connected"),
            () => ConnectionHouse.Text(connected, "method").ShouldBe("oauth"),
            () => ConnectionHouse.Text(connected, "health").ShouldBe("ok"),
            () => ConnectionHouse.Text(connected, "accountId").ShouldBe("24387601"),
            () => ConnectionHouse.Text(connected, "accountName").ShouldBe("sandbox-24387601.example"),
            () => connected.GetProperty("isSandbox").GetBoolean().ShouldBeTrue(),
            () => connected.GetProperty("scopes").EnumerateArray().Select(scope => scope.GetString()).ShouldBe(["oauth", "crm.objects.contacts.read", "crm.objects.contacts.write"]));
        (await house.AuditAsync(person.WorkspaceId)).ShouldBe(["connection.connected"]);
    }

    [Fact]
    public async Task The_person_is_sent_out_with_a_state_a_challenge_and_the_exact_address_to_come_back_to()
    {
        var person = await house.PersonAsync();

        var query = QueryHelpers.ParseQuery((await ConnectionHouse.BeginAsync(person.Http)).Query);

        query["redirect_uri"].ToString().ShouldBe("http://localhost/api/connections/hubspot/callback");
        query["code_challenge_method"].ToString().ShouldBe("S256");
        query["code_challenge"].ToString().Length.ShouldBe(43);
        query["state"].ToString().Length.ShouldBe(43);
        (await house.App.Database.ScalarAsync<long>("select count(*) from connection_states where workspace_id = $1", person.WorkspaceId)).ShouldBe(0, "what was begun is in the browser alone");
    }

    [Fact]
    public async Task An_answer_works_once()
    {
        var person = await house.PersonAsync();
        await house.CredentialsAsync(new { consent = "allow" });
        var begun = await person.Http.GetAsync("/api/connections/hubspot/auth");
        var back = await house.ConsentAsync(begun.Headers.Location!);
        var cookie = Cookie(begun);
        await ShouldSayAsync(person, back, HttpStatusCode.OK, "HubSpot is connected");
        var before = await ConnectionHouse.OneAsync(person, "hubspot");

        await ShouldSayAsync(person, back, HttpStatusCode.BadRequest, "Nothing was connected");
        await ShouldSayAsync(person, back, HttpStatusCode.BadRequest, "Nothing was connected", cookie);

        (await ConnectionHouse.OneAsync(person, "hubspot")).ToString().ShouldBe(before.ToString());
    }

    [Fact]
    public async Task An_answer_is_taken_from_the_session_that_asked_and_from_no_other()
    {
        var (person, other) = (await house.PersonAsync(), await house.PersonAsync());
        await house.CredentialsAsync(new { consent = "allow" });
        var begun = await person.Http.GetAsync("/api/connections/hubspot/auth");
        var back = await house.ConsentAsync(begun.Headers.Location!);
        var secondDevice = await house.App.LoginAsync(person.Email);

        await ShouldSayAsync(other, back, HttpStatusCode.BadRequest, "Nothing was connected");
        foreach (var cookie in (string[])[Cookie(begun), Cookie(begun)[..^4] + "AAAA", "leadsens.connecting=made-up"])
        foreach (var thief in (SomePerson[])[other, secondDevice])
            await ShouldSayAsync(thief, back, HttpStatusCode.BadRequest, "Nothing was connected", cookie);
        var nobody = await house.App.Client("").GetAsync(back);
        (nobody.StatusCode, (await nobody.Content.ReadAsStringAsync()).Contains("Sign in", StringComparison.Ordinal)).ShouldBe((HttpStatusCode.Forbidden, true));

        (await house.App.Database.ScalarAsync<long>("select count(*) from connections where workspace_id = any($1)", new[] { person.WorkspaceId, other.WorkspaceId })).ShouldBe(0);
        await ShouldSayAsync(person, back, HttpStatusCode.OK, "HubSpot is connected");
    }

    [Fact]
    public async Task Whoever_went_to_another_workspace_meanwhile_connects_neither()
    {
        var (person, host) = (await house.PersonAsync(), await house.PersonAsync());
        await house.CredentialsAsync(new { consent = "allow" });
        var back = await house.ConsentAsync(await ConnectionHouse.BeginAsync(person.Http));
        await person.JoinAsync(host, "owner");

        await ShouldSayAsync(person, back, HttpStatusCode.BadRequest, "Nothing was connected");

        (await house.App.Database.ScalarAsync<long>("select count(*) from connections where workspace_id = any($1)", new[] { person.WorkspaceId, host.WorkspaceId })).ShouldBe(0);
    }

    [Fact]
    public async Task An_answer_after_ten_minutes_comes_too_late()
    {
        var person = await house.PersonAsync();
        await house.CredentialsAsync(new { consent = "allow" });
        var back = await house.ConsentAsync(await ConnectionHouse.BeginAsync(person.Http));
        await house.App.Database.ShiftClockAsync(TimeSpan.FromMinutes(11));
        try
        {
            await ShouldSayAsync(person, back, HttpStatusCode.BadRequest, "Nothing was connected");
        }
        finally
        {
            await house.App.Database.ShiftClockAsync(TimeSpan.FromMinutes(-11));
        }
    }

    [Fact]
    public async Task Who_does_not_let_us_in_keeps_what_was_connected()
    {
        var person = await house.PersonAsync();
        var before = await house.ConnectHubSpotAsync(person);
        await house.CredentialsAsync(new { consent = "deny" });

        await ShouldSayAsync(person, await house.ConsentAsync(await ConnectionHouse.BeginAsync(person.Http)), HttpStatusCode.OK, "You did not let LeadSens into HubSpot");

        (await ConnectionHouse.OneAsync(person, "hubspot")).ToString().ShouldBe(before.ToString());
    }

    [Fact]
    public async Task Consent_to_less_than_is_needed_names_what_is_missing_and_is_given_back()
    {
        var person = await house.PersonAsync();
        await house.CredentialsAsync(new { consent = "allow", scopes = new[] { "oauth", "crm.objects.contacts.read" } });

        await ShouldSayAsync(person, await house.ConsentAsync(await ConnectionHouse.BeginAsync(person.Http)), HttpStatusCode.Conflict, "crm.objects.contacts.write");

        ConnectionHouse.Text(await ConnectionHouse.OneAsync(person, "hubspot"), "state").ShouldBe("shared");
        (await house.Sandbox.CallsAsync("hubspot", "/token/revoke")).ShouldNotBeEmpty();
    }

    [Theory]
    [InlineData("&code=made-up")]
    [InlineData("&code=")]
    [InlineData("&error=server_error&error_description=%3Cscript%3Ealert(1)%3C/script%3E")]
    [InlineData("&error=access_denied&redirect=https%3A%2F%2Fevil.example")]
    public async Task A_forged_answer_gets_a_page_that_repeats_nothing_of_it(string forged)
    {
        var person = await house.PersonAsync();
        var state = QueryHelpers.ParseQuery((await ConnectionHouse.BeginAsync(person.Http)).Query)["state"].ToString();

        var answer = await person.Http.GetAsync($"/api/connections/hubspot/callback?state={state}{forged}");

        var page = await answer.Content.ReadAsStringAsync();
        page.ShouldContain("Nothing was connected");
        page.ShouldNotContain("script>");
        page.ShouldNotContain("evil");
        answer.Headers.Location.ShouldBeNull();
        answer.Headers.GetValues("Referrer-Policy").ShouldBe(["no-referrer"]);
        answer.Headers.CacheControl!.NoStore.ShouldBeTrue();
        ConnectionHouse.Text(await ConnectionHouse.OneAsync(person, "hubspot"), "state").ShouldBe("shared");
    }

    [Fact]
    public async Task The_Sandbox_refuses_a_wrong_verifier_and_another_address_as_the_vendor_does()
    {
        var person = await house.PersonAsync();
        await house.CredentialsAsync(new { consent = "allow" });
        async Task<JsonElement> ExchangeAsync(string verifier, string redirect)
        {
            var code = QueryHelpers.ParseQuery(new Uri("http://localhost" + await house.ConsentAsync(await ConnectionHouse.BeginAsync(person.Http))).Query)["code"].ToString();
            var answer = await house.Sandbox.Http.PostAsync("/hubspot/oauth/2026-03/token", new FormUrlEncodedContent(new Dictionary<string, string>
            {
                ["grant_type"] = "authorization_code", ["client_id"] = "sandbox-app", ["client_secret"] = "sandbox-app-secret", ["code"] = code, ["redirect_uri"] = redirect, ["code_verifier"] = verifier,
            }));
            answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
            return await answer.Content.ReadFromJsonAsync<JsonElement>();
        }

        var wrong = await ExchangeAsync("wrong", "http://localhost/api/connections/hubspot/callback");
        (wrong.GetProperty("error").GetString(), wrong.GetProperty("status").GetString()).ShouldBe(("invalid_grant", "BAD_AUTH_CODE"));
        (await ExchangeAsync("wrong", "http://localhost/elsewhere")).GetProperty("status").GetString().ShouldBe("MISMATCH_REDIRECT_URI_AUTH_CODE");
    }

    [Fact]
    public async Task Who_leaves_while_the_tokens_come_is_connected_all_the_same()
    {
        var person = await house.PersonAsync();
        await house.CredentialsAsync(new { consent = "allow" });
        var back = await house.ConsentAsync(await ConnectionHouse.BeginAsync(person.Http));
        await house.Sandbox.FaultsAsync(new { vendor = "hubspot", pathPrefix = "/oauth/2026-03/token/introspect", mode = "slow", delayMs = 1_000 });
        var before = await ExchangesAsync();
        using var leaving = new CancellationTokenSource();
        var answer = person.Http.GetAsync(back, leaving.Token);
        await Eventually.Be(async () => await ExchangesAsync() > before);

        await leaving.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(answer);
        await Eventually.Be(async () => ConnectionHouse.Text(await ConnectionHouse.OneAsync(person, "hubspot"), "state") == "connected");
        await house.Sandbox.FaultsAsync();

        async Task<int> ExchangesAsync() => (await house.Sandbox.CallsAsync("hubspot", "/oauth/2026-03/token")).Count(call => call.Path == "/oauth/2026-03/token");
    }

    [Fact]
    public async Task The_Sandbox_shows_a_page_where_a_person_decides()
    {
        var person = await house.PersonAsync();
        await house.CredentialsAsync(new { consent = "page" });

        var page = await house.Sandbox.Http.GetStringAsync(await ConnectionHouse.BeginAsync(person.Http));

        page.ShouldContain("sandbox_decision=allow");
        page.ShouldContain("sandbox_decision=deny");
    }

    [Fact]
    public async Task A_key_cannot_begin_what_only_a_person_can() =>
        (await People.CodeAsync(await house.App.Client().GetAsync("/api/connections/hubspot/auth"))).ShouldBe("account_required");

    private static string Cookie(HttpResponseMessage begun) => begun.Headers.GetValues("Set-Cookie").Single(cookie => cookie.StartsWith("leadsens.connecting=", StringComparison.Ordinal)).Split(';')[0];

    private static async Task ShouldSayAsync(SomePerson person, string address, HttpStatusCode status, string text, string? cookie = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        if (cookie is not null) request.Headers.Add("Cookie", cookie);
        var answer = await person.Http.SendAsync(request);
        var page = await answer.Content.ReadAsStringAsync();
        answer.StatusCode.ShouldBe(status, page);
        page.ShouldContain(text);
    }
}
