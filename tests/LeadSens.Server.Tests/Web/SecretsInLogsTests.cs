using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using LeadSens.Server.Identity;
using LeadSens.Server.Tests.Campaigns;
using LeadSens.Server.Tests.Identity;
using LeadSens.Server.Tests.Support;
using Npgsql;

namespace LeadSens.Server.Tests.Web;

/// <summary>The main flows with values that stand nowhere else, and then a search for them in all that was logged and would be exported.</summary>
public sealed class SecretsInLogsTests
{
    private const string Email = "canary.ada@canary.example", Password = "canary of the coal mine", Name = "Canaryname";

    [Fact]
    public async Task What_is_logged_and_traced_names_nobody_and_opens_nothing()
    {
        await using var sandbox = await TestSandbox.StartAsync();
        var encryption = Convert.ToHexStringLower(System.Security.Cryptography.RandomNumberGenerator.GetBytes(32));
        await using var app = await TestApp.ListenAsync(sandbox.BaseUrl, settings:
        [
            ("LeadSens:EncryptionKey", encryption), ("Logging:LogLevel:Default", "Information"), ("Logging:LogLevel:LeadSens", "Debug"),
            ("Logging:LogLevel:Microsoft.AspNetCore", "Information"), ("Logging:LogLevel:Microsoft.Hosting", "Information"), ("Logging:LogLevel:System.Net.Http.Any", "Information"),
        ]);
        using var recorded = new Recorded(app);
        var canaries = new Dictionary<string, string>
        {
            ["address"] = Email, ["password"] = Password, ["name"] = Name, ["encryption key"] = encryption,
            ["database password"] = new NpgsqlConnectionStringBuilder(app.Database.ConnectionString).Password!,
        };

        await AccountsAsync(app, canaries);
        await CampaignAsync(app, sandbox, canaries);

        var lines = recorded.Lines;
        lines.Count.ShouldBeGreaterThan(50);
        lines.ShouldContain(line => line.StartsWith("trace ", StringComparison.Ordinal));
        recorded.Categories.ShouldContain(category => category.StartsWith("LeadSens.", StringComparison.Ordinal));
        canaries.Count.ShouldBeGreaterThan(20);
        foreach (var (what, secret) in canaries)
            lines.Where(line => line.Contains(secret, StringComparison.OrdinalIgnoreCase) || line.Contains(Uri.EscapeDataString(secret), StringComparison.OrdinalIgnoreCase)).ShouldBeEmpty(what);
    }

    private static async Task AccountsAsync(TestApp app, Dictionary<string, string> canaries)
    {
        using var http = app.Client("");
        for (var time = 0; time < 2; time++)
            (await http.PostAsJsonAsync("/api/auth/register", new { firstName = Name, lastName = Name, email = Email, password = Password })).StatusCode.ShouldBe(HttpStatusCode.Accepted);
        canaries["made up link"] = "canaryOfTheLink" + new string('k', 28);
        await http.GetAsync($"{AccountMails.ConfirmPath}/{canaries["made up link"]}");
        await http.GetAsync($"{AccountMails.ResetPath}/{canaries["made up link"]}");
        (await http.PostAsJsonAsync("/api/auth/login", new { email = Email, password = Password })).IsSuccessStatusCode.ShouldBeFalse("not confirmed");
        await app.Database.ExecuteAsync("update users set confirmed_at = clock_now() where email = $1", Email);
        (await http.PostAsJsonAsync("/api/auth/forgot-password", new { email = Email })).StatusCode.ShouldBe(HttpStatusCode.Accepted);
        (await http.PostAsJsonAsync("/api/auth/login", new { email = Email, password = Password + " wrong" })).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        var person = await app.LoginAsync(Email, Password);
        (canaries["access token"], canaries["refresh token"]) = (person.AccessToken, person.RefreshToken);
        var refreshed = await People.JsonAsync(await http.PostAsJsonAsync("/api/auth/refresh", new { refreshToken = person.RefreshToken }));
        canaries["next refresh token"] = refreshed.GetProperty("refreshToken").GetString()!;
        canaries["next access token"] = refreshed.GetProperty("accessToken").GetString()!;
        person.Http.DefaultRequestHeaders.Authorization = new("Bearer", canaries["next access token"]);
        var invitation = await People.JsonAsync(await person.Http.PostAsJsonAsync($"/api/workspaces/{person.WorkspaceId}/members", new { role = "viewer", email = "canary.eve@canary.example" }));
        (canaries["invitation"], canaries["invited address"]) = (invitation.GetProperty("token").GetString()!, "canary.eve@canary.example");
        await http.GetAsync($"/api/invitations/{canaries["invitation"]}");
        canaries["made up invitation"] = "lsi_" + new string('q', 43);
        await http.GetAsync($"/api/invitations/{canaries["made up invitation"]}");
        var key = await People.JsonAsync(await person.Http.PostAsJsonAsync($"/api/workspaces/{person.WorkspaceId}/api-keys", new { name = "k" }));
        canaries["key"] = key.GetProperty("key").GetString()!;
        using var byKey = app.Client(canaries["key"]);
        (await byKey.GetAsync("/api/jobs")).StatusCode.ShouldBe(HttpStatusCode.OK);
        canaries["wrong key"] = "lsk_canarycanarycanarycanarycanary";
        using var byWrong = app.Client(canaries["wrong key"]);
        (await byWrong.GetAsync("/api/jobs")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        canaries["wrong token"] = "eyJcanarycanarycanarycanarycanary.e30.";
        using var byToken = app.Client("");
        byToken.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", $"Bearer {canaries["wrong token"]}");
        (await byToken.GetAsync($"/api/jobs?access_token={canaries["wrong token"]}")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        using var browser = app.Client("");
        var signedIn = await browser.PostAsJsonAsync("/api/auth/login?cookie=true", new { email = Email, password = Password });
        canaries["cookie"] = signedIn.Headers.GetValues("Set-Cookie").First(cookie => cookie.StartsWith("leadsens.session", StringComparison.Ordinal)).Split(';', '=')[1];
        canaries["anti-forgery token"] = (await People.JsonAsync(signedIn)).GetProperty("csrfToken").GetString()!;
        // Broken on purpose: what the exception handler and the framework say about a request that cannot be read.
        await http.PostAsync("/api/auth/login", new StringContent($"{{\"email\":\"{Email}\",\"password\":\"{Password}\"", System.Text.Encoding.UTF8, "application/json"));
        await person.Http.PostAsJsonAsync("/api/suppressions", new { email = Email });
    }

    private static async Task CampaignAsync(TestApp app, TestSandbox sandbox, Dictionary<string, string> canaries)
    {
        await sandbox.FaultsAsync(new { vendor = "mistral", mode = "status", status = 500, rate = 0.2 }, new { vendor = "jina", mode = "malformed", rate = 0.3 });
        using var run = new CampaignRun(app);
        var id = await run.StartAsync(CampaignRun.Request(limit: 10));
        await run.UntilAsync(id, "AwaitingApproval");
        await sandbox.FaultsAsync();
        foreach (var (email, number) in (await app.Database.ListAsync<string>("select distinct email from leads where email is not null")).Select((email, number) => (email, number))) canaries[$"lead {number}"] = email;
        var approval = (await run.Http.GetFromJsonAsync<JsonElement>($"/api/approvals?campaignId={id}")).GetProperty("items")[0].GetProperty("id").GetGuid();
        var link = await run.Http.LinkAsync(approval);
        canaries["approval link"] = link.Split('/')[^1];
        canaries["made up approval link"] = "canaryLink" + new string('z', 33);
        using var http = app.Client("");
        (await http.GetAsync($"/approve/{canaries["made up approval link"]}")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        var page = await http.GetStringAsync($"/approve/{canaries["approval link"]}");
        var seen = System.Text.RegularExpressions.Regex.Match(page, "name=\"seen\" value=\"([^\"]*)\"").Groups[1].Value;
        using var decided = await http.PostAsync($"/approve/{canaries["approval link"]}", new FormUrlEncodedContent(new Dictionary<string, string> { ["seen"] = seen, ["decision"] = "approve" }));
        decided.StatusCode.ShouldBe(HttpStatusCode.OK);
        await run.UntilAsync(id, "Completed");
    }
}
