using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using LeadSens.Server.Identity;
using LeadSens.Server.Tests.Support;

namespace LeadSens.Server.Tests.Identity.SecondFactor;

public sealed class SecondFactorTests(AppOfClass apps) : IClassFixture<AppOfClass>, IAsyncLifetime
{
    private readonly TestApp app = apps.App;
    private readonly string email = People.Address();
    private SomePerson ada = null!;
    private byte[] secret = [];

    public async ValueTask InitializeAsync() => ada = await app.RegisterAsync(email);

    public ValueTask DisposeAsync()
    {
        ada.Http.Dispose();
        return default;
    }

    [Fact]
    public async Task Every_login_needs_a_code_from_then_on()
    {
        var other = await app.LoginAsync(email);
        await TurnOnAsync();

        (await other.Http.GetAsync("/api/auth/me")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized, "it was opened without a code");
        (await People.JsonAsync(await ada.Http.GetAsync("/api/auth/me"))).GetProperty("account").GetProperty("user").GetProperty("secondFactor").GetBoolean().ShouldBeTrue();
        (await LoginAsync(null)).ShouldBe((HttpStatusCode.Unauthorized, "second_factor_required"));
        (await LoginAsync("000000")).ShouldBe((HttpStatusCode.Unauthorized, "login_failed"));
        (await LoginAsync("' or 1=1")).ShouldBe((HttpStatusCode.Unauthorized, "login_failed"));
        (await LoginAsync(await NextCodeAsync())).ShouldBe((HttpStatusCode.OK, null));
        (await LoginAsync(await NextCodeAsync(), "wrong password here")).ShouldBe((HttpStatusCode.Unauthorized, "login_failed"));
    }

    [Fact]
    public async Task A_mailbox_alone_opens_nothing_a_reset_leaves_the_code()
    {
        await TurnOnAsync();
        await using var connection = await app.Database.Owner.OpenConnectionAsync();
        var link = await AccountLinks.NewAsync(connection, ada.UserId, AccountLinks.Reset, null, default);

        using var form = new FormUrlEncodedContent([new("password", "what the mailbox's thief types")]);
        (await app.Client("").PostAsync($"{AccountMails.ResetPath}/{link!.Text}", form)).StatusCode.ShouldBe(HttpStatusCode.OK);

        (await LoginAsync(null, "what the mailbox's thief types")).ShouldBe((HttpStatusCode.Unauthorized, "second_factor_required"));
        (await LoginAsync(await NextCodeAsync(), "what the mailbox's thief types")).ShouldBe((HttpStatusCode.OK, null));
    }

    [Fact]
    public async Task A_code_opens_once_also_when_it_comes_many_times_at_once()
    {
        await TurnOnAsync();
        var code = await NextCodeAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => LoginAsync(code)));
        answers.Count(answer => answer.Status == HttpStatusCode.OK).ShouldBe(1);
        (await LoginAsync(code)).Status.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Guessed_codes_lock_the_account_as_guessed_passwords_do()
    {
        await TurnOnAsync();
        for (var guess = 0; guess < Logins.FreeAttempts; guess++) await LoginAsync("000000");

        (await LoginAsync(await NextCodeAsync())).ShouldBe((HttpStatusCode.Unauthorized, "login_failed"));
        await app.Database.ShiftClockAsync(TimeSpan.FromSeconds(61));
        (await LoginAsync(await NextCodeAsync())).ShouldBe((HttpStatusCode.OK, null));
    }

    [Fact]
    public async Task A_recovery_code_opens_once_and_new_ones_replace_the_old()
    {
        var codes = await TurnOnAsync();
        codes.Count.ShouldBe(RecoveryCodes.Count);
        codes.Distinct().Count().ShouldBe(RecoveryCodes.Count);

        (await LoginAsync(codes[0].ToLowerInvariant().Replace('-', ' '))).ShouldBe((HttpStatusCode.OK, null));
        (await LoginAsync(codes[0])).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await app.Database.ScalarAsync<long>("select count(*) from audit_entries where action = 'recovery_code.used'")).ShouldBe(1);

        var renewed = await CodesAsync(await ada.Http.PostAsJsonAsync("/api/auth/second-factor/recovery-codes", new { password = People.Password, code = await NextCodeAsync() }));
        (await LoginAsync(codes[1])).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await LoginAsync(renewed[1])).ShouldBe((HttpStatusCode.OK, null));
    }

    [Fact]
    public async Task A_recovery_code_of_somebody_else_opens_nothing()
    {
        await TurnOnAsync();
        var eve = await app.RegisterAsync("eve@example.com");
        var (_, codes) = await TurnOnAsync(eve.Http);

        (await LoginAsync(codes[0])).ShouldBe((HttpStatusCode.Unauthorized, "login_failed"));
    }

    [Fact]
    public async Task An_open_session_alone_neither_removes_nor_replaces_it()
    {
        await TurnOnAsync();

        (await ada.Http.PostAsJsonAsync("/api/auth/second-factor", new { password = People.Password })).StatusCode.ShouldBe(HttpStatusCode.Conflict);
        var code = await NextCodeAsync();
        (await People.CodeAsync(await ada.Http.PostAsJsonAsync("/api/auth/second-factor/remove", new { password = "wrong password here", code }))).ShouldBe("password_wrong");
        (await People.CodeAsync(await ada.Http.PostAsJsonAsync("/api/auth/second-factor/remove", new { password = People.Password }))).ShouldBe("second_factor_required");
        (await People.CodeAsync(await ada.Http.PostAsJsonAsync("/api/auth/password", new { currentPassword = People.Password, newPassword = "another horse battery" }))).ShouldBe("second_factor_required");

        (await ada.Http.PostAsJsonAsync("/api/auth/second-factor/remove", new { password = People.Password, code })).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await LoginAsync(null)).ShouldBe((HttpStatusCode.OK, null));
        (await ada.Http.PostAsJsonAsync("/api/auth/second-factor/remove", new { password = People.Password })).StatusCode.ShouldBe(HttpStatusCode.Conflict);
    }

    [Fact]
    public async Task A_proposal_counts_for_nothing_until_it_is_confirmed()
    {
        (await ada.Http.PostAsJsonAsync("/api/auth/second-factor", new { password = "wrong password here" })).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        var first = await ProposeAsync(ada.Http);
        var second = await ProposeAsync(ada.Http);
        second.ShouldNotBe(first);
        (await LoginAsync(null)).ShouldBe((HttpStatusCode.OK, null));

        (await ada.Http.PostAsJsonAsync("/api/auth/second-factor/confirm", new { code = await CodeAsync(first) })).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await ada.Http.PostAsJsonAsync("/api/auth/second-factor/confirm", new { })).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await ada.Http.PostAsJsonAsync("/api/auth/second-factor/confirm", new { code = await CodeAsync(second) })).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Neither_the_secret_nor_a_recovery_code_can_be_read_in_the_database()
    {
        var codes = await TurnOnAsync();
        var stored = await app.Database.ScalarAsync<byte[]>("select sealed_secret from second_factors");
        stored.ShouldNotBeNull().AsSpan().IndexOf(secret).ShouldBe(-1);
        (await app.Database.ListAsync<byte[]>("select code_hash from recovery_codes")).ShouldContain(hash => hash.SequenceEqual(Secret.HashOf(codes[0].Replace("-", "", StringComparison.Ordinal))));
    }

    private async Task<IReadOnlyList<string>> TurnOnAsync()
    {
        (secret, var codes) = await TurnOnAsync(ada.Http);
        return codes;
    }

    private async Task<(byte[] Secret, IReadOnlyList<string> Codes)> TurnOnAsync(HttpClient http)
    {
        var proposed = await ProposeAsync(http);
        return (proposed, await CodesAsync(await http.PostAsJsonAsync("/api/auth/second-factor/confirm", new { code = await CodeAsync(proposed) })));
    }

    private static async Task<byte[]> ProposeAsync(HttpClient http)
    {
        var proposal = await People.JsonAsync(await http.PostAsJsonAsync("/api/auth/second-factor", new { password = People.Password }));
        var text = proposal.GetProperty("secret").GetString()!;
        proposal.GetProperty("uri").GetString().ShouldEndWith($".com?secret={text}&issuer=LeadSens");
        // As an authenticator reads it.
        var bits = string.Concat(text.Select(letter => Convert.ToString("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".IndexOf(letter), 2).PadLeft(5, '0')));
        return [.. bits.Chunk(8).Where(octet => octet.Length == 8).Select(octet => Convert.ToByte(new string(octet), 2))];
    }

    private static async Task<IReadOnlyList<string>> CodesAsync(HttpResponseMessage answer) =>
        [.. (await People.JsonAsync(answer)).GetProperty("recoveryCodes").EnumerateArray().Select(code => code.GetString()!)];

    /// <summary>What the authenticator shows half a minute later.</summary>
    private async Task<string> NextCodeAsync()
    {
        await app.Database.ShiftClockAsync(TimeSpan.FromSeconds(Totp.StepSeconds));
        return await CodeAsync(secret);
    }

    private async Task<string> CodeAsync(byte[] of) => Totp.CodeOf(of, Totp.StepAt(await app.Database.ScalarAsync<DateTime>("select clock_now()")));

    private async Task<(HttpStatusCode Status, string? Code)> LoginAsync(string? code, string password = People.Password)
    {
        using var http = app.Client("");
        var answer = await http.PostAsJsonAsync("/api/auth/login", new { email, password, code });
        return (answer.StatusCode, answer.IsSuccessStatusCode ? null : (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("code").GetString());
    }
}
