using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using LeadSens.Server.Tests.Identity;
using LeadSens.Server.Tests.Support;

namespace LeadSens.Server.Tests.Rights;

[Collection(typeof(RightsTests))]
public sealed class AccountRightsTests(RightsApp rights) : IAsyncLifetime
{
    private static int people;

    private SomePerson owner = null!;

    public async ValueTask InitializeAsync() => owner = await NewAsync();

    public ValueTask DisposeAsync() => default;

    [Fact]
    public async Task An_account_is_exported_without_its_secrets()
    {
        var text = await owner.Http.GetStringAsync("/api/auth/me/export");

        var json = JsonElement.Parse(text);
        json.GetProperty("account").GetProperty("email").GetString().ShouldBe(owner.Email);
        json.GetProperty("workspaces")[0].GetProperty("role").GetString().ShouldBe("owner");
        json.GetProperty("auditLog").GetArrayLength().ShouldBeGreaterThan(0);
        text.ShouldNotContain("hash");
        text.ShouldNotContain(owner.AccessToken);
    }

    [Fact]
    public async Task An_erased_account_is_gone_with_its_sessions_and_keys()
    {
        var key = await People.JsonAsync(await owner.Http.PostAsJsonAsync($"/api/workspaces/{owner.WorkspaceId}/api-keys", new { name = "script" }));
        using var script = rights.App.Client(key.GetProperty("key").GetString()!);

        (await People.CodeAsync(await EraseAsync(owner, "wrong password here"))).ShouldBe("password_wrong");
        (await EraseAsync(owner, People.Password)).StatusCode.ShouldBe(HttpStatusCode.NoContent);

        (await owner.Http.GetAsync("/api/auth/me")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await script.GetAsync("/api/campaigns")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await rights.App.Client("").PostAsJsonAsync("/api/auth/login", new { email = owner.Email, password = People.Password })).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await rights.Db.ScalarAsync<long>("select count(*) from audit_entries where workspace_id = $1 and action = 'account.erased'", owner.WorkspaceId)).ShouldBe(1);
    }

    [Fact]
    public async Task The_last_owner_hands_over_before_going()
    {
        var member = await NewAsync();
        await member.JoinAsync(owner, "member");

        (await People.CodeAsync(await EraseAsync(owner, People.Password))).ShouldBe("last_owner");
        (await People.CodeAsync(await owner.Http.PostAsync($"/api/workspaces/{owner.WorkspaceId}/leave", null))).ShouldBe("last_owner");
        (await owner.Http.PatchAsJsonAsync($"/api/workspaces/{owner.WorkspaceId}/members/{member.UserId}", new { role = "owner" })).EnsureSuccessStatusCode();
        (await owner.Http.PostAsync($"/api/workspaces/{owner.WorkspaceId}/leave", null)).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await owner.Http.PostAsync($"/api/workspaces/{owner.WorkspaceId}/leave", null)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await EraseAsync(owner, People.Password)).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await member.Http.GetAsync("/api/campaigns")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Nobody_leaves_a_campaign_running_that_nobody_can_stop()
    {
        await ReviewedCampaign.CreateAsync(rights.Db, 1, owner.WorkspaceId);

        (await People.CodeAsync(await EraseAsync(owner, People.Password))).ShouldBe("campaign_running");
        await rights.Db.ExecuteAsync("update campaigns set status = 'Cancelled', finished_at = now() where workspace_id = $1", owner.WorkspaceId);
        (await EraseAsync(owner, People.Password)).StatusCode.ShouldBe(HttpStatusCode.NoContent);
    }

    private Task<SomePerson> NewAsync() => rights.App.RegisterAsync($"person{Interlocked.Increment(ref people)}@accounts.example");

    private static Task<HttpResponseMessage> EraseAsync(SomePerson person, string password) =>
        person.Http.SendAsync(new(HttpMethod.Delete, "/api/auth/me") { Content = JsonContent.Create(new { password }) });
}
