using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using LeadSens.Server.Connections;
using LeadSens.Server.Data;
using LeadSens.Server.Tests.Identity;
using LeadSens.Server.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace LeadSens.Server.Tests.Connections;

/// <summary>Accounts that are connected by a key, and what their workspace's calls use.</summary>
public sealed class KeyConnectionTests(ConnectionHouse house) : IClassFixture<ConnectionHouse>
{
    [Theory]
    [InlineData("instantly", "leads campaigns supersearch_enrichments", "Sandbox workspace")]
    [InlineData("mistral", "", null)]
    [InlineData("jina", "", null)]
    [InlineData("hubspot", "crm.objects.contacts.read", null)]
    public async Task A_key_is_tried_at_the_vendor_and_kept_under_seal(string provider, string scopes, string? name)
    {
        var person = await house.PersonAsync();
        const string key = "sandbox-key-kept-under-seal";

        var connected = await People.JsonAsync(await PutAsync(person, provider, key));

        (ConnectionHouse.Text(connected, "state"), ConnectionHouse.Text(connected, "health"), ConnectionHouse.Text(connected, "accountName")).ShouldBe(("connected", "ok", name));
        string.Join(' ', connected.GetProperty("scopes").EnumerateArray().Select(scope => scope.GetString())).ShouldBe(scopes);
        connected.ToString().ShouldNotContain(key);
        (await AccountAsync(person, provider)).Value!.Secret.ShouldBe(key);
        (await house.App.Database.ScalarAsync<string>("select to_jsonb(c)::text || encode(credentials, 'escape') from connections c where workspace_id = $1", person.WorkspaceId)).ShouldNotBeNull().ShouldNotContain("kept-under");
    }

    [Theory]
    [InlineData("sandbox-invalid-1", "does not take this key")]
    [InlineData("sandbox-narrow-1", "lacks the scopes campaigns")]
    [InlineData("", "shows in its settings")]
    [InlineData("a key with\nline", "U+000A is not allowed")]
    [InlineData("a key with é", "visible ASCII")]
    public async Task A_key_that_does_not_do_is_refused_with_the_reason_and_changes_nothing(string key, string reason)
    {
        var person = await house.PersonAsync();
        (await PutAsync(person, "instantly", "sandbox-good")).EnsureSuccessStatusCode();

        var answer = await PutAsync(person, "instantly", key);

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("errors").GetProperty("apiKey")[0].GetString()!.ShouldContain(reason);
        (await AccountAsync(person, "instantly")).Value!.Secret.ShouldBe("sandbox-good");
    }

    [Fact]
    public async Task A_vendor_that_is_down_is_not_the_keys_fault()
    {
        var person = await house.PersonAsync();
        await house.Sandbox.FaultsAsync(new { vendor = "mistral", mode = "status", status = 503, rate = 1.0 });
        try
        {
            var answer = await PutAsync(person, "mistral", "sandbox-key");
            (answer.StatusCode, await People.CodeAsync(answer)).ShouldBe((HttpStatusCode.BadGateway, "connector_failed"));
        }
        finally
        {
            await house.Sandbox.FaultsAsync();
        }
    }

    [Fact]
    public async Task A_workspaces_own_account_goes_before_the_installations_and_ends_in_no_other()
    {
        var person = await house.PersonAsync();
        (await AccountAsync(person, "instantly")).Value!.AccountKey.ShouldBe("instantly:sandbox");

        var own = (await People.JsonAsync(await PutAsync(person, "instantly", "sandbox-own"))).GetProperty("id").GetGuid();
        (await AccountAsync(person, "instantly")).Value!.ShouldSatisfyAllConditions(account => account.Secret.ShouldBe("sandbox-own"), account => account.AccountKey.ShouldMatch("^instantly:[0-9a-f]{12}:sandbox$"));

        (await person.Http.DeleteAsync($"/api/connections/{own}")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await AccountAsync(person, "instantly")).Failure.ShouldNotBeNull().ShouldSatisfyAllConditions(
            failure => failure.Kind.ShouldBe(ProviderFailureKind.Unauthorized), failure => failure.Message.ShouldContain("was disconnected"));
        (await house.App.Database.ScalarAsync<bool>("select credentials is null and expires_at is null from connections where id = $1", own)).ShouldBeTrue();
        (await house.AuditAsync(person.WorkspaceId)).ShouldBe(["connection.connected", "connection.disconnected"]);
    }

    [Fact]
    public async Task Where_nothing_is_shared_a_workspace_without_a_connection_waits_for_one()
    {
        var person = await house.PersonAsync();
        await using var app = TestApp.Beside(house.App.Database, ("LeadSens:SandboxUrl", house.Sandbox.BaseUrl), ("LeadSens:SharedAccounts", "false"));
        var source = app.Services.GetRequiredService<ConnectionSource>();

        using var scope = DatabaseScope.Work(person.WorkspaceId);
        (await source.ForAsync(person.WorkspaceId, "mistral", default)).Failure.ShouldNotBeNull().ShouldSatisfyAllConditions(
            failure => failure.Kind.ShouldBe(ProviderFailureKind.Unauthorized), failure => failure.Message.ShouldBe("No Mistral account is connected. Connect one under Connections."));
    }

    [Fact]
    public async Task Another_key_of_the_same_account_is_the_same_account()
    {
        var person = await house.PersonAsync();
        (await PutAsync(person, "instantly", "sandbox-first")).EnsureSuccessStatusCode();
        var first = (await AccountAsync(person, "instantly")).Value!.AccountKey;

        (await PutAsync(person, "instantly", "sandbox-second")).EnsureSuccessStatusCode();

        (await AccountAsync(person, "instantly")).Value!.AccountKey.ShouldBe(first);
    }

    [Fact]
    public async Task A_key_that_the_vendor_withdrew_shows_when_it_is_tested()
    {
        var person = await house.PersonAsync();
        var id = (await People.JsonAsync(await PutAsync(person, "mistral", "sandbox-withdrawn"))).GetProperty("id").GetGuid();
        await house.CredentialsAsync(new { revoked = new[] { "sandbox-withdrawn" } });

        var tested = await People.JsonAsync(await person.Http.PostAsync($"/api/connections/{id}/test", null));

        (ConnectionHouse.Text(tested, "state"), ConnectionHouse.Text(tested, "errorCode")).ShouldBe(("broken", "unauthorized"));
        ConnectionHouse.Text(tested, "error")!.ShouldContain("Connect Mistral again");
        (await house.AuditAsync(person.WorkspaceId)).ShouldBe(["connection.connected", "connection.broken"]);
        await house.CredentialsAsync(new { });
    }

    [Fact]
    public async Task A_stranger_sees_and_changes_nothing()
    {
        var (person, stranger) = (await house.PersonAsync(), await house.PersonAsync());
        var id = (await People.JsonAsync(await PutAsync(person, "jina", "sandbox-mine"))).GetProperty("id").GetGuid();

        (await stranger.Http.PostAsync($"/api/connections/{id}/test", null)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await stranger.Http.DeleteAsync($"/api/connections/{id}")).StatusCode.ShouldBe(HttpStatusCode.NotFound);

        ConnectionHouse.Text(await ConnectionHouse.OneAsync(stranger, "jina"), "state").ShouldBe("shared");
        ConnectionHouse.Text(await ConnectionHouse.OneAsync(person, "jina"), "state").ShouldBe("connected");
    }

    [Fact]
    public async Task Disconnecting_HubSpot_gives_the_token_back_and_erases_it_whatever_HubSpot_says()
    {
        var person = await house.PersonAsync();
        var id = (await house.ConnectHubSpotAsync(person)).GetProperty("id").GetGuid();
        var token = (await AccountAsync(person, "hubspot")).Value!.Secret;
        await house.Sandbox.FaultsAsync(new { vendor = "hubspot", pathPrefix = "/oauth/2026-03/token/revoke", mode = "acceptThenDrop", rate = 1.0 });

        (await person.Http.DeleteAsync($"/api/connections/{id}")).StatusCode.ShouldBe(HttpStatusCode.NoContent);

        await house.Sandbox.FaultsAsync();
        (await house.App.Database.ScalarAsync<string>("select state from connections where id = $1 and credentials is null", id)).ShouldBe("disconnected");
        var facts = await house.Sandbox.Http.PostAsync("/hubspot/oauth/2026-03/token/introspect", new FormUrlEncodedContent(new Dictionary<string, string>
            { ["token"] = token, ["client_id"] = "sandbox-app", ["client_secret"] = "sandbox-app-secret" }));
        (await facts.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("active").GetBoolean().ShouldBeFalse();
    }

    private static Task<HttpResponseMessage> PutAsync(SomePerson person, string provider, string apiKey) => person.Http.PutAsJsonAsync($"/api/connections/{provider}", new { apiKey });

    private async Task<ProviderResult<ProviderAccount>> AccountAsync(SomePerson person, string provider)
    {
        using var scope = DatabaseScope.Work(person.WorkspaceId);
        return await house.App.Services.GetRequiredService<ConnectionSource>().ForAsync(person.WorkspaceId, provider, default);
    }
}
