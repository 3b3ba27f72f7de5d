using System.Net;
using System.Net.Http.Json;
using LeadSens.Server.Tests.Identity;
using LeadSens.Server.Tests.Support;

namespace LeadSens.Server.Tests.Web;

/// <summary>Whom to believe about the client's address, and which names the service answers to.</summary>
public sealed class ProxyTests
{
    [Fact]
    public async Task Without_a_known_proxy_nobody_chooses_their_address()
    {
        await using var app = await TestApp.ListenAsync(settings: [("Web:Limits:Register:Burst", "3"), ("Web:Limits:Register:PerMinute", "1")]);
        for (var caller = 0; caller < 4; caller++)
        {
            using var http = app.Client("");
            http.DefaultRequestHeaders.Add("X-Forwarded-For", $"203.0.113.{caller}");
            http.DefaultRequestHeaders.Add("X-Forwarded-Proto", "https");
            http.DefaultRequestHeaders.Add("X-Forwarded-Host", "evil.example");
            (await http.PostAsJsonAsync("/api/auth/register", People.Body($"person{caller}@example.com"))).StatusCode.ShouldBe(caller < 3 ? HttpStatusCode.Accepted : HttpStatusCode.TooManyRequests);
        }

        (await app.Database.ListAsync<string>("select distinct address from audit_entries where action = 'account.registered'")).ShouldHaveSingleItem().ShouldBeOneOf("127.0.0.1", "::1");
    }

    [Fact]
    public async Task Of_a_row_of_proxies_the_known_ones_are_believed()
    {
        await using var app = await TestApp.ListenAsync(settings: [("Web:KnownProxies:0", "127.0.0.0/8"), ("Web:KnownProxies:1", "10.1.0.0/16"), ("Web:KnownProxies:2", "::1")]);
        using var http = app.Client("");
        // The client wrote the first itself; 203.0.113.9 is who the first known proxy saw.
        http.DefaultRequestHeaders.TryAddWithoutValidation("X-Forwarded-For", "192.0.2.66, 203.0.113.9, 10.1.4.4");

        await http.PostAsJsonAsync("/api/auth/register", People.Body("ada@example.com"));

        (await app.Database.ListAsync<string>("select address from audit_entries where action = 'account.registered'")).ShouldBe(["203.0.113.9"]);
    }

    [Fact]
    public async Task The_service_answers_to_its_own_names()
    {
        await using var app = await TestApp.StartAsync(settings: [("LeadSens:PublicUrl", "https://leads.example"), ("Web:AllowedHosts:0", "other.example")]);
        foreach (var (host, answers) in new[] { ("localhost", true), ("127.0.0.1:81", true), ("leads.example", true), ("other.example", true), ("evil.example", false), ("leads.example.evil.example", false) })
        {
            using var http = app.Client();
            http.DefaultRequestHeaders.Host = host;
            var answer = await http.GetAsync("/api/jobs");

            answer.StatusCode.ShouldBe(answers ? HttpStatusCode.OK : HttpStatusCode.BadRequest, host);
            if (!answers) (await People.CodeAsync(answer)).ShouldBe("host_unknown");
            (await http.GetAsync("/health/live")).StatusCode.ShouldBe(HttpStatusCode.OK);
        }
    }
}
