using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using LeadSens.Server.Tests.Mail;
using LeadSens.Server.Tests.Support;

namespace LeadSens.Server.Tests.Identity.Accounts;

/// <summary>From registering to the first login, by the mail that really comes.</summary>
public sealed class ConfirmEmailTests(MailApp house) : IClassFixture<MailApp>
{
    private readonly HttpClient http = house.App.Client("");

    [Fact]
    public async Task An_account_opens_once_its_address_is_confirmed_by_the_link_in_the_mail()
    {
        var email = MailApp.Address();
        (await RegisterAsync(email)).StatusCode.ShouldBe(HttpStatusCode.Accepted);
        (await People.CodeAsync(await LoginAsync(email))).ShouldBe("email_not_confirmed");
        (await People.CodeAsync(await LoginAsync(email, "another password"))).ShouldBe("login_failed");

        var mail = await house.Sandbox.MailAsync(email);
        mail.Subject.ShouldBe("Confirm your e-mail address");
        var link = MailLinks.In(mail, "/account/confirm/");
        for (var scan = 0; scan < 3; scan++)
        {
            (await http.GetAsync(link)).StatusCode.ShouldBe(HttpStatusCode.OK);
            using var head = new HttpRequestMessage(HttpMethod.Head, link);
            (await http.SendAsync(head)).StatusCode.ShouldBe(HttpStatusCode.OK);
        }
        (await LoginAsync(email)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);

        (await MailLinks.PostAsync(http, link, ("password", People.Password))).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await LoginAsync(email)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await MailLinks.PostAsync(http, link)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Registering_an_address_that_has_an_account_looks_the_same_and_writes_to_its_owner()
    {
        var known = MailApp.Address();
        await house.App.RegisterAsync(known);
        await house.Sandbox.MailAsync(known);

        await RegisterAsync(MailApp.Address());
        var (forKnown, forFresh) = ("", "");
        var (knownTime, freshTime) = await BestTimes.OfAsync(async () => forKnown = await RegisteredAsync(known), async () => forFresh = await RegisteredAsync(MailApp.Address()));

        forKnown.ShouldBe(forFresh);
        knownTime.ShouldBeGreaterThan(freshTime / 4);
        freshTime.ShouldBeGreaterThan(knownTime / 4);
        await Eventually.Be(async () => (await house.Sandbox.MailsAsync(known)).Any(mail => mail.Subject == "You have an account already"), TimeSpan.FromSeconds(40));
        (await LoginAsync(known)).StatusCode.ShouldBe(HttpStatusCode.OK);
        // Whoever keeps trying does not fill the owner's mailbox.
        await RegisterAsync(known);
        await RegisterAsync(known);
        (await house.Db.ScalarAsync<long>("select count(*) from mails m join users u on u.id = m.user_id where u.email_key = $1 and kind = 'account.exists'", known)).ShouldBe(1);
    }

    [Fact]
    public async Task Confirming_sets_the_password_and_every_one_that_was_registered_dies()
    {
        var email = MailApp.Address();
        await RegisterAsync(email, "the password of the owner");
        await house.Sandbox.MailAsync(email);
        await RegisterAsync(email, "the password of a stranger");
        await Eventually.Be(async () => (await house.Sandbox.MailsAsync(email)).Count == 2, TimeSpan.FromSeconds(40));
        var newest = MailLinks.In((await house.Sandbox.MailsAsync(email))[1], "/account/confirm/");

        (await MailLinks.PostAsync(http, newest)).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await MailLinks.PostAsync(http, newest, ("password", "short"))).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await MailLinks.PostAsync(http, newest, ("password", "what the owner types now"))).StatusCode.ShouldBe(HttpStatusCode.OK);

        foreach (var dead in (string[])["the password of a stranger", "the password of the owner"]) (await LoginAsync(email, dead)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await LoginAsync(email, "what the owner types now")).StatusCode.ShouldBe(HttpStatusCode.OK);
        await RegisterAsync(email, "the password of a stranger");
        (await LoginAsync(email, "the password of a stranger")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Nobody_confirms_the_password_of_somebody_who_registered_the_address_before()
    {
        var email = MailApp.Address();
        await RegisterAsync(email, "the password of a stranger");
        await house.Sandbox.MailAsync(email);
        await RegisterAsync(email, "the password of the owner");
        await Eventually.Be(async () => (await house.Sandbox.MailsAsync(email)).Count == 2, TimeSpan.FromSeconds(40));
        await RegisterAsync(email, "the password of a stranger");

        var owners = (await house.Sandbox.MailsAsync(email))[1];
        (await MailLinks.PostAsync(http, MailLinks.In(owners, "/account/confirm/"), ("password", "the password of the owner"))).StatusCode.ShouldBe(HttpStatusCode.OK);

        (await LoginAsync(email, "the password of a stranger")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await LoginAsync(email, "the password of the owner")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await MailLinks.PostAsync(http, MailLinks.In((await house.Sandbox.MailsAsync(email))[0], "/account/confirm/"))).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Theory]
    [InlineData(false), InlineData(true)]
    public async Task An_invitation_that_a_registration_brought_joins_whoever_chooses_so(bool chooses)
    {
        var host = await house.App.RegisterAsync(MailApp.Address());
        var invitation = (await People.JsonAsync(await host.Http.PostAsJsonAsync($"/api/workspaces/{host.WorkspaceId}/members", new { role = "viewer" }))).GetProperty("token").GetString();
        var email = MailApp.Address();
        (await http.PostAsJsonAsync("/api/auth/register", new { firstName = "Ada", lastName = "Lovelace", email, password = "the password of a stranger", invitation })).StatusCode.ShouldBe(HttpStatusCode.Accepted);
        var link = MailLinks.In(await house.Sandbox.MailAsync(email), "/account/confirm/");

        System.Net.WebUtility.HtmlDecode(await http.GetStringAsync(link)).ShouldContain("Also join the workspace “Ada's workspace” (viewer).");
        (await MailLinks.PostAsync(http, link, [("password", "what the owner types now"), .. chooses ? [("join", "yes")] : Array.Empty<(string, string)>()])).StatusCode.ShouldBe(HttpStatusCode.OK);

        (await house.Db.ScalarAsync<long>("select count(*) from workspace_members m join users u on u.id = m.user_id where m.workspace_id = $1 and u.email = $2", host.WorkspaceId, email)).ShouldBe(chooses ? 1 : 0);
        (await house.Db.ScalarAsync<bool>("select used_at is null from workspace_invitations where workspace_id = $1", host.WorkspaceId)).ShouldBe(!chooses, "who did not choose it may still use it");
    }

    [Fact]
    public async Task Whoever_knows_the_password_gets_the_link_again_and_others_learn_nothing()
    {
        var email = MailApp.Address();
        await RegisterAsync(email);
        await house.Sandbox.MailAsync(email);

        var wrong = await ResendAsync(email, "not the password");
        var right = await ResendAsync(email, People.Password);
        var nobody = await ResendAsync(MailApp.Address(), People.Password);

        (wrong, nobody).ShouldBe((right, right));
        await Eventually.Be(async () => (await house.Sandbox.MailsAsync(email)).Count == 2, TimeSpan.FromSeconds(40));
        (await MailLinks.PostAsync(http, MailLinks.In((await house.Sandbox.MailsAsync(email))[1], "/account/confirm/"), ("password", People.Password))).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await LoginAsync(email)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task An_expired_link_and_a_guessed_one_get_the_same_answer()
    {
        var email = MailApp.Address();
        await RegisterAsync(email);
        var link = MailLinks.In(await house.Sandbox.MailAsync(email), "/account/confirm/");
        await house.Db.ExecuteAsync("update account_links l set expires_at = clock_now() from users u where u.id = l.user_id and u.email_key = $1", email);

        var (expired, guessed) = (await http.GetAsync(link), await http.GetAsync("/account/confirm/lsc_" + new string('A', 43)));

        (expired.StatusCode, guessed.StatusCode).ShouldBe((HttpStatusCode.NotFound, HttpStatusCode.NotFound));
        MailLinks.WithoutNonce(await expired.Content.ReadAsStringAsync()).ShouldBe(MailLinks.WithoutNonce(await guessed.Content.ReadAsStringAsync()));
        (await MailLinks.PostAsync(http, link)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await LoginAsync(email)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task People_are_written_to_in_the_language_of_their_browser()
    {
        var email = MailApp.Address();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/auth/register") { Content = JsonContent.Create(People.Body(email)) };
        request.Headers.Add("Accept-Language", "de, fr-CA;q=0.9, en;q=0.8");
        (await http.SendAsync(request)).StatusCode.ShouldBe(HttpStatusCode.Accepted);

        var mail = await house.Sandbox.MailAsync(email);
        (mail.Subject, mail.Language).ShouldBe(("Confirmez votre adresse e-mail", "fr"));
        var page = await http.GetStringAsync(MailLinks.In(mail, "/account/confirm/"));
        page.ShouldContain("lang=\"fr\"");
        page.ShouldContain("Confirmer votre adresse");
    }

    [Fact]
    public async Task A_link_lies_hashed_and_the_page_is_kept_private()
    {
        var email = MailApp.Address();
        await RegisterAsync(email);
        var link = MailLinks.In(await house.Sandbox.MailAsync(email), "/account/confirm/");

        var stored = await house.Db.ScalarAsync<string>("""
            select (select string_agg(l::text, ' ') from account_links l) || (select string_agg(m::text, ' ') from mails m) || coalesce((select string_agg(j::text, ' ') from jobs j), '')
            """);
        stored.ShouldNotBeNull().ShouldNotContain(link.Split('/')[^1]);
        var page = await http.GetAsync(link);
        page.Headers.GetValues("Content-Security-Policy").Single().ShouldContain("default-src 'none'");
        page.Headers.GetValues("Referrer-Policy").ShouldBe(["no-referrer"]);
        page.Headers.CacheControl!.NoStore.ShouldBeTrue();
        (await page.Content.ReadAsStringAsync()).ShouldNotContain("<script");
    }

    private Task<HttpResponseMessage> RegisterAsync(string email, string password = People.Password) =>
        http.PostAsJsonAsync("/api/auth/register", new { firstName = "Ada", lastName = "Lovelace", email, password });

    private Task<HttpResponseMessage> LoginAsync(string email, string password = People.Password) => http.PostAsJsonAsync("/api/auth/login", new { email, password });

    private async Task<string> RegisteredAsync(string email)
    {
        var answer = await RegisterAsync(email);
        answer.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        return await answer.Content.ReadAsStringAsync();
    }

    private async Task<string> ResendAsync(string email, string password)
    {
        var answer = await http.PostAsJsonAsync("/api/auth/resend-confirmation", new { email, password });
        answer.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        return (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetRawText();
    }
}
