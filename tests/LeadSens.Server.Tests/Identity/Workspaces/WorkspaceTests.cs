using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using LeadSens.Server.Identity;
using LeadSens.Server.Tests.Support;

namespace LeadSens.Server.Tests.Identity.Workspaces;

public sealed class WorkspaceTests(AppOfClass apps) : IClassFixture<AppOfClass>, IAsyncLifetime
{
    private readonly TestApp app = apps.App;
    private SomePerson owner = null!, ben = null!;

    public async ValueTask InitializeAsync() => (owner, ben) = (await app.RegisterAsync(People.Address()), await app.RegisterAsync(People.Address("ben")));

    public ValueTask DisposeAsync() => default;

    private string Here => $"/api/workspaces/{owner.WorkspaceId}";

    [Fact]
    public async Task Whoever_makes_a_workspace_owns_it_and_can_switch_there()
    {
        var made = (await People.JsonAsync(await owner.Http.PostAsJsonAsync("/api/workspaces", new { name = "Second", role = "viewer", id = DemoWorkspace.Id }))).GetProperty("id").GetGuid();

        made.ShouldNotBe(DemoWorkspace.Id);
        (await owner.Http.PutAsJsonAsync($"/api/workspaces/{made}/company-dna", new { companyDna = "We sell <b>maps</b>." })).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await owner.Http.PostAsync($"/api/workspaces/{made}/switch", null)).StatusCode.ShouldBe(HttpStatusCode.OK);
        var me = (await owner.Http.GetFromJsonAsync<JsonElement>("/api/auth/me")).GetProperty("account").GetProperty("workspace");
        me.GetProperty("id").GetGuid().ShouldBe(made);
        var list = (await owner.Http.GetFromJsonAsync<JsonElement>("/api/workspaces")).GetProperty("items").EnumerateArray().ToList();
        list.Count.ShouldBe(2);
        list.Single(place => place.GetProperty("isCurrent").GetBoolean()).GetProperty("companyDna").GetString().ShouldBe("We sell <b>maps</b>.");
        (await app.LoginAsync(owner.Email)).WorkspaceId.ShouldBe(made);
    }

    [Fact]
    public async Task An_owner_signs_a_member_out_of_this_workspace_and_of_no_other()
    {
        var elsewhere = await app.LoginAsync(ben.Email);
        await ben.JoinAsync(owner, "member");

        (await owner.Http.DeleteAsync($"{Here}/members/{ben.UserId}/sessions")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await ben.Http.GetAsync("/api/auth/me")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await elsewhere.Http.GetAsync("/api/auth/me")).StatusCode.ShouldBe(HttpStatusCode.OK, "it is open in a workspace of his own");
        (await owner.Http.DeleteAsync($"{Here}/members/{Guid.CreateVersion7()}/sessions")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_stranger_finds_no_such_workspace()
    {
        foreach (var (method, path) in new[] { ("POST", "switch"), ("PUT", "company-dna"), ("GET", "members"), ("POST", "members"), ("GET", "api-keys"), ("POST", "api-keys"), ("GET", "invitations") })
        {
            var answer = await ben.Http.SendAsync(new(new HttpMethod(method), $"{Here}/{path}") { Content = JsonContent.Create(new { companyDna = "x", role = "owner", name = "x" }) });
            answer.StatusCode.ShouldBe(HttpStatusCode.NotFound, path);
            (await People.CodeAsync(answer)).ShouldBe("workspace_not_found");
        }
    }

    [Fact]
    public async Task An_invitation_shows_and_joins_once_with_the_role_that_it_names()
    {
        var (token, id) = await InviteAsync("approver");
        using var nobody = app.Client("");
        for (var look = 0; look < 3; look++) (await People.JsonAsync(await nobody.GetAsync($"/api/invitations/{token}"))).GetProperty("role").GetString().ShouldBe("approver");
        (await nobody.PostAsync($"/api/invitations/{token}", null)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);

        (await ben.Http.PostAsJsonAsync($"/api/invitations/{token}", new { role = "owner" })).StatusCode.ShouldBe(HttpStatusCode.OK);

        (await RoleAsync(ben)).ShouldBe("approver");
        var eve = await app.RegisterAsync(People.Address("eve"));
        (await People.CodeAsync(await eve.Http.PostAsync($"/api/invitations/{token}", null))).ShouldBe("invitation_invalid");
        (await nobody.GetAsync($"/api/invitations/{token}")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await app.Database.ScalarAsync<string>("select string_agg(i::text, ' ') from workspace_invitations i where id = $1", id)).ShouldNotBeNull().ShouldNotContain(token);
    }

    [Fact]
    public async Task Of_two_who_follow_one_link_at_once_one_joins()
    {
        var (token, _) = await InviteAsync("member");
        var others = new[] { ben, await app.RegisterAsync(People.Address("eve")), await app.RegisterAsync(People.Address("kim")) };

        var answers = await Task.WhenAll(others.Select(other => other.Http.PostAsync($"/api/invitations/{token}", null)));

        answers.Count(answer => answer.IsSuccessStatusCode).ShouldBe(1);
        (await app.Database.ScalarAsync<long>("select count(*) from workspace_members where workspace_id = $1", owner.WorkspaceId)).ShouldBe(2);
    }

    [Fact]
    public async Task Expired_withdrawn_and_others_invitations_open_nothing()
    {
        var (withdrawn, id) = await InviteAsync("member");
        (await ben.Http.DeleteAsync($"/api/workspaces/{ben.WorkspaceId}/invitations/{id}")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await owner.Http.DeleteAsync($"{Here}/invitations/{id}")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await ben.Http.PostAsync($"/api/invitations/{withdrawn}", null)).StatusCode.ShouldBe(HttpStatusCode.NotFound);

        var address = People.Address("kim");
        var (personal, _) = await InviteAsync("member", address.Replace("kim", "Kim", StringComparison.Ordinal));
        (await ben.Http.PostAsync($"/api/invitations/{personal}", null)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        var kim = await app.RegisterAsync(address);
        (await kim.Http.PostAsync($"/api/invitations/{personal}", null)).StatusCode.ShouldBe(HttpStatusCode.OK);

        var (late, _) = await InviteAsync("member");
        await app.Database.ShiftClockAsync(TimeSpan.FromDays(7));
        var (_, refreshed) = (0, await app.LoginAsync(ben.Email));
        (await refreshed.Http.PostAsync($"/api/invitations/{late}", null)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_member_who_follows_another_link_keeps_the_role_and_leaves_the_link()
    {
        await ben.JoinAsync(owner, "viewer");
        var (token, _) = await InviteAsync("owner");

        (await People.CodeAsync(await ben.Http.PostAsync($"/api/invitations/{token}", null))).ShouldBe("already_member");

        (await RoleAsync(ben)).ShouldBe("viewer");
        using var nobody = app.Client("");
        (await nobody.GetAsync($"/api/invitations/{token}")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_change_of_role_and_a_removal_hold_from_the_next_request_on()
    {
        await ben.JoinAsync(owner, "member");
        (await ben.Http.PutAsJsonAsync($"{Here}/company-dna", new { companyDna = "Ours" })).StatusCode.ShouldBe(HttpStatusCode.OK);

        (await owner.Http.PatchAsJsonAsync($"{Here}/members/{ben.UserId}", new { role = "viewer" })).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await People.CodeAsync(await ben.Http.PutAsJsonAsync($"{Here}/company-dna", new { companyDna = "Theirs" }))).ShouldBe("forbidden");
        (await People.CodeAsync(await ben.Http.PatchAsJsonAsync($"{Here}/members/{ben.UserId}", new { role = "owner" }))).ShouldBe("forbidden");

        (await owner.Http.DeleteAsync($"{Here}/members/{ben.UserId}")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await People.CodeAsync(await ben.Http.GetAsync("/api/campaigns"))).ShouldBe("workspace_required");
        (await ben.Http.GetAsync($"{Here}/members")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await ben.Http.PostAsync($"/api/workspaces/{ben.WorkspaceId}/switch", null)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Two_owners_who_remove_each_other_at_once_leave_one()
    {
        await ben.JoinAsync(owner, "owner");

        var answers = await Task.WhenAll(owner.Http.DeleteAsync($"{Here}/members/{ben.UserId}"), ben.Http.DeleteAsync($"{Here}/members/{owner.UserId}"));

        answers.Count(answer => answer.IsSuccessStatusCode).ShouldBe(1);
        (await app.Database.ScalarAsync<long>("select count(*) from workspace_members where workspace_id = $1 and role = 'owner'", owner.WorkspaceId)).ShouldBe(1);
        var left = answers[0].IsSuccessStatusCode ? owner : ben;
        (await People.CodeAsync(await left.Http.PatchAsJsonAsync($"{Here}/members/{left.UserId}", new { role = "member" }))).ShouldBe("last_owner");
        (await People.CodeAsync(await left.Http.DeleteAsync($"{Here}/members/{left.UserId}"))).ShouldBe("last_owner");
    }

    [Fact]
    public async Task Members_are_changed_only_where_they_are()
    {
        (await owner.Http.PatchAsJsonAsync($"{Here}/members/{ben.UserId}", new { role = "viewer" })).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await owner.Http.DeleteAsync($"{Here}/members/{DemoWorkspace.UserId}")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await owner.Http.PatchAsJsonAsync($"{Here}/members/{owner.UserId}", new { role = "admin" })).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    private async Task<string?> RoleAsync(SomePerson person) =>
        await app.Database.ScalarAsync<string>("select role from workspace_members where workspace_id = $1 and user_id = $2", owner.WorkspaceId, person.UserId);

    private async Task<(string Token, Guid Id)> InviteAsync(string role, string? email = null)
    {
        var made = await People.JsonAsync(await owner.Http.PostAsJsonAsync($"{Here}/members", new { role, email }));
        made.GetProperty("url").GetString().ShouldNotBeNull().ShouldEndWith(made.GetProperty("token").GetString()!);
        return (made.GetProperty("token").GetString()!, made.GetProperty("id").GetGuid());
    }
}
