using System.Net;
using System.Net.Http.Json;
using LeadSens.Server.Tests.Mail;
using LeadSens.Server.Tests.Support;

namespace LeadSens.Server.Tests.Identity.Workspaces;

public sealed class InvitationMailTests(MailApp house) : IClassFixture<MailApp>
{
    [Fact]
    public async Task Whoever_is_signed_in_joins_by_the_page_behind_the_mail()
    {
        var (owner, ben) = (await house.App.RegisterAsync(MailApp.Address()), await house.App.RegisterAsync(MailApp.Address()));
        await InviteAsync(owner, "approver", ben.Email);
        var link = await LinkAsync(ben.Email);
        using var browser = await BrowserAsync(ben.Email);

        var page = await browser.GetStringAsync(link);
        page.ShouldContain($"Join as {ben.Email}");
        (await RoleAsync(owner, ben)).ShouldBeNull();
        // Another site's form has no token of ours.
        (await MailLinks.PostAsync(browser, link, ("action", "join"))).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await RoleAsync(owner, ben)).ShouldBeNull();

        var joined = await MailLinks.PostAsync(browser, link, ("action", "join"), ("__RequestVerificationToken", MailLinks.TokenIn(page)));
        joined.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await RoleAsync(owner, ben)).ShouldBe("approver");
        (await browser.GetAsync(link)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_newcomer_registers_on_the_page_and_is_in_when_the_address_is_confirmed()
    {
        var (owner, email) = (await house.App.RegisterAsync(MailApp.Address()), MailApp.Address());
        await InviteAsync(owner, "member", email);
        var link = await LinkAsync(email);
        using var browser = house.App.Client("");

        var page = await browser.GetStringAsync(link);
        page.ShouldContain($"value=\"{email}\"");
        page.ShouldContain("/studio/sign-in?returnUrl=%2Finvitations%2F");
        var token = ("__RequestVerificationToken", MailLinks.TokenIn(page));
        (await MailLinks.PostAsync(browser, link, ("action", "register"), ("firstName", "Kim"), ("email", email), token)).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await MailLinks.PostAsync(browser, link, ("action", "register"), ("firstName", "Kim"), ("lastName", "Doe"), ("email", email), ("password", People.Password), token)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await house.Db.ScalarAsync<long>("select count(*) from workspace_members where workspace_id = $1", owner.WorkspaceId)).ShouldBe(1);

        await Eventually.Be(async () => (await house.Sandbox.MailsAsync(email)).Count == 2, TimeSpan.FromSeconds(40));
        (await MailLinks.PostAsync(browser, MailLinks.In((await house.Sandbox.MailsAsync(email))[1], "/account/confirm/"), ("password", People.Password), ("join", "yes"))).StatusCode.ShouldBe(HttpStatusCode.OK);

        (await house.Db.ScalarAsync<string>("select m.role from workspace_members m join users u on u.id = m.user_id where m.workspace_id = $1 and u.email_key = $2", owner.WorkspaceId, email)).ShouldBe("member");
    }

    [Fact]
    public async Task After_signing_in_a_browser_comes_back_to_the_invitation_and_to_no_other_site()
    {
        var ben = await house.App.RegisterAsync(MailApp.Address());
        foreach (var (returnUrl, lands) in new[] { ("/invitations/lsi_abc", "/invitations/lsi_abc"), ("//evil.example/invitations/", "/studio/"), ("/invitations/..\\evil", "/studio/") })
        {
            using var browser = house.App.Client("");
            var token = MailLinks.TokenIn(await browser.GetStringAsync("/studio/sign-in"));
            var answer = await MailLinks.PostAsync(browser, "/studio/sign-in", ("email", ben.Email), ("password", People.Password), ("returnUrl", returnUrl), ("__RequestVerificationToken", token));
            answer.Headers.Location!.ToString().ShouldBe(lands);
        }
    }

    [Fact]
    public async Task An_invitation_for_one_address_is_no_invitation_for_another()
    {
        var (owner, ben) = (await house.App.RegisterAsync(MailApp.Address()), await house.App.RegisterAsync(MailApp.Address()));
        var email = MailApp.Address();
        await InviteAsync(owner, "owner", email);
        var link = await LinkAsync(email);
        using var browser = await BrowserAsync(ben.Email);

        (await browser.GetStringAsync(link)).ShouldContain("for another address");
        (await RoleAsync(owner, ben)).ShouldBeNull();
    }

    [Fact]
    public async Task A_workspace_writes_in_its_language_and_its_name_is_only_text()
    {
        var (owner, email) = (await house.App.RegisterAsync(MailApp.Address()), MailApp.Address());
        await house.Db.ExecuteAsync("update workspaces set name = $2 where id = $1", owner.WorkspaceId, "<img src=x onerror=alert(1)>\r\nBcc: x@y.example");
        (await owner.Http.PutAsJsonAsync($"/api/workspaces/{owner.WorkspaceId}/language", new { language = "de" })).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await owner.Http.PutAsJsonAsync($"/api/workspaces/{owner.WorkspaceId}/language", new { language = "fr" })).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        await InviteAsync(owner, "viewer", email);

        var mail = await house.Sandbox.MailAsync(email);
        mail.Subject.ShouldStartWith("Invitation à rejoindre <img");
        mail.Headers.Keys.ShouldNotContain("Bcc");
        mail.Html.ShouldNotBeNull().ShouldNotContain("<img");
        mail.Text.ShouldNotBeNull().ShouldContain("lecteur");
        (await house.App.Client("").GetStringAsync(MailLinks.In(mail, "/invitations/"))).ShouldNotContain("<img");
    }

    private static async Task InviteAsync(SomePerson owner, string role, string email)
    {
        var made = await People.JsonAsync(await owner.Http.PostAsJsonAsync($"/api/workspaces/{owner.WorkspaceId}/members", new { role, email }));
        made.GetProperty("url").GetString().ShouldNotBeNull().ShouldContain("/invitations/lsi_");
    }

    private async Task<string> LinkAsync(string email)
    {
        await Eventually.Be(async () => (await house.Sandbox.MailsAsync(email)).Any(mail => mail.Subject.StartsWith("Invitation", StringComparison.Ordinal)), TimeSpan.FromSeconds(40));
        return MailLinks.In((await house.Sandbox.MailsAsync(email)).Single(mail => mail.Subject.StartsWith("Invitation", StringComparison.Ordinal)), "/invitations/");
    }

    private async Task<HttpClient> BrowserAsync(string email)
    {
        var browser = await house.App.BrowserAsync(email);
        browser.DefaultRequestHeaders.Remove("X-CSRF-Token");
        return browser;
    }

    private Task<string?> RoleAsync(SomePerson owner, SomePerson person) =>
        house.Db.ScalarAsync<string>("select role from workspace_members where workspace_id = $1 and user_id = $2", owner.WorkspaceId, person.UserId);
}
