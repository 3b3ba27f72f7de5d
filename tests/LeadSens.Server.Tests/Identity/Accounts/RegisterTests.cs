using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using LeadSens.Server.Audit;
using LeadSens.Server.Data;
using LeadSens.Server.Identity;
using LeadSens.Server.Tests.Support;
using LeadSens.Server.Web;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace LeadSens.Server.Tests.Identity.Accounts;

public sealed class RegisterTests(AppOfClass apps) : IClassFixture<AppOfClass>, IDisposable
{
    private readonly TestApp app = apps.App;
    private readonly HttpClient http = apps.App.Client("");

    public void Dispose() => http.Dispose();

    [Fact]
    public async Task A_new_account_owns_a_workspace_of_its_own()
    {
        var email = People.Address();
        var ada = await app.RegisterAsync(email);

        var me = (await People.JsonAsync(await ada.Http.GetAsync("/api/auth/me"))).GetProperty("account");
        me.GetProperty("user").GetProperty("email").GetString().ShouldBe(email);
        me.GetProperty("workspace").GetProperty("role").GetString().ShouldBe("owner");
        me.GetProperty("workspace").GetProperty("name").GetString().ShouldBe("Ada's workspace");
        (await ada.Http.GetFromJsonAsync<JsonElement>("/api/campaigns")).GetProperty("items").GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public async Task The_demos_login_and_its_sessions_open_nothing_in_production()
    {
        var demo = await app.LoginAsync("demo@leadsens.example", "leadsens-demo-login");
        var (data, production, log) = (app.Database.DataSource, new TestEnvironment("Production"), NullLogger<SignIn>.Instance);

        var logins = new Logins(data, new Passwords(), app.Services.GetRequiredService<SecondFactors>(), production, NullLogger<Logins>.Instance);
        using var scope = DatabaseScope.AllWorkspaces();
        (await logins.CheckAsync("demo@leadsens.example", "leadsens-demo-login", null, new(AuditActor.Unknown), null, default)).ShouldBe(default);
        (await new Sessions(data, new(Options.Create(new WebOptions()), TimeProvider.System), production).FindAsync(demo.AccessToken, default)).ShouldBeNull();
        (await Refresh.HandleAsync(new(demo.RefreshToken), new(AuditActor.Unknown), data, new(Options.Create(new WebOptions()), TimeProvider.System), production, log, default)).Result.ShouldBeOfType<ProblemHttpResult>().StatusCode.ShouldBe(401);
        (await new Sessions(data, new(Options.Create(new WebOptions()), TimeProvider.System), new TestEnvironment("Development")).FindAsync(demo.AccessToken, default)).ShouldNotBeNull();
    }

    [Fact]
    public async Task An_address_has_one_account_however_it_is_written()
    {
        var email = People.Address();
        await app.RegisterAsync(email);

        var again = await http.PostAsJsonAsync("/api/auth/register", People.Body($" {email.ToUpperInvariant()} "));

        again.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        (await app.Database.ScalarAsync<long>("select count(*) from users where email_key = $1", email)).ShouldBe(1);
    }

    [Fact]
    public async Task Twenty_at_once_with_one_address_make_one_account()
    {
        var email = People.Address();
        var before = await app.Database.ScalarAsync<long>("select count(*) from workspaces where name = 'Ada''s workspace'");

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => http.PostAsJsonAsync("/api/auth/register", People.Body(email))));

        answers.ShouldAllBe(answer => answer.StatusCode == HttpStatusCode.Accepted);
        (await app.Database.ScalarAsync<long>("select count(*) from users where email_key = $1", email)).ShouldBe(1);
        (await app.Database.ScalarAsync<long>("select count(*) from workspaces where name = 'Ada''s workspace'")).ShouldBe(before + 1);
    }

    [Fact]
    public async Task What_is_wrong_is_said_by_field_all_at_once()
    {
        var answer = await http.PostAsJsonAsync("/api/auth/register", new { firstName = new string('A', 101), lastName = " ", email = "nobody", password = "short" });

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        var errors = JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement.GetProperty("errors");
        errors.EnumerateObject().Select(error => error.Name).ShouldBe(["firstName", "lastName", "email", "password"], ignoreOrder: true);
    }

    [Fact]
    public async Task What_a_body_adds_counts_for_nothing()
    {
        var answer = await http.PostAsJsonAsync("/api/auth/register", new
        {
            id = DemoWorkspace.UserId, userId = Guid.Empty, role = "owner", workspaceId = DemoWorkspace.Id,
            failedLogins = -5, passwordHash = "x", firstName = "Eve", lastName = "Doe", email = "eve@example.com", password = People.Password,
        });

        answer.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        (await app.Database.ScalarAsync<Guid>("select id from users where email_key = 'eve@example.com' and confirmed_at is null")).ShouldNotBe(DemoWorkspace.UserId);
        (await app.Database.ScalarAsync<long>("select count(*) from workspace_members where workspace_id = $1", DemoWorkspace.Id)).ShouldBe(1);
    }

    [Fact]
    public async Task Neither_passwords_nor_tokens_are_stored()
    {
        var ada = await app.RegisterAsync(People.Address());

        var stored = await app.Database.ScalarAsync<string>("""
            select (select string_agg(u::text, ' ') from users u) || (select string_agg(s::text, ' ') from user_sessions s) || (select string_agg(t::text, ' ') from refresh_tokens t)
            """);
        foreach (var secret in (string[])[People.Password, ada.AccessToken, ada.RefreshToken]) stored.ShouldNotBeNull().ShouldNotContain(secret);
    }
}
