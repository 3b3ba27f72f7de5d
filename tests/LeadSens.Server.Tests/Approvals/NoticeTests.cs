using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using LeadSens.Activities;
using LeadSens.Engine;
using LeadSens.Server.Data;
using LeadSens.Server.Tests.Identity;
using LeadSens.Server.Tests.Mail;
using LeadSens.Server.Tests.Support;
using LeadSens.Server.Workflows;
using Microsoft.Extensions.DependencyInjection;

namespace LeadSens.Server.Tests.Approvals;

/// <summary>Who hears of an approval, and what their links let them do.</summary>
public sealed class NoticeTests(MailApp house) : IClassFixture<MailApp>, IAsyncLifetime
{
    private readonly HttpClient browser = house.App.Client("");
    private SomePerson owner = null!, member = null!, approver = null!, viewer = null!;
    private ReviewedCampaign campaign = null!;

    public async ValueTask InitializeAsync()
    {
        await house.Sandbox.FaultsAsync();
        (owner, member, approver, viewer) = (await PersonAsync(), await PersonAsync(), await PersonAsync(), await PersonAsync());
        await member.JoinAsync(owner, "member");
        await approver.JoinAsync(owner, "approver");
        await viewer.JoinAsync(owner, "viewer");
        campaign = await ReviewedCampaign.CreateAsync(house.Db, 2, owner.WorkspaceId);
        await house.Db.ExecuteAsync("update campaigns set name = 'Spring', budget_usd = 50, started_by = $2 where id = $1", campaign.Id, $"user:{owner.UserId}");
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task Everybody_who_may_approve_gets_a_link_of_their_own_and_who_decided_is_known()
    {
        var approval = await AskAsync();
        var links = new[] { await LinkAsync(owner), await LinkAsync(member), await LinkAsync(approver) };
        links.Distinct().Count().ShouldBe(3);
        var mail = (await ApprovalMailsAsync(approver)).ShouldHaveSingleItem();
        mail.Subject.ShouldBe("Please review 2 leads: Spring");
        foreach (var fact in (string[])["Campaign: Spring", "Leads: 2", "Budget: USD 50.00", "Decide before: 20"]) mail.Text.ShouldNotBeNull().ShouldContain(fact);

        foreach (var link in links)
            for (var scan = 0; scan < 2; scan++) (await browser.GetAsync(link)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await StatusAsync(approval)).ShouldBe("pending");
        (await browser.GetStringAsync(links[2])).ShouldContain($"You decide as {approver.Email}");
        (await MailLinks.DecideAsync(browser, links[2], "approve")).StatusCode.ShouldBe(HttpStatusCode.OK);

        (await house.Db.ScalarAsync<string>("select decided_by from approvals where id = $1", approval)).ShouldBe($"user:{approver.UserId}");
        (await house.Db.ScalarAsync<string>("select actor_id from audit_entries where action = 'approval.decided' and subject_id = $1", approval.ToString())).ShouldBe(approver.UserId.ToString());
        (await MailLinks.DecideAsync(browser, links[0], "reject")).StatusCode.ShouldBe(HttpStatusCode.Conflict);
        (await browser.GetAsync(links[0])).StatusCode.ShouldBe(HttpStatusCode.Gone);
        (await ApprovalMailsAsync(viewer)).ShouldBeEmpty();
    }

    [Fact]
    public async Task The_link_of_somebody_who_left_or_may_no_more_is_dead()
    {
        var approval = await AskAsync();
        var (left, lowered) = (await LinkAsync(member), await LinkAsync(approver));
        (await owner.Http.DeleteAsync($"/api/workspaces/{owner.WorkspaceId}/members/{member.UserId}")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await owner.Http.PatchAsJsonAsync($"/api/workspaces/{owner.WorkspaceId}/members/{approver.UserId}", new { role = "viewer" })).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        var unknown = MailLinks.WithoutNonce(await (await browser.GetAsync("/approve/" + new string('A', 43))).Content.ReadAsStringAsync());

        foreach (var link in (string[])[left, lowered])
        {
            var page = await browser.GetAsync(link);
            page.StatusCode.ShouldBe(HttpStatusCode.NotFound);
            MailLinks.WithoutNonce(await page.Content.ReadAsStringAsync()).ShouldBe(unknown);
            (await MailLinks.DecideAsync(browser, link, "approve")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        }
        (await StatusAsync(approval)).ShouldBe("pending");
    }

    [Theory]
    [InlineData("removed")]
    [InlineData("viewer")]
    [InlineData("the key goes")]
    public async Task A_link_that_was_asked_for_ends_with_the_right_of_who_asked(string end)
    {
        var approval = await AskAsync();
        var ben = await PersonAsync();
        await ben.JoinAsync(owner, "owner");
        var key = await People.JsonAsync(await ben.Http.PostAsJsonAsync($"/api/workspaces/{owner.WorkspaceId}/api-keys", new { name = $"bens {end}", scopes = (string[])["read", "approve"] }));
        using var program = house.App.Client(key.GetProperty("key").GetString()!);
        var links = new List<string> { await program.LinkAsync(approval) };
        if (end != "the key goes") links.Add(await ben.Http.LinkAsync(approval));
        foreach (var link in links) (await browser.GetAsync(link)).StatusCode.ShouldBe(HttpStatusCode.OK);

        var member = $"/api/workspaces/{owner.WorkspaceId}/members/{ben.UserId}";
        (end switch
        {
            "removed" => await owner.Http.DeleteAsync(member),
            "viewer" => await owner.Http.PatchAsJsonAsync(member, new { role = "viewer" }),
            _ => await owner.Http.DeleteAsync($"/api/workspaces/{owner.WorkspaceId}/api-keys/{key.GetProperty("id").GetGuid()}"),
        }).StatusCode.ShouldBe(HttpStatusCode.NoContent);

        foreach (var link in links)
        {
            (await browser.GetAsync(link)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
            (await MailLinks.DecideAsync(browser, link, "approve")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        }
        (await StatusAsync(approval)).ShouldBe("pending");
    }

    [Fact]
    public async Task The_requester_gets_no_link_and_is_refused_in_the_app_by_link_and_by_a_key_of_theirs()
    {
        var approval = await AskAsync(notByRequester: true);
        await LinkAsync(member);
        (await ApprovalMailsAsync(owner)).ShouldBeEmpty();

        (await People.CodeAsync(await owner.Http.PostAsync($"/api/approvals/{approval}/link", null))).ShouldBe("approval_not_allowed");
        (await People.CodeAsync(await owner.Http.DecideAsync(approval))).ShouldBe("approval_not_allowed");
        var key = await People.JsonAsync(await owner.Http.PostAsJsonAsync($"/api/workspaces/{owner.WorkspaceId}/api-keys", new { name = "mine", scopes = (string[])["read", "approve"] }));
        using var program = house.App.Client(key.GetProperty("key").GetString()!);
        (await People.CodeAsync(await program.PostAsync($"/api/approvals/{approval}/link", null))).ShouldBe("approval_not_allowed");
        (await People.CodeAsync(await program.DecideAsync(approval))).ShouldBe("approval_not_allowed");
        (await StatusAsync(approval)).ShouldBe("pending");

        (await member.Http.DecideAsync(approval)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Whoever_asked_with_a_key_is_kept_out_also_when_the_key_is_gone()
    {
        var key = await People.JsonAsync(await owner.Http.PostAsJsonAsync($"/api/workspaces/{owner.WorkspaceId}/api-keys", new { name = "for once", scopes = (string[])["read", "work"] }));
        await house.Db.ExecuteAsync("update campaigns set started_by = 'api-key:' || $2 where id = $1", campaign.Id, key.GetProperty("id").GetString());
        var approval = await AskAsync(notByRequester: true);
        (await owner.Http.DeleteAsync($"/api/workspaces/{owner.WorkspaceId}/api-keys/{key.GetProperty("id").GetGuid()}")).StatusCode.ShouldBe(HttpStatusCode.NoContent);

        (await People.CodeAsync(await owner.Http.DecideAsync(approval))).ShouldBe("approval_not_allowed");

        (await member.Http.DecideAsync(approval)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Who_may_not_decide_may_neither_edit_nor_choose_beforehand()
    {
        var approval = await AskAsync(notByRequester: true);
        var lead = (await campaign.LeadsAsync())[0];
        (await People.CodeAsync(await owner.Http.EditAsync(approval, new { leadId = lead, decision = "approve", edits = (object[])[new { step = 1, body = "Mine" }] }))).ShouldBe("approval_not_allowed");
        var forOne = await AskAsync(node: "second", roles: ["approver"]);
        (await People.CodeAsync(await member.Http.EditAsync(forOne, new { leadId = lead, decision = "approve" }))).ShouldBe("approval_not_allowed");

        (await house.Db.ScalarAsync<long>("select count(*) from approval_choices where workspace_id = $1", owner.WorkspaceId)).ShouldBe(0);
        (await house.Db.ScalarAsync<long>("select count(*) from drafts where campaign_id = $1 and body = 'Mine'", campaign.Id)).ShouldBe(0);
    }

    [Fact]
    public async Task What_somebody_else_chose_counts_in_nobodys_decision()
    {
        var approval = await AskAsync();
        var leads = await campaign.LeadsAsync();
        (await member.Http.EditAsync(approval, [.. leads.Select(lead => (object)new { leadId = lead, decision = "approve" })])).StatusCode.ShouldBe(HttpStatusCode.OK);

        (await approver.Http.DecideAsync(approval, "reject")).StatusCode.ShouldBe(HttpStatusCode.OK);

        (await campaign.StatusesAsync()).ShouldBe(["Rejected"]);
        (await house.Db.ScalarAsync<long>("select count(*) from approval_choices where approval_id = $1", approval)).ShouldBe(0);
    }

    [Fact]
    public async Task What_one_chose_oneself_is_named_before_the_decision_and_all_means_all()
    {
        var approval = await AskAsync();
        var lead = (await campaign.LeadsAsync())[0];
        (await member.Http.EditAsync(approval, new { leadId = lead, decision = "approve" })).StatusCode.ShouldBe(HttpStatusCode.OK);
        var shown = await member.Http.GetFromJsonAsync<JsonElement>($"/api/approvals/{approval}");
        shown.GetProperty("differing").EnumerateArray().Single().GetProperty("leadId").GetGuid().ShouldBe(lead);
        (await approver.Http.GetFromJsonAsync<JsonElement>($"/api/approvals/{approval}")).GetProperty("differing").GetArrayLength().ShouldBe(0);

        var asked = await member.Http.DecideAsync(approval, "reject");
        asked.StatusCode.ShouldBe(HttpStatusCode.Conflict);
        (await asked.Content.ReadAsStringAsync()).ShouldContain("approval_choices_differ");
        (await StatusAsync(approval)).ShouldBe("pending");
        (await member.Http.DecideAsync(approval, "reject", leads: new[] { new { leadId = lead, decision = "approve" } }, all: true)).StatusCode.ShouldBe(HttpStatusCode.BadRequest);

        (await member.Http.DecideAsync(approval, "reject", all: true)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await campaign.StatusesAsync()).ShouldBe(["Rejected"]);
    }

    [Fact]
    public async Task Keys_of_one_name_are_two_reviewers()
    {
        var approval = await AskAsync();
        var lead = (await campaign.LeadsAsync())[0];
        using var members = await KeyAsync(member, "robot");
        using var second = await KeyAsync(member, "robot");
        (await members.EditAsync(approval, new { leadId = lead, decision = "reject", comment = "not this one" })).StatusCode.ShouldBe(HttpStatusCode.OK);

        (await members.GetFromJsonAsync<JsonElement>($"/api/approvals/{approval}")).GetProperty("differing").GetArrayLength().ShouldBe(1);
        (await second.GetFromJsonAsync<JsonElement>($"/api/approvals/{approval}")).GetProperty("differing").GetArrayLength().ShouldBe(0);
        (await MailLinks.DecideAsync(browser, await second.LinkAsync(approval), "approve")).StatusCode.ShouldBe(HttpStatusCode.OK);

        (await campaign.StatusesAsync()).ShouldBe(["Approved"], false, "what another key of the name chose counts in nobody's decision");
    }

    [Fact]
    public async Task A_key_of_the_requesters_keys_name_that_somebody_else_made_may_decide()
    {
        using var asks = await KeyAsync(owner, "robot");
        using var decides = await KeyAsync(approver, "robot", "read", "approve");
        await house.Db.ExecuteAsync("update campaigns set started_by = 'api-key:' || (select id from api_keys where workspace_id = $2 and name = 'robot' and made_by = $3) where id = $1",
            campaign.Id, owner.WorkspaceId, owner.UserId);
        var approval = await AskAsync(notByRequester: true);

        (await People.CodeAsync(await asks.DecideAsync(approval))).ShouldBe("approval_not_allowed");
        (await decides.DecideAsync(approval)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task What_was_asked_for_under_a_name_before_keeps_the_keys_of_that_name_out()
    {
        using var key = await KeyAsync(approver, "robot", "read", "approve");
        using var another = await KeyAsync(member, "another", "read", "approve");
        await house.Db.ExecuteAsync("update campaigns set started_by = 'api-key:robot' where id = $1", campaign.Id);
        var approval = await AskAsync(notByRequester: true);

        (await People.CodeAsync(await key.DecideAsync(approval))).ShouldBe("approval_not_allowed");
        (await another.DecideAsync(approval)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Who_decided_by_a_link_cannot_confirm_by_another()
    {
        await AskAsync();
        (await MailLinks.DecideAsync(browser, await LinkAsync(member), "approve")).StatusCode.ShouldBe(HttpStatusCode.OK);
        var confirmation = await AskAsync(node: "confirm", bySomebodyElse: true);

        await Eventually.Be(async () => (await ApprovalMailsAsync(approver)).Count == 2, TimeSpan.FromSeconds(40));
        (await ApprovalMailsAsync(member)).Count.ShouldBe(1);
        (await People.CodeAsync(await member.Http.PostAsync($"/api/approvals/{confirmation}/link", null))).ShouldBe("approval_not_allowed");
        (await MailLinks.DecideAsync(browser, MailLinks.In((await ApprovalMailsAsync(approver))[1], "/approve/"), "approve")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_box_that_asks_for_a_role_writes_to_that_role()
    {
        await AskAsync(roles: ["approver"]);

        await LinkAsync(approver);
        (await ApprovalMailsAsync(owner)).ShouldBeEmpty();
        (await ApprovalMailsAsync(member)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Who_may_decide_is_reminded_and_told_of_the_end_once()
    {
        var approval = await AskAsync();
        await LinkAsync(approver);
        var approvals = house.App.Services.GetRequiredService<IApprovals>();

        for (var twice = 0; twice < 2; twice++) await WriteAsync(approvals.Remind(owner.WorkspaceId, approval));
        await Eventually.Be(async () => (await ApprovalMailsAsync(approver)).Count == 2, TimeSpan.FromSeconds(40));
        var reminder = (await ApprovalMailsAsync(approver))[1];
        reminder.Subject.ShouldBe("Still to review, 2 leads: Spring");
        (await browser.GetAsync(MailLinks.In(reminder, "/approve/"))).StatusCode.ShouldBe(HttpStatusCode.OK);

        using var scope = DatabaseScope.Work(owner.WorkspaceId);
        for (var twice = 0; twice < 2; twice++) (await approvals.TimeOutAsync(owner.WorkspaceId, approval, CancellationToken.None)).ShouldBe("TimedOut");
        await Eventually.Be(async () => (await ApprovalMailsAsync(approver)).Count == 3, TimeSpan.FromSeconds(40));
        (await ApprovalMailsAsync(approver))[2].Subject.ShouldBe("Nobody decided in time: Spring");
        (await ApprovalMailsAsync(approver))[2].Text.ShouldNotBeNull().ShouldNotContain("/approve/");
        (await browser.GetAsync(MailLinks.In(reminder, "/approve/"))).StatusCode.ShouldBe(HttpStatusCode.Gone);
    }

    [Fact]
    public async Task Everybody_reads_it_in_their_own_language()
    {
        (await approver.Http.PutAsJsonAsync("/api/auth/language", new { language = "fr" })).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        await AskAsync();

        await LinkAsync(approver);
        (await ApprovalMailsAsync(approver))[0].Subject.ShouldBe("À valider, 2 prospects : Spring");
        await LinkAsync(member);
        (await ApprovalMailsAsync(member))[0].Subject.ShouldStartWith("Please review");
    }

    [Fact]
    public async Task What_stands_in_a_campaign_or_a_lead_is_only_text_in_mail_and_page()
    {
        const string Evil = "\"><script>alert(1)</script><img src=x onerror=alert(2)>";
        await house.Db.ExecuteAsync("update campaigns set name = $2 where id = $1", campaign.Id, $"Spring\r\nBcc: evil@example.com\r\n{Evil}");
        await house.Db.ExecuteAsync("update leads set first_name = $2, last_name = $2, company_name = $2, job_title = $2, score = 7, score_reason = $2, email = email where campaign_id = $1", campaign.Id, Evil);
        await house.Db.ExecuteAsync("update drafts set subject = $2, body = $2, flags = array[$2] where campaign_id = $1", campaign.Id, Evil);
        await AskAsync();

        var link = await LinkAsync(approver);
        var mail = (await ApprovalMailsAsync(approver)).Single();
        mail.Headers.Keys.ShouldNotContain("Bcc");
        mail.To.ShouldBe([approver.Email]);
        var page = await browser.GetStringAsync(link);
        foreach (var html in (string[])[mail.Html!, page])
        {
            html.ShouldNotContain("<script");
            html.ShouldNotContain("<img");
        }
    }

    [Fact]
    public async Task No_link_and_no_address_stands_in_the_log()
    {
        await AskAsync();
        var link = await LinkAsync(approver);
        await MailLinks.DecideAsync(browser, link, "approve");
        await house.Sandbox.FaultsAsync(new { vendor = "smtp", mode = "status", status = 550, pathPrefix = "/rcpt" });
        (await browser.PostAsJsonAsync("/api/auth/forgot-password", new { email = approver.Email })).EnsureSuccessStatusCode();
        await Eventually.Be(async () => await house.Db.ScalarAsync<bool>("select exists (select from mails where user_id = $1 and kind = 'account.reset' and state = 'failed')", approver.UserId), TimeSpan.FromSeconds(40));

        var log = house.App.Log.Text;
        log.ShouldContain("ended as failed");
        foreach (var secret in (string[])[link.Split('/')[^1], approver.Email, owner.Email, "lsp_", "lsc_", "/approve/"]) log.ShouldNotContain(secret);
    }

    /// <summary>A client with a new key of this name that the person made.</summary>
    private async Task<HttpClient> KeyAsync(SomePerson maker, string name, params string[] scopes)
    {
        await house.Db.ExecuteAsync("update workspace_members set role = 'owner' where workspace_id = $1 and user_id = $2", owner.WorkspaceId, maker.UserId);
        var made = await People.JsonAsync(await maker.Http.PostAsJsonAsync($"/api/workspaces/{owner.WorkspaceId}/api-keys", new { name, scopes = scopes.Length > 0 ? scopes : ["read", "work", "approve"] }));
        return house.App.Client(made.GetProperty("key").GetString()!);
    }

    private Task<SomePerson> PersonAsync() => house.App.RegisterAsync(MailApp.Address());

    /// <summary>Asks for a round as the box does.</summary>
    private async Task<Guid> AskAsync(bool notByRequester = false, bool bySomebodyElse = false, string node = "approval", params string[] roles)
    {
        var id = Guid.CreateVersion7();
        await WriteAsync(house.App.Services.GetRequiredService<IApprovals>().Open(
            new(id, new(owner.WorkspaceId, campaign.Id), campaign.InstanceId, node, TimeSpan.FromDays(7), roles, null, bySomebodyElse, notByRequester)));
        return id;
    }

    private async Task WriteAsync(CommitWrite write)
    {
        using var scope = DatabaseScope.Work(owner.WorkspaceId);
        await using (var connection = await house.Db.DataSource.OpenConnectionAsync(CancellationToken.None))
        {
            await using var transaction = await connection.BeginTransactionAsync();
            await ((SqlWrite)write).ExecuteAsync(connection, CancellationToken.None);
            await transaction.CommitAsync();
        }
        write.Committed();
    }

    private async Task<string> LinkAsync(SomePerson person)
    {
        await Eventually.Be(async () => (await ApprovalMailsAsync(person)).Count > 0, TimeSpan.FromSeconds(40), $"an approval mail for {person.Email}");
        return MailLinks.In((await ApprovalMailsAsync(person))[0], "/approve/");
    }

    private async Task<List<SandboxMail>> ApprovalMailsAsync(SomePerson person) =>
        [.. (await house.Sandbox.MailsAsync(person.Email)).Where(mail => mail.Subject.Contains("Spring", StringComparison.Ordinal))];

    private Task<string?> StatusAsync(Guid approval) => house.Db.ScalarAsync<string>("select status from approvals where id = $1", approval);
}
