using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using LeadSens.Server.Tests.Mail;
using LeadSens.Server.Tests.Support;

namespace LeadSens.Server.Tests.Identity.Accounts;

public sealed class ResetPasswordTests(MailApp house) : IClassFixture<MailApp>
{
    private const string New = "a new and better password";
    private readonly HttpClient http = house.App.Client("");

    [Fact]
    public async Task The_link_changes_the_password_once_and_ends_every_session_and_every_other_link()
    {
        var ada = await house.App.RegisterAsync(MailApp.Address());
        var (first, second) = (await AskAsync(ada.Email), await AskAsync(ada.Email));
        for (var scan = 0; scan < 3; scan++) (await http.GetAsync(first)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await ada.Http.GetAsync("/api/auth/me")).StatusCode.ShouldBe(HttpStatusCode.OK);

        (await MailLinks.PostAsync(http, first, ("password", "short"))).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await MailLinks.PostAsync(http, first, ("password", New))).StatusCode.ShouldBe(HttpStatusCode.OK);

        (await ada.Http.GetAsync("/api/auth/me")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await http.PostAsJsonAsync("/api/auth/refresh", new { refreshToken = ada.RefreshToken })).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await LoginAsync(ada.Email, People.Password)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await LoginAsync(ada.Email, New)).StatusCode.ShouldBe(HttpStatusCode.OK);
        foreach (var link in (string[])[first, second]) (await MailLinks.PostAsync(http, link, ("password", "yet another password"))).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        await Eventually.Be(async () => (await house.Sandbox.MailsAsync(ada.Email)).Any(mail => mail.Subject == "Your password was changed"), TimeSpan.FromSeconds(40));
        (await house.Db.ScalarAsync<long>("select count(*) from audit_entries where action = 'password.reset' and subject_id = $1", ada.UserId.ToString())).ShouldBe(1);
    }

    [Fact]
    public async Task Whoever_resets_is_told_what_stays_connected_in_their_name()
    {
        var (ada, bob) = (await house.App.RegisterAsync(MailApp.Address()), await house.App.RegisterAsync(MailApp.Address()));
        foreach (var (provider, by) in (IEnumerable<(string, Guid)>)[("instantly", ada.UserId), ("jina", bob.UserId)])
            await house.Db.ExecuteAsync("""
                insert into connections (id, workspace_id, provider, state, method, is_sandbox, account_key, account_name, credentials, rotated_at, health, connected_by, connected_at, created_at, updated_at)
                values (new_id(), $1, $2, 'connected', 'key', true, $2, 'An account <b>of</b> somebody', '\x00', now(), 'ok', 'user:' || $3::text, now(), now(), now())
                """, ada.WorkspaceId, provider, by);

        var answer = await MailLinks.PostAsync(http, await AskAsync(ada.Email), ("password", New));

        var page = System.Net.WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync());
        page.ShouldContain("look at it under Connections: Instantly (An account <b>of</b> somebody, Ada's workspace).");
        SandboxMail? mail = null;
        await Eventually.Be(async () => (mail = (await house.Sandbox.MailsAsync(ada.Email)).FirstOrDefault(one => one.Subject == "Your password was changed")) is not null, TimeSpan.FromSeconds(40));
        mail!.Text!.ReplaceLineEndings(" ").ShouldContain("Instantly (An account");
        (await house.Db.ScalarAsync<long>("select count(*) from connections where workspace_id = $1 and state = 'connected'", ada.WorkspaceId)).ShouldBe(2);
    }

    [Fact]
    public async Task Of_two_who_post_one_link_at_once_one_changes_the_password()
    {
        var ada = await house.App.RegisterAsync(MailApp.Address());
        var link = await AskAsync(ada.Email);

        var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(n => MailLinks.PostAsync(http, link, ("password", $"{New} {n}"))));

        answers.Count(answer => answer.StatusCode == HttpStatusCode.OK).ShouldBe(1);
    }

    [Fact]
    public async Task An_unknown_address_gets_the_same_answer_after_the_same_time_and_no_mail()
    {
        var ada = await house.App.RegisterAsync(MailApp.Address());
        var nobody = MailApp.Address();

        var (known, knownTime) = await TimedAsync(ada.Email);
        var (unknown, unknownTime) = await TimedAsync(nobody);

        known.ShouldBe(unknown);
        unknownTime.ShouldBeGreaterThan(TimeSpan.FromMilliseconds(240));
        knownTime.ShouldBeGreaterThan(TimeSpan.FromMilliseconds(240));
        (await house.Db.ScalarAsync<long>("select count(*) from mails m left join users u on u.id = m.user_id where m.user_id is null or u.email_key = $1", nobody)).ShouldBe(0);
    }

    [Fact]
    public async Task A_completed_reset_confirms_the_address_and_voids_what_was_registered()
    {
        var email = MailApp.Address();
        await http.PostAsJsonAsync("/api/auth/register", People.Body(email));
        var confirm = MailLinks.In(await house.Sandbox.MailAsync(email), "/account/confirm/");

        (await MailLinks.PostAsync(http, await AskAsync(email), ("password", New))).StatusCode.ShouldBe(HttpStatusCode.OK);

        (await LoginAsync(email, New)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await MailLinks.PostAsync(http, confirm)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await LoginAsync(email, People.Password)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task A_link_ends_after_an_hour_and_looks_like_a_guessed_one()
    {
        var ada = await house.App.RegisterAsync(MailApp.Address());
        var link = await AskAsync(ada.Email);
        await house.Db.ExecuteAsync("update account_links set created_at = created_at - interval '60 minutes', expires_at = expires_at - interval '60 minutes' where user_id = $1", ada.UserId);

        var (late, guessed) = (await http.GetAsync(link), await http.GetAsync("/account/reset/lsp_" + new string('A', 43)));
        (late.StatusCode, guessed.StatusCode).ShouldBe((HttpStatusCode.NotFound, HttpStatusCode.NotFound));
        MailLinks.WithoutNonce(await late.Content.ReadAsStringAsync()).ShouldBe(MailLinks.WithoutNonce(await guessed.Content.ReadAsStringAsync()));
        (await MailLinks.PostAsync(http, link, ("password", New))).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await LoginAsync(ada.Email, People.Password)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_link_of_one_purpose_serves_no_other()
    {
        var ada = await house.App.RegisterAsync(MailApp.Address());
        var token = (await AskAsync(ada.Email)).Split('/')[^1];

        foreach (var path in (string[])["/account/confirm/", "/invitations/", "/approve/"]) (await http.GetAsync(path + token)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Nobodys_mailbox_is_filled_by_others()
    {
        var ada = await house.App.RegisterAsync(MailApp.Address());
        await Task.WhenAll(Enumerable.Range(0, 15).Select(_ => http.PostAsJsonAsync("/api/auth/forgot-password", new { email = ada.Email })));

        (await house.Db.ScalarAsync<long>("select count(*) from mails where user_id = $1 and kind = 'account.reset'", ada.UserId)).ShouldBe(10);
    }

    [Fact]
    public async Task The_page_for_forgotten_passwords_works_without_script()
    {
        var ada = await house.App.RegisterAsync(MailApp.Address());
        (await http.GetStringAsync("/account/forgot")).ShouldContain("name=\"email\"");

        (await MailLinks.PostAsync(http, "/account/forgot", ("email", ada.Email))).StatusCode.ShouldBe(HttpStatusCode.OK);

        await Eventually.Be(async () => (await house.Sandbox.MailsAsync(ada.Email)).Any(mail => mail.Subject == "Choose a new password"), TimeSpan.FromSeconds(40));
    }

    /// <summary>The link of the mail that this request brings.</summary>
    private async Task<string> AskAsync(string email)
    {
        var before = (await LinksAsync(email)).Count;
        (await http.PostAsJsonAsync("/api/auth/forgot-password", new { email })).StatusCode.ShouldBe(HttpStatusCode.Accepted);
        await Eventually.Be(async () => (await LinksAsync(email)).Count > before, TimeSpan.FromSeconds(40));
        return (await LinksAsync(email))[^1];
    }

    private async Task<List<string>> LinksAsync(string email) =>
        [.. (await house.Sandbox.MailsAsync(email)).Where(mail => mail.Subject == "Choose a new password").Select(mail => MailLinks.In(mail, "/account/reset/"))];

    private Task<HttpResponseMessage> LoginAsync(string email, string password) => http.PostAsJsonAsync("/api/auth/login", new { email, password });

    private async Task<(string Body, TimeSpan Time)> TimedAsync(string email)
    {
        var watch = Stopwatch.StartNew();
        var answer = await http.PostAsJsonAsync("/api/auth/forgot-password", new { email });
        answer.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        return (await answer.Content.ReadAsStringAsync(), watch.Elapsed);
    }
}
