using System.Net;
using System.Net.Http.Json;
using System.Text;
using LeadSens.Server.Identity;
using LeadSens.Server.Tests.Support;

namespace LeadSens.Server.Tests.Identity.Accounts;

public sealed class LoginTests : IAsyncLifetime
{
    private const string Email = "ada@example.com";
    private TestApp app = null!;
    private HttpClient http = null!;

    public async ValueTask InitializeAsync()
    {
        app = await TestApp.WithCostlyPasswordsAsync();
        http = app.Client("");
        await app.RegisterAsync(Email);
    }

    public async ValueTask DisposeAsync()
    {
        http.Dispose();
        await app.DisposeAsync();
    }

    [Fact]
    public async Task A_wrong_password_and_an_unknown_address_get_the_same_answer_after_the_same_work()
    {
        await TryAsync("somebody.else@example.com", "wrong password here");
        var (wrong, unknown) = ("", "");
        var (wrongTime, unknownTime) = await BestTimes.OfAsync(async () => wrong = await RefusedAsync(Email), async () => unknown = await RefusedAsync("nobody@example.com"));

        wrong.ShouldBe(unknown);
        wrong.ShouldContain("login_failed");
        // One hash costs many times what everything else does: without it the unknown address would be answered in a tenth of the time.
        unknownTime.ShouldBeGreaterThan(wrongTime / 4);
        wrongTime.ShouldBeGreaterThan(unknownTime / 4);
    }

    [Fact]
    public async Task After_ten_wrong_passwords_the_right_one_waits_a_minute()
    {
        for (var attempt = 0; attempt < Logins.FreeAttempts; attempt++) (await TryAsync(Email, "wrong password here")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);

        var locked = await TryAsync(Email, People.Password);
        (await People.CodeAsync(locked)).ShouldBe("login_failed");
        await app.Database.ShiftClockAsync(TimeSpan.FromSeconds(61));
        (await TryAsync(Email, People.Password)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Guesses_that_come_all_at_once_are_all_counted()
    {
        await Task.WhenAll(Enumerable.Range(0, 24).Select(_ => TryAsync(Email, "wrong password here")));

        (await app.Database.ScalarAsync<int>("select failed_logins from users where email_key = $1", Email)).ShouldBe(Logins.FreeAttempts);
        (await TryAsync(Email, People.Password)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task A_success_forgives_the_failures_before_it()
    {
        for (var attempt = 0; attempt < 3; attempt++) await TryAsync(Email, "wrong password here");

        (await TryAsync(" ADA@example.com", People.Password)).StatusCode.ShouldBe(HttpStatusCode.OK);

        (await app.Database.ScalarAsync<int>("select failed_logins from users where email_key = $1", Email)).ShouldBe(0);
    }

    [Theory]
    [InlineData("' or 1=1 --")]
    [InlineData("ada@example.com'; drop table users; --")]
    [InlineData("аda@example.com")]
    public async Task Strange_addresses_open_nothing(string email)
    {
        (await TryAsync(email, People.Password)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await TryAsync(Email, People.Password)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_form_of_another_site_cannot_sign_a_browser_in()
    {
        using var form = new StringContent($$"""{"email":"{{Email}}","password":"{{People.Password}}"}""", Encoding.UTF8, "text/plain");

        (await http.PostAsync("/api/auth/login?cookie=true", form)).StatusCode.ShouldBe(HttpStatusCode.UnsupportedMediaType);
    }

    [Fact]
    public async Task A_hash_of_a_lower_cost_is_replaced_at_the_next_login()
    {
        var cheap = new Microsoft.AspNetCore.Identity.PasswordHasher<object>(
            Microsoft.Extensions.Options.Options.Create(new Microsoft.AspNetCore.Identity.PasswordHasherOptions { IterationCount = 1000 })).HashPassword(new(), People.Password);
        await app.Database.ExecuteAsync("update users set password_hash = $1 where email_key = $2", cheap, Email);

        (await TryAsync(Email, People.Password)).StatusCode.ShouldBe(HttpStatusCode.OK);

        var hash = Convert.FromBase64String((await app.Database.ScalarAsync<string>("select password_hash from users where email_key = $1", Email))!);
        BitConverter.ToUInt32([.. hash[5..9].Reverse()]).ShouldBe((uint)Passwords.Iterations);
        // HMAC-SHA512.
        hash[4].ShouldBe((byte)2);
    }

    [Fact]
    public async Task A_password_that_is_changed_while_the_old_one_is_looked_at_stays_changed()
    {
        var cheap = new Microsoft.AspNetCore.Identity.PasswordHasher<object>(
            Microsoft.Extensions.Options.Options.Create(new Microsoft.AspNetCore.Identity.PasswordHasherOptions { IterationCount = 1000 })).HashPassword(new(), People.Password);
        await app.Database.ExecuteAsync("update users set password_hash = $1 where email_key = $2", cheap, Email);
        // Between the count of the attempt and the look at its password.
        await app.Database.ExecuteAsync("""
            create function change_password() returns trigger language plpgsql as $$ begin update users set password_hash = 'another' where id = new.id; return null; end $$;
            create trigger change_password after update on users for each row when (new.failed_logins > old.failed_logins) execute function change_password()
            """);

        (await TryAsync(Email, People.Password)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);

        (await app.Database.ScalarAsync<string>("select password_hash from users where email_key = $1", Email)).ShouldBe("another");
    }

    private Task<HttpResponseMessage> TryAsync(string email, string password) => http.PostAsJsonAsync("/api/auth/login", new { email, password });

    private async Task<string> RefusedAsync(string email)
    {
        var answer = await TryAsync(email, "wrong password here");
        answer.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        return System.Text.RegularExpressions.Regex.Replace(await answer.Content.ReadAsStringAsync(), "\"traceId\":\"[^\"]*\"", "");
    }
}
