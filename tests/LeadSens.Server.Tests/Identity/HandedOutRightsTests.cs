using System.Net;
using System.Net.Http.Json;
using LeadSens.Server.Tests.Mail;
using LeadSens.Server.Tests.Support;
using LeadSens.Server.Tests.Workflows;
using LeadSens.Server.Workflows;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace LeadSens.Server.Tests.Identity;

/// <summary>Ada owns the workspace, Ben is made an owner too and hands out what he can. Then he is removed or demoted, and uses it.</summary>
public sealed class HandedOutRightsTests(MailApp house) : IClassFixture<MailApp>
{
    private static readonly string[] Everything = ["read", "approve", "work", "manage"];

    [Fact]
    public async Task A_key_ends_with_its_makers_membership_and_so_do_keys_made_with_it()
    {
        var (ada, ben) = await TwoOwnersAsync();
        var (first, _) = await KeyAsync(ben.Http, ada.WorkspaceId);
        var (second, _) = await KeyAsync(house.App.Client(first), ada.WorkspaceId);
        foreach (var key in (string[])[first, second]) (await house.App.Client(key).GetAsync("/api/campaigns")).StatusCode.ShouldBe(HttpStatusCode.OK);

        (await ada.Http.DeleteAsync(Member(ada, ben))).StatusCode.ShouldBe(HttpStatusCode.NoContent);

        foreach (var key in (string[])[first, second]) (await house.App.Client(key).GetAsync("/api/campaigns")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task A_key_may_at_most_what_its_maker_may_now()
    {
        var (ada, ben) = await TwoOwnersAsync();
        var (key, _) = await KeyAsync(ben.Http, ada.WorkspaceId);
        var (child, _) = await KeyAsync(house.App.Client(key), ada.WorkspaceId);

        await DemoteAsync(ada, ben, "viewer");

        foreach (var script in (HttpClient[])[house.App.Client(key), house.App.Client(child)])
        {
            (await script.GetAsync("/api/campaigns")).StatusCode.ShouldBe(HttpStatusCode.OK);
            (await People.CodeAsync(await script.PostAsJsonAsync("/api/suppressions", new { value = "never@example.com" }))).ShouldBe("forbidden");
            (await People.CodeAsync(await script.PostAsJsonAsync($"/api/workspaces/{ada.WorkspaceId}/members", new { role = "owner" }))).ShouldBe("forbidden");
            var more = await script.PostAsJsonAsync($"/api/workspaces/{ada.WorkspaceId}/api-keys", new { name = "x", scopes = (string[])["work"] });
            (await People.CodeAsync(more)).ShouldBe("forbidden");
        }
    }

    [Fact]
    public async Task A_key_ends_with_the_key_that_it_was_made_with()
    {
        var ada = await house.App.RegisterAsync(MailApp.Address());
        var (leaked, id) = await KeyAsync(ada.Http, ada.WorkspaceId);
        var (child, _) = await KeyAsync(house.App.Client(leaked), ada.WorkspaceId);
        var invitation = await InviteAsync(house.App.Client(leaked), ada.WorkspaceId);

        (await ada.Http.DeleteAsync($"/api/workspaces/{ada.WorkspaceId}/api-keys/{id}")).StatusCode.ShouldBe(HttpStatusCode.NoContent);

        (await house.App.Client(child).GetAsync("/api/campaigns")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        await IsDeadAsync(invitation, await house.App.RegisterAsync(MailApp.Address()));
    }

    [Fact]
    public async Task A_key_that_has_ended_makes_no_other_where_that_is_not_known_yet()
    {
        var ada = await house.App.RegisterAsync(MailApp.Address());
        var (leaked, id) = await KeyAsync(ada.Http, ada.WorkspaceId);
        using var script = house.App.Client(leaked);
        (await script.GetAsync("/api/campaigns")).StatusCode.ShouldBe(HttpStatusCode.OK);
        await UntoldAsync($"delete from api_keys where id = '{id}'");

        var made = await script.PostAsJsonAsync($"/api/workspaces/{ada.WorkspaceId}/api-keys", new { name = "child", scopes = Everything });

        made.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await house.Db.ScalarAsync<long>("select count(*) from api_keys where workspace_id = $1", ada.WorkspaceId)).ShouldBe(0);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("member")]
    [InlineData("viewer")]
    public async Task An_invitation_ends_with_the_right_of_who_gave_it(string? role)
    {
        var (ada, ben) = await TwoOwnersAsync();
        var (key, _) = await KeyAsync(ben.Http, ada.WorkspaceId);
        var invitations = new[] { await InviteAsync(ben.Http, ada.WorkspaceId), await InviteAsync(house.App.Client(key), ada.WorkspaceId) };

        if (role is null) (await ada.Http.DeleteAsync(Member(ada, ben))).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        else await DemoteAsync(ada, ben, role);

        foreach (var invitation in invitations) await IsDeadAsync(invitation, role is null ? ben : await house.App.RegisterAsync(MailApp.Address()));
        (await ada.Http.GetStringAsync($"/api/workspaces/{ada.WorkspaceId}/invitations")).ShouldContain("\"items\":[]");
    }

    [Fact]
    public async Task What_a_removed_member_handed_out_stays_dead_when_they_come_back()
    {
        var (ada, ben) = await TwoOwnersAsync();
        var (key, _) = await KeyAsync(ben.Http, ada.WorkspaceId);
        var (child, _) = await KeyAsync(house.App.Client(key), ada.WorkspaceId);
        var invitations = new[] { await InviteAsync(ben.Http, ada.WorkspaceId), await InviteAsync(house.App.Client(key), ada.WorkspaceId) };

        (await ada.Http.DeleteAsync(Member(ada, ben))).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        await ben.JoinAsync(ada, "owner");

        foreach (var old in (string[])[key, child]) (await house.App.Client(old).GetAsync("/api/campaigns")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        foreach (var invitation in invitations) await IsDeadAsync(invitation, await house.App.RegisterAsync(MailApp.Address()));
        var (anew, _) = await KeyAsync(ben.Http, ada.WorkspaceId);
        (await house.App.Client(anew).GetAsync("/api/campaigns")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task What_was_made_before_a_reset_ends_with_it()
    {
        var ada = await house.App.RegisterAsync(MailApp.Address());
        var (key, _) = await KeyAsync(ada.Http, ada.WorkspaceId);
        var invitation = await InviteAsync(ada.Http, ada.WorkspaceId);
        var wait = await WaitAsync(ada);
        var old = await ResumeLinkAsync(ada.Http, wait);
        var http = house.App.Client("");
        (await http.GetAsync(old)).StatusCode.ShouldBe(HttpStatusCode.OK);
        await http.PostAsJsonAsync("/api/auth/forgot-password", new { email = ada.Email });
        await Eventually.Be(async () => (await house.Sandbox.MailsAsync(ada.Email)).Any(mail => mail.Subject == "Choose a new password"), TimeSpan.FromSeconds(40));
        var link = MailLinks.In((await house.Sandbox.MailsAsync(ada.Email)).Single(mail => mail.Subject == "Choose a new password"), "/account/reset/");

        (await MailLinks.PostAsync(http, link, ("password", "a new and better password"))).StatusCode.ShouldBe(HttpStatusCode.OK);

        (await house.App.Client(key).GetAsync("/api/campaigns")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        await IsDeadAsync(invitation, await house.App.RegisterAsync(MailApp.Address()));
        (await http.GetAsync(old)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await http.PostAsync(old, null)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await house.Db.ScalarAsync<long>("select count(*) from workflow_bookmarks where id = $1 and state = 0", wait)).ShouldBe(1, "it waits");

        var back = await house.App.LoginAsync(ada.Email, "a new and better password");
        (await http.PostAsync(await ResumeLinkAsync(back.Http, wait), null)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("Ben is removed")]
    [InlineData("Ben is removed and comes back")]
    [InlineData("Ben becomes a viewer")]
    [InlineData("the key is removed")]
    public async Task A_link_to_a_wait_ends_with_the_right_of_who_gave_it_out(string end)
    {
        var (ada, ben) = await TwoOwnersAsync();
        var (key, id) = await KeyAsync(end == "the key is removed" ? ada.Http : ben.Http, ada.WorkspaceId);
        var wait = await WaitAsync(ada);
        var links = new List<string> { await ResumeLinkAsync(house.App.Client(key), wait) };
        if (end != "the key is removed") links.Add(await ResumeLinkAsync(ben.Http, wait));
        var anybody = house.App.Client("");
        foreach (var link in links) (await anybody.GetAsync(link)).StatusCode.ShouldBe(HttpStatusCode.OK);

        var done = end switch
        {
            "Ben is removed" or "Ben is removed and comes back" => await ada.Http.DeleteAsync(Member(ada, ben)),
            "Ben becomes a viewer" => await ada.Http.PatchAsJsonAsync(Member(ada, ben), new { role = "viewer" }),
            _ => await ada.Http.DeleteAsync($"/api/workspaces/{ada.WorkspaceId}/api-keys/{id}"),
        };
        done.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        if (end == "Ben is removed and comes back") await ben.JoinAsync(ada, "owner");

        foreach (var link in links)
        {
            (await anybody.GetAsync(link)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
            (await anybody.PostAsync(link, null)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        }
        (await house.Db.ScalarAsync<long>("select count(*) from workflow_bookmarks where id = $1 and state = 0", wait)).ShouldBe(1, "it waits");

        (await anybody.PostAsync(await ResumeLinkAsync(ada.Http, wait), null)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Who_was_demoted_gives_themselves_nothing_back_where_that_is_not_known_yet()
    {
        var (ada, ben) = await TwoOwnersAsync();
        (await ben.Http.GetAsync("/api/campaigns")).StatusCode.ShouldBe(HttpStatusCode.OK);
        await UntoldAsync($"update workspace_members set role = 'viewer' where workspace_id = '{ada.WorkspaceId}' and user_id = '{ben.UserId}'");

        (await ben.Http.PatchAsJsonAsync(Member(ada, ben), new { role = "owner" })).StatusCode.ShouldBe(HttpStatusCode.Forbidden);

        (await house.Db.ScalarAsync<string>("select role from workspace_members where workspace_id = $1 and user_id = $2", ada.WorkspaceId, ben.UserId)).ShouldBe("viewer");
        (await ben.Http.PostAsync($"/api/workspaces/{ada.WorkspaceId}/leave", null)).StatusCode.ShouldBe(HttpStatusCode.NoContent);
    }

    [Fact]
    public async Task Who_was_demoted_decides_and_edits_nothing_where_that_is_not_known_yet()
    {
        var (ada, ben) = await TwoOwnersAsync();
        var campaign = await ReviewedCampaign.CreateAsync(house.Db, 1, ada.WorkspaceId);
        var approval = await campaign.AskAsync();
        var lead = (await campaign.LeadsAsync()).Single();
        (await ben.Http.GetAsync($"/api/approvals/{approval}")).StatusCode.ShouldBe(HttpStatusCode.OK);
        await UntoldAsync($"update workspace_members set role = 'viewer' where workspace_id = '{ada.WorkspaceId}' and user_id = '{ben.UserId}'");

        (await People.CodeAsync(await ben.Http.DecideAsync(approval))).ShouldBeOneOf("approval_not_allowed", Known);
        (await People.CodeAsync(await ben.Http.EditAsync(approval, new { leadId = lead, edits = new[] { new { step = 1, body = "mine" } } }))).ShouldBeOneOf("approval_not_allowed", Known);
        (await People.CodeAsync(await ben.Http.PostAsync($"/api/approvals/{approval}/link", null))).ShouldBeOneOf("approval_not_allowed", Known);

        (await house.Db.ScalarAsync<string>("select status from approvals where id = $1", approval)).ShouldBe("pending");
        (await house.Db.ScalarAsync<long>("select count(*) from drafts where body = 'mine'")).ShouldBe(0);
        (await ada.Http.DecideAsync(approval)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("update workspace_members set role = 'viewer'")]
    [InlineData("delete from workspace_members")]
    public async Task Who_may_no_more_invites_nobody_where_that_is_not_known_yet(string end)
    {
        var (ada, ben) = await TwoOwnersAsync();
        (await ben.Http.GetAsync("/api/campaigns")).StatusCode.ShouldBe(HttpStatusCode.OK);
        await UntoldAsync($"{end} where workspace_id = '{ada.WorkspaceId}' and user_id = '{ben.UserId}'");
        var email = MailApp.Address();

        (await People.CodeAsync(await ben.Http.PostAsJsonAsync($"/api/workspaces/{ada.WorkspaceId}/members", new { role = "owner", email }))).ShouldBeOneOf("forbidden", "workspace_not_found");

        (await house.Db.ScalarAsync<long>("select count(*) from workspace_invitations where email_key = $1", email)).ShouldBe(0);
    }

    [Fact]
    public async Task Of_two_owners_who_remove_each_other_at_once_one_stays()
    {
        var (ada, ben) = await TwoOwnersAsync();
        var cleo = await house.App.RegisterAsync(MailApp.Address());
        await cleo.JoinAsync(ada, "owner");

        var answers = await Task.WhenAll(ada.Http.DeleteAsync(Member(ada, ben)), ben.Http.DeleteAsync(Member(ada, ada)));

        answers.Count(answer => answer.StatusCode == HttpStatusCode.NoContent).ShouldBe(1);
        (await house.Db.ScalarAsync<long>("select count(*) from workspace_members where workspace_id = $1", ada.WorkspaceId)).ShouldBe(2);
    }

    /// <summary>The refusal where the node asked the database, as it does when it has heard nothing for some seconds.</summary>
    private const string Known = "forbidden";

    /// <summary>Without the triggers, which tell the nodes.</summary>
    private async Task UntoldAsync(string sql)
    {
        await using var connection = await house.Db.Owner.OpenConnectionAsync();
        await using var command = new NpgsqlCommand($"set session_replication_role = replica; {sql}; reset session_replication_role", connection);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>A run of the workspace that waits for a task: its bookmark.</summary>
    private async Task<Guid> WaitAsync(SomePerson owner)
    {
        var definition = $"waits-{Guid.CreateVersion7():N}";
        await house.App.Services.GetRequiredService<DefinitionStore>().SaveAsync(owner.WorkspaceId, Graphs.Line(definition, Graphs.Box("task", "Elsa.RunTask", "taskName", "call")), publish: true, CancellationToken.None);
        var run = Guid.CreateVersion7();
        await house.App.Services.GetRequiredService<WorkflowService>().StartAsync(definition, owner.WorkspaceId, null, null, run, CancellationToken.None);
        return await house.Db.ScalarAsync<Guid>("select id from workflow_bookmarks where instance_id = $1", run);
    }

    private static async Task<string> ResumeLinkAsync(HttpClient giver, Guid bookmark) =>
        new Uri((await People.JsonAsync(await giver.PostAsJsonAsync($"/elsa/api/bookmarks/{bookmark}/link", new { lifetime = "01:00:00" }))).GetProperty("url").GetString()!).PathAndQuery;

    private async Task<(SomePerson Ada, SomePerson Ben)> TwoOwnersAsync()
    {
        var (ada, ben) = (await house.App.RegisterAsync(MailApp.Address()), await house.App.RegisterAsync(MailApp.Address()));
        await ben.JoinAsync(ada, "owner");
        return (ada, ben);
    }

    private static string Member(SomePerson owner, SomePerson member) => $"/api/workspaces/{owner.WorkspaceId}/members/{member.UserId}";

    private static async Task DemoteAsync(SomePerson owner, SomePerson member, string role) =>
        (await owner.Http.PatchAsJsonAsync(Member(owner, member), new { role })).StatusCode.ShouldBe(HttpStatusCode.NoContent);

    private static async Task<(string Key, Guid Id)> KeyAsync(HttpClient maker, Guid workspace)
    {
        var made = await People.JsonAsync(await maker.PostAsJsonAsync($"/api/workspaces/{workspace}/api-keys", new { name = $"key {Guid.CreateVersion7():N}", scopes = Everything }));
        return (made.GetProperty("key").GetString()!, made.GetProperty("id").GetGuid());
    }

    private static async Task<string> InviteAsync(HttpClient giver, Guid workspace) =>
        (await People.JsonAsync(await giver.PostAsJsonAsync($"/api/workspaces/{workspace}/members", new { role = "owner" }))).GetProperty("token").GetString()!;

    private async Task IsDeadAsync(string invitation, SomePerson somebody)
    {
        (await somebody.Http.PostAsync($"/api/invitations/{invitation}", null)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await house.App.Client("").GetAsync($"/api/invitations/{invitation}")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await house.App.Client("").GetAsync($"/invitations/{invitation}")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }
}
