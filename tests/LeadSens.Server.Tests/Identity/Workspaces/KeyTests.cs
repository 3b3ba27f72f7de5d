using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using LeadSens.Server.Identity;
using LeadSens.Server.Tests.Support;

namespace LeadSens.Server.Tests.Identity.Workspaces;

public sealed class KeyTests(AppOfClass apps) : IClassFixture<AppOfClass>, IAsyncLifetime
{
    private readonly TestApp app = apps.App;
    private SomePerson owner = null!;

    public async ValueTask InitializeAsync() => owner = await app.RegisterAsync(People.Address());

    public ValueTask DisposeAsync() => default;

    private string Keys => $"/api/workspaces/{owner.WorkspaceId}/api-keys";

    [Fact]
    public async Task A_key_is_shown_once_and_stored_as_its_hash()
    {
        var (key, id) = await MakeAsync("read");

        (await app.Database.ScalarAsync<string>("select string_agg(k::text, ' ') from api_keys k")).ShouldNotBeNull().ShouldNotContain(key);
        var list = await owner.Http.GetStringAsync(Keys);
        list.ShouldContain(id.ToString());
        list.ShouldNotContain(key);
    }

    [Fact]
    public async Task A_key_does_what_its_scopes_name_and_no_more()
    {
        using var reader = app.Client((await MakeAsync("read")).Key);
        (await reader.GetAsync("/api/campaigns")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await People.CodeAsync(await reader.PostAsJsonAsync("/api/suppressions", new { value = "never@example.com" }))).ShouldBe("forbidden");
        (await People.CodeAsync(await reader.GetAsync(Keys))).ShouldBe("forbidden");
        (await reader.PostAsJsonAsync("/elsa/api/workflow-definitions", new { })).StatusCode.ShouldBe(HttpStatusCode.Forbidden);

        using var worker = app.Client((await MakeAsync("work")).Key);
        (await worker.PostAsJsonAsync("/api/suppressions", new { value = "never@example.com" })).IsSuccessStatusCode.ShouldBeTrue();
        (await People.CodeAsync(await worker.GetAsync("/api/campaigns"))).ShouldBe("forbidden");
    }

    [Fact]
    public async Task A_key_gives_away_no_more_than_it_has()
    {
        using var manager = app.Client((await MakeAsync("manage")).Key);

        (await manager.PostAsJsonAsync(Keys, new { name = "more", scopes = (string[])["work"] })).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await manager.PostAsJsonAsync(Keys, new { name = "same", scopes = (string[])["manage"] })).StatusCode.ShouldBe(HttpStatusCode.Created);
    }

    [Fact]
    public async Task A_key_makes_nobody_more_than_it_is()
    {
        using var manager = app.Client((await MakeAsync("manage")).Key);
        var ben = await app.RegisterAsync(People.Address("ben"));
        await ben.JoinAsync(owner, "viewer");

        foreach (var role in Roles.All)
        {
            (await People.CodeAsync(await manager.PostAsJsonAsync($"/api/workspaces/{owner.WorkspaceId}/members", new { role }))).ShouldBe("forbidden");
            (await People.CodeAsync(await manager.PatchAsJsonAsync($"/api/workspaces/{owner.WorkspaceId}/members/{ben.UserId}", new { role }))).ShouldBe("forbidden");
        }

        (await app.Database.ScalarAsync<string>("select role from workspace_members where user_id = $1 and workspace_id = $2", ben.UserId, owner.WorkspaceId)).ShouldBe("viewer");
    }

    [Fact]
    public async Task A_key_ends_with_its_time_or_when_it_is_deleted_and_so_do_sessions_by_it()
    {
        var (key, id) = await MakeAsync("read", days: 1);
        using var script = app.Client(key);
        (await script.GetAsync("/api/auth/me")).StatusCode.ShouldBe(HttpStatusCode.OK);
        await app.Database.ShiftClockAsync(TimeSpan.FromDays(1));
        (await script.GetAsync("/api/auth/me")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);

        owner = await app.LoginAsync(owner.Email);
        (key, id) = await MakeAsync("read");
        using var browser = await PageAsync(key);
        (await browser.GetAsync("/studio/instances")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await owner.Http.DeleteAsync($"{Keys}/{id}")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await browser.GetAsync("/studio/instances")).StatusCode.ShouldBe(HttpStatusCode.Redirect);
    }

    [Fact]
    public async Task A_key_is_no_person_and_stays_in_its_workspace()
    {
        var (key, id) = await MakeAsync("manage");
        using var script = app.Client(key);

        (await People.CodeAsync(await script.PostAsJsonAsync("/api/workspaces", new { name = "x" }))).ShouldBe("account_required");
        (await script.GetAsync($"/api/workspaces/{DemoWorkspace.Id}/api-keys")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await script.GetFromJsonAsync<JsonElement>("/api/workspaces")).GetProperty("items").GetArrayLength().ShouldBe(1);
        var eve = await app.RegisterAsync(People.Address("eve"));
        (await eve.Http.DeleteAsync($"/api/workspaces/{eve.WorkspaceId}/api-keys/{id}")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Theory]
    [InlineData("", "read", 1, "name")]
    [InlineData("x", "admin", 1, "scopes")]
    [InlineData("x", "read", 0, "expiresInDays")]
    [InlineData("x", "read", 4000, "expiresInDays")]
    public async Task A_wrong_field_is_named(string name, string scope, int days, string field)
    {
        var answer = await owner.Http.PostAsJsonAsync(Keys, new { name, scopes = (string[])[scope], expiresInDays = days });

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement.GetProperty("errors").TryGetProperty(field, out _).ShouldBeTrue();
    }

    private async Task<(string Key, Guid Id)> MakeAsync(string scope, int days = 30)
    {
        var made = await People.JsonAsync(await owner.Http.PostAsJsonAsync(Keys, new { name = "script", scopes = (string[])[scope], expiresInDays = days }));
        return (made.GetProperty("key").GetString()!, made.GetProperty("id").GetGuid());
    }

    private async Task<HttpClient> PageAsync(string key)
    {
        var browser = app.Client("");
        var page = await browser.GetStringAsync("/studio/sign-in");
        var token = page.Split("__RequestVerificationToken\" value=\"")[1].Split('"')[0];
        await browser.PostAsync("/studio/sign-in", new FormUrlEncodedContent([new("__RequestVerificationToken", token), new("key", key)]));
        return browser;
    }
}
