using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using LeadSens.Server.Data;
using LeadSens.Server.Identity;
using LeadSens.Server.Tests.Support;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace LeadSens.Server.Tests.Identity;

/// <summary>Somebody with an account and a client that is signed in by token.</summary>
internal sealed record SomePerson(HttpClient Http, Guid UserId, Guid WorkspaceId, string Email, string AccessToken, string RefreshToken);

/// <summary>Registers and logs in over HTTP, as clients do.</summary>
internal static class People
{
    public const string Password = "correct horse battery";

    /// <summary>Nobody's yet.</summary>
    public static string Address(string name = "ada") => $"{name}.{Guid.CreateVersion7():N}@example.com";

    public static async Task<SomePerson> RegisterAsync(this TestApp app, string email)
    {
        var http = app.Client("");
        (await http.PostAsJsonAsync("/api/auth/register", Body(email))).StatusCode.ShouldBe(HttpStatusCode.Accepted);
        // What following the link in the mail does; the tests of confirming follow it.
        var id = await app.Database.ScalarAsync<Guid>("update users set confirmed_at = clock_now() where email_key = lower($1) returning id", email);
        using var scope = DatabaseScope.AllWorkspaces();
        var signedIn = await app.Services.GetRequiredService<SignIn>().ExecuteAsync(new DefaultHttpContext { RequestServices = app.Services }, id, cookie: false, CancellationToken.None);
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", signedIn.AccessToken);
        return new(http, id, signedIn.Account.Workspace!.Id, email, signedIn.AccessToken!, signedIn.RefreshToken!);
    }

    public static async Task<SomePerson> LoginAsync(this TestApp app, string email, string password = Password)
    {
        var http = app.Client("");
        return await SignedInAsync(http, email, await http.PostAsJsonAsync("/api/auth/login", new { email, password }));
    }

    /// <summary>A browser: keeps its cookie, and sends the anti-forgery token that it was given.</summary>
    public static async Task<HttpClient> BrowserAsync(this TestApp app, string email)
    {
        var http = app.Client("");
        var answer = await JsonAsync(await http.PostAsJsonAsync("/api/auth/login?cookie=true", new { email, password = Password }));
        http.DefaultRequestHeaders.Add("X-CSRF-Token", answer.GetProperty("csrfToken").GetString());
        return http;
    }

    /// <summary>Takes the person into the workspace with this role, by invitation, and switches there.</summary>
    public static async Task JoinAsync(this SomePerson person, SomePerson owner, string role)
    {
        var invitation = await JsonAsync(await owner.Http.PostAsJsonAsync($"/api/workspaces/{owner.WorkspaceId}/members", new { role }));
        (await person.Http.PostAsync($"/api/invitations/{invitation.GetProperty("token").GetString()}", null)).EnsureSuccessStatusCode();
        (await person.Http.PostAsync($"/api/workspaces/{owner.WorkspaceId}/switch", null)).EnsureSuccessStatusCode();
    }

    public static object Body(string email) => new { firstName = "Ada", lastName = "Lovelace", email, password = Password };

    public static async Task<JsonElement> JsonAsync(HttpResponseMessage answer)
    {
        var text = await answer.Content.ReadAsStringAsync();
        answer.IsSuccessStatusCode.ShouldBeTrue($"{(int)answer.StatusCode} {text}");
        return JsonDocument.Parse(text).RootElement;
    }

    /// <summary>The stable code of a refusal.</summary>
    public static async Task<string?> CodeAsync(HttpResponseMessage answer) =>
        JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement.GetProperty("code").GetString();

    private static async Task<SomePerson> SignedInAsync(HttpClient http, string email, HttpResponseMessage answer)
    {
        var json = await JsonAsync(answer);
        var (account, token) = (json.GetProperty("account"), json.GetProperty("accessToken").GetString()!);
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return new(http, account.GetProperty("user").GetProperty("id").GetGuid(), account.GetProperty("workspace").GetProperty("id").GetGuid(), email, token, json.GetProperty("refreshToken").GetString()!);
    }
}
