using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using LeadSens.Server.Identity;
using LeadSens.Server.Tests.Support;

namespace LeadSens.Server.Tests.Identity.Accounts;

public sealed class SessionTests(AppOfClass apps) : IClassFixture<AppOfClass>, IAsyncLifetime
{
    private readonly TestApp app = apps.App;
    private readonly string email = People.Address();
    private SomePerson ada = null!;

    public async ValueTask InitializeAsync() => ada = await app.RegisterAsync(email);

    public ValueTask DisposeAsync() => default;

    [Fact]
    public async Task An_access_token_lives_for_fifteen_minutes_and_a_refresh_token_gives_the_next()
    {
        await app.Database.ShiftClockAsync(TimeSpan.FromMinutes(15));
        (await StatusAsync(ada.AccessToken)).ShouldBe(HttpStatusCode.Unauthorized);

        var next = await People.JsonAsync(await RefreshAsync(ada.RefreshToken));

        next.GetProperty("expiresIn").GetInt32().ShouldBe(900);
        (await StatusAsync(next.GetProperty("accessToken").GetString()!)).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Whoever_gets_an_access_token_is_told_when_it_ends()
    {
        var login = await People.JsonAsync(await app.Client("").PostAsJsonAsync("/api/auth/login", new { email, password = People.Password }));
        (await EndsAtAsync(login)).ShouldBeTrue();

        var next = await People.JsonAsync(await RefreshAsync(login.GetProperty("refreshToken").GetString()!));

        (await EndsAtAsync(next)).ShouldBeTrue();
        next.GetProperty("expiresAt").GetDateTimeOffset().ShouldBeGreaterThan(login.GetProperty("expiresAt").GetDateTimeOffset());
    }

    private Task<bool> EndsAtAsync(JsonElement tokens) => app.Database.ScalarAsync<bool>("select exists (select from user_sessions where user_id = $1 and access_expires_at = $2::text::timestamptz)",
        ada.UserId, tokens.GetProperty("expiresAt").GetString());

    [Fact]
    public async Task A_refresh_token_that_is_used_twice_ends_the_session_for_both_who_have_it()
    {
        var next = await People.JsonAsync(await RefreshAsync(ada.RefreshToken));

        var again = await RefreshAsync(ada.RefreshToken);

        (await People.CodeAsync(again)).ShouldBe("refresh_token_invalid");
        (await StatusAsync(next.GetProperty("accessToken").GetString()!)).ShouldBe(HttpStatusCode.Unauthorized);
        (await RefreshAsync(next.GetProperty("refreshToken").GetString()!)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Of_many_refreshes_at_once_one_at_most_succeeds_and_the_session_ends()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => RefreshAsync(ada.RefreshToken)));

        var winners = answers.Where(answer => answer.IsSuccessStatusCode).ToList();
        winners.Count.ShouldBe(1);
        var token = (await People.JsonAsync(winners[0])).GetProperty("accessToken").GetString()!;
        (await StatusAsync(token)).ShouldBe(HttpStatusCode.Unauthorized);
        (await app.Database.ScalarAsync<string>("select ended_by from user_sessions where user_id = $1", ada.UserId)).ShouldBe("token_reused");
    }

    [Fact]
    public async Task A_refresh_token_ends_by_itself_and_a_session_after_thirty_days_of_use()
    {
        var refresh = ada.RefreshToken;
        for (var week = 0; week < 4; week++)
        {
            await app.Database.ShiftClockAsync(TimeSpan.FromDays(7));
            refresh = (await People.JsonAsync(await RefreshAsync(refresh))).GetProperty("refreshToken").GetString()!;
        }

        await app.Database.ShiftClockAsync(TimeSpan.FromDays(3));
        (await RefreshAsync(refresh)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        var other = await app.LoginAsync(email);
        await app.Database.ShiftClockAsync(TimeSpan.FromDays(14));
        (await RefreshAsync(other.RefreshToken)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("lsa_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("eyJhbGciOiJub25lIn0.eyJzdWIiOiIxIn0.")]
    public async Task Made_up_tokens_open_nothing(string token) => (await StatusAsync(token)).ShouldBe(HttpStatusCode.Unauthorized);

    [Fact]
    public async Task A_refresh_token_is_no_access_token_and_no_key()
    {
        (await StatusAsync(ada.RefreshToken)).ShouldBe(HttpStatusCode.Unauthorized);
        using var byKey = app.Client(ada.AccessToken);
        (await byKey.GetAsync("/api/auth/me")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await RefreshAsync(ada.AccessToken)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Logging_out_ends_this_session_and_its_refresh_token()
    {
        var other = await app.LoginAsync(email);

        (await ada.Http.PostAsync("/api/auth/logout", null)).StatusCode.ShouldBe(HttpStatusCode.NoContent);

        (await StatusAsync(ada.AccessToken)).ShouldBe(HttpStatusCode.Unauthorized);
        (await RefreshAsync(ada.RefreshToken)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await StatusAsync(other.AccessToken)).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Sessions_are_listed_with_their_device_and_end_one_by_one_or_all()
    {
        var (second, third) = (await app.LoginAsync(email), await app.LoginAsync(email));
        second.Http.DefaultRequestHeaders.UserAgent.ParseAdd("Firefox/140.0");
        var eve = await app.RegisterAsync(People.Address());
        var sessions = (await ada.Http.GetFromJsonAsync<JsonElement>("/api/auth/sessions")).GetProperty("items").EnumerateArray().ToList();
        sessions.Count.ShouldBe(3);
        sessions.Count(session => session.GetProperty("isCurrent").GetBoolean()).ShouldBe(1);

        var victim = await app.Database.ScalarAsync<Guid>("select id from user_sessions where access_hash = sha256(convert_to($1, 'UTF8'))", second.AccessToken);
        (await eve.Http.DeleteAsync($"/api/auth/sessions/{victim}")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await ada.Http.DeleteAsync($"/api/auth/sessions/{victim}")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await StatusAsync(second.AccessToken)).ShouldBe(HttpStatusCode.Unauthorized);
        (await StatusAsync(third.AccessToken)).ShouldBe(HttpStatusCode.OK);

        (await ada.Http.DeleteAsync("/api/auth/sessions")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await StatusAsync(ada.AccessToken)).ShouldBe(HttpStatusCode.Unauthorized);
        (await StatusAsync(third.AccessToken)).ShouldBe(HttpStatusCode.Unauthorized);
        (await StatusAsync(eve.AccessToken)).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_password_change_ends_all_other_sessions()
    {
        var other = await app.LoginAsync(email);
        using var browser = await app.BrowserAsync(email);

        (await ada.Http.PostAsJsonAsync("/api/auth/password", new { currentPassword = "not this one", newPassword = "another fine phrase" })).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await StatusAsync(other.AccessToken)).ShouldBe(HttpStatusCode.OK);
        (await ada.Http.PostAsJsonAsync("/api/auth/password", new { currentPassword = People.Password, newPassword = "another fine phrase" })).StatusCode.ShouldBe(HttpStatusCode.NoContent);

        (await StatusAsync(ada.AccessToken)).ShouldBe(HttpStatusCode.OK);
        (await StatusAsync(other.AccessToken)).ShouldBe(HttpStatusCode.Unauthorized);
        (await RefreshAsync(other.RefreshToken)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await browser.GetAsync("/api/auth/me")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await app.LoginAsync(email, "another fine phrase")).UserId.ShouldBe(ada.UserId);
    }

    [Fact]
    public async Task A_browsers_changes_need_the_token_that_only_our_pages_have()
    {
        using var browser = await app.BrowserAsync(email);
        (await browser.PostAsJsonAsync("/api/workspaces", new { name = "Second" })).StatusCode.ShouldBe(HttpStatusCode.Created);
        var again = (await browser.GetFromJsonAsync<JsonElement>("/api/auth/me")).GetProperty("csrfToken").GetString();
        again.ShouldNotBeNullOrEmpty();

        browser.DefaultRequestHeaders.Remove("X-CSRF-Token");
        foreach (var (method, path) in new[] { ("POST", "/api/workspaces"), ("POST", "/api/auth/logout"), ("DELETE", "/api/auth/sessions"), ("POST", "/api/auth/password") })
        {
            var answer = await browser.SendAsync(new(new HttpMethod(method), path) { Content = JsonContent.Create(new { name = "Third" }) });
            (await People.CodeAsync(answer)).ShouldBe("csrf_token_invalid", path);
        }

        using var eve = await app.BrowserAsync((await app.RegisterAsync(People.Address())).Email);
        browser.DefaultRequestHeaders.Add("X-CSRF-Token", eve.DefaultRequestHeaders.GetValues("X-CSRF-Token").Single());
        (await People.CodeAsync(await browser.PostAsJsonAsync("/api/workspaces", new { name = "Third" }))).ShouldBe("csrf_token_invalid");
    }

    [Fact]
    public async Task Signing_in_again_makes_a_new_session_and_ends_the_browsers_old_one()
    {
        using var browser = app.Client("");
        var first = await CookieAsync(browser, null);
        var second = await CookieAsync(browser, first);

        second.ShouldNotBe(first);
        (await ByCookieAsync(first)).ShouldBe(HttpStatusCode.Unauthorized);
        (await ByCookieAsync(second)).ShouldBe(HttpStatusCode.OK);
        (await ByCookieAsync("leadsens.session=planted")).ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Strangers_who_lock_an_account_do_not_lock_out_whoever_is_signed_in()
    {
        var ada = await app.RegisterAsync(People.Address());
        var other = await app.LoginAsync(ada.Email);
        await app.Database.ExecuteAsync("update users set failed_logins = 50, locked_until = clock_now() + interval '15 minutes' where id = $1", ada.UserId);

        for (var guess = 0; guess < 10; guess++) (await ChangeAsync(other, $"not this one {guess}")).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await ChangeAsync(other, People.Password)).StatusCode.ShouldBe(HttpStatusCode.Forbidden, "ten guesses lock the session that they came from");
        (await ChangeAsync(ada, People.Password)).StatusCode.ShouldBe(HttpStatusCode.NoContent);

        (await app.Database.ScalarAsync<int>("select failed_logins from users where id = $1", ada.UserId)).ShouldBe(50, "and strangers stay locked");

        static Task<HttpResponseMessage> ChangeAsync(SomePerson person, string current) =>
            person.Http.PostAsJsonAsync("/api/auth/password", new { currentPassword = current, newPassword = "another fine phrase" });
    }

    [Fact]
    public async Task Strangers_who_lock_an_account_keep_nobody_from_a_known_device()
    {
        var (ada, eve) = (await app.RegisterAsync(People.Address()), await app.RegisterAsync(People.Address()));
        using var browser = await app.BrowserAsync(ada.Email);
        using var other = await app.BrowserAsync(eve.Email);
        var again = await browser.PostAsJsonAsync("/api/auth/login?cookie=true", new { email = ada.Email, password = People.Password });
        var device = again.Headers.GetValues("Set-Cookie").Single(cookie => cookie.StartsWith("leadsens.device=", StringComparison.Ordinal)).Split(';')[0];
        await app.Database.ExecuteAsync("update users set failed_logins = 50, locked_until = clock_now() + interval '15 minutes' where id = $1", ada.UserId);
        async Task<HttpStatusCode> FromAsync(HttpClient from, string password) => (await from.PostAsJsonAsync("/api/auth/login?cookie=true", new { email = ada.Email, password })).StatusCode;

        (await FromAsync(other, People.Password)).ShouldBe(HttpStatusCode.Unauthorized, "a device of another account is none");
        using var thief = app.Client("");
        thief.DefaultRequestHeaders.Add("Cookie", device[..^6] + "AAAAAA");
        (await FromAsync(thief, People.Password)).ShouldBe(HttpStatusCode.Unauthorized, "nobody makes up a device");
        (await FromAsync(browser, "wrong password here")).ShouldBe(HttpStatusCode.Unauthorized);
        (await FromAsync(browser, People.Password)).ShouldBe(HttpStatusCode.OK);
        (await app.Database.ScalarAsync<int>("select failed_logins from users where id = $1", ada.UserId)).ShouldBe(50, "and strangers stay locked");

        for (var attempt = 0; attempt < Logins.FreeAttempts; attempt++) (await FromAsync(browser, "wrong password here")).ShouldBe(HttpStatusCode.Unauthorized);
        (await FromAsync(browser, People.Password)).ShouldBe(HttpStatusCode.Unauthorized, "ten guesses lock the device that they came from");
    }

    [Fact]
    public async Task An_account_knows_the_twenty_devices_that_were_used_last_and_a_reset_forgets_them()
    {
        var ada = await app.RegisterAsync(People.Address());
        await app.Database.ExecuteAsync("""
            insert into known_devices (id, user_id, created_at, last_used_at) select new_id(), $1, clock_now(), clock_now() - n * interval '1 day' from generate_series(1, 25) n
            """, ada.UserId);
        Task<long> CountAsync() => app.Database.ScalarAsync<long>("select count(*) from known_devices where user_id = $1", ada.UserId);

        using var browser = await app.BrowserAsync(ada.Email);
        (await CountAsync()).ShouldBe(20);
        (await browser.PostAsJsonAsync("/api/auth/login?cookie=true", new { email = ada.Email, password = People.Password })).EnsureSuccessStatusCode();
        (await CountAsync()).ShouldBe(20, "one that is known is not added");

        await using (var connection = await app.Database.Owner.OpenConnectionAsync()) await EndEverything.ExecuteAsync(connection, ada.UserId, "password_reset", default);
        (await CountAsync()).ShouldBe(0);
    }

    [Fact]
    public async Task A_browsers_session_ends_after_twelve_hours_without_use()
    {
        var ada = await app.RegisterAsync(People.Address());
        using var browser = await app.BrowserAsync(ada.Email);
        await app.Database.ExecuteAsync("update user_sessions set last_seen_at = clock_now() - interval '11 hours 59 minutes' where user_id = $1 and kind = 'cookie'", ada.UserId);
        (await browser.GetAsync("/api/auth/me")).StatusCode.ShouldBe(HttpStatusCode.OK);

        await app.Database.ShiftClockAsync(TimeSpan.FromHours(12.1));

        (await browser.GetAsync("/api/auth/me")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task A_cookie_that_was_copied_is_worth_nothing_after_logging_out()
    {
        using var browser = app.Client("");
        var cookie = await CookieAsync(browser, null);
        (await browser.GetAsync("/api/auth/me")).StatusCode.ShouldBe(HttpStatusCode.OK);
        browser.DefaultRequestHeaders.Add("X-CSRF-Token", (await browser.GetFromJsonAsync<JsonElement>("/api/auth/me")).GetProperty("csrfToken").GetString());

        (await browser.PostAsync("/api/auth/logout", null)).StatusCode.ShouldBe(HttpStatusCode.NoContent);

        (await ByCookieAsync(cookie)).ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Answers_with_tokens_are_not_stored_on_the_way()
    {
        using var http = app.Client("");

        var answer = await http.PostAsJsonAsync("/api/auth/login", new { email, password = People.Password });

        answer.Headers.CacheControl!.NoStore.ShouldBeTrue();
    }

    private async Task<HttpStatusCode> StatusAsync(string accessToken)
    {
        using var http = app.Client("");
        http.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", $"Bearer {accessToken}");
        return (await http.GetAsync("/api/auth/me")).StatusCode;
    }

    private async Task<HttpResponseMessage> RefreshAsync(string refreshToken)
    {
        using var http = app.Client("");
        return await http.PostAsJsonAsync("/api/auth/refresh", new { refreshToken });
    }

    private async Task<string> CookieAsync(HttpClient browser, string? before)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/auth/login?cookie=true") { Content = JsonContent.Create(new { email, password = People.Password }) };
        if (before is not null) request.Headers.Add("Cookie", before);
        var answer = await browser.SendAsync(request);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        var cookie = answer.Headers.GetValues("Set-Cookie").Single(value => value.StartsWith("leadsens.session=", StringComparison.Ordinal));
        cookie.ShouldContain("httponly");
        cookie.ShouldContain("samesite=lax");
        return cookie.Split(';')[0];
    }

    private async Task<HttpStatusCode> ByCookieAsync(string cookie)
    {
        using var http = app.Client("");
        http.DefaultRequestHeaders.Add("Cookie", cookie);
        return (await http.GetAsync("/api/auth/me")).StatusCode;
    }
}
