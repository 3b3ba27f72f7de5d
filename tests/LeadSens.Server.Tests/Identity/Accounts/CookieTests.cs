using System.Net.Http.Json;
using LeadSens.Server.Tests.Support;

namespace LeadSens.Server.Tests.Identity.Accounts;

public sealed class CookieTests
{
    [Fact]
    public async Task Behind_tls_cookies_belong_to_this_host_alone_and_logging_out_clears_the_browser()
    {
        await using var app = await TestApp.StartAsync(settings: [("LeadSens:PublicUrl", "https://leads.example.com")]);
        await app.RegisterAsync("ada@example.com");
        using var http = app.Client("");
        http.BaseAddress = new("https://leads.example.com");

        var login = await http.PostAsJsonAsync("/api/auth/login?cookie=true", new { email = "ada@example.com", password = People.Password });
        var cookies = login.Headers.GetValues("Set-Cookie").ToList();
        cookies.Count.ShouldBe(3);
        foreach (var cookie in cookies)
        {
            cookie.ShouldStartWith("__Host-leadsens.");
            cookie.ShouldContain("; path=/");
            cookie.ShouldContain("; secure");
            cookie.ShouldContain("; httponly");
            cookie.ShouldNotContain("domain=");
        }

        using var planted = new HttpRequestMessage(HttpMethod.Get, "/api/auth/me");
        planted.Headers.Add("Cookie", cookies.Single(cookie => cookie.Contains("session", StringComparison.Ordinal)).Split(';')[0].Replace("__Host-", "", StringComparison.Ordinal));
        using var other = app.Client("");
        other.BaseAddress = http.BaseAddress;
        ((int)(await other.SendAsync(planted)).StatusCode).ShouldBe(401, "a neighbour may have planted it");

        http.DefaultRequestHeaders.Add("X-CSRF-Token", (await People.JsonAsync(login)).GetProperty("csrfToken").GetString());
        var logout = await http.PostAsync("/api/auth/logout", null);
        logout.EnsureSuccessStatusCode();
        logout.Headers.GetValues("Clear-Site-Data").ShouldBe(["\"cache\", \"storage\""]);
    }
}
