using System.Net;
using System.Net.Http.Json;
using LeadSens.Server.Tests.Identity;
using LeadSens.Server.Tests.Support;
using LeadSens.Server.Web;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace LeadSens.Server.Tests.Web;

/// <summary>Limits per address, account and caller, behind a proxy that is known, so that a test can be many addresses.</summary>
public sealed class RateLimitTests(RateLimitTests.Apps apps) : IClassFixture<RateLimitTests.Apps>
{
    private static int addresses = 50;
    private readonly TestApp app = apps.App;

    public sealed class Apps : IAsyncLifetime
    {
        internal TestApp App { get; private set; } = null!;

        public async ValueTask InitializeAsync() => App = await TestApp.ListenAsync(settings:
        [
            ("Web:KnownProxies:0", "127.0.0.1"),
            ("Web:Limits:Login:Burst", "6"), ("Web:Limits:Login:PerMinute", "1"), ("Web:Limits:LoginToAccount:Burst", "3"), ("Web:Limits:LoginToAccount:PerMinute", "1"),
            ("Web:Limits:Register:Burst", "2"), ("Web:Limits:Register:PerMinute", "1"), ("Web:Limits:Refresh:Burst", "2"), ("Web:Limits:Refresh:PerMinute", "1"),
            ("Web:Limits:Links:Burst", "3"), ("Web:Limits:Links:PerMinute", "1"), ("Web:Limits:Workflows:Burst", "2"), ("Web:Limits:Workflows:PerMinute", "1"),
            ("Web:Limits:Caller:Burst", "20"), ("Web:Limits:Caller:PerMinute", "1"),
        ]);

        public ValueTask DisposeAsync() => App.DisposeAsync();
    }

    [Fact]
    public async Task A_flood_of_logins_is_refused_with_the_time_to_wait_and_others_still_get_in()
    {
        await app.RegisterAsync("ada@example.com");
        using var flood = From("203.0.113.7");
        for (var guess = 0; guess < 6; guess++) (await LoginAsync(flood, $"somebody{guess}@example.com")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);

        var refused = await LoginAsync(flood, "ada@example.com");

        refused.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        refused.Headers.RetryAfter!.Delta!.Value.TotalSeconds.ShouldBeInRange(1, 60);
        refused.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
        (await People.CodeAsync(refused)).ShouldBe("rate_limited");
        using var other = From("203.0.113.8");
        (await LoginAsync(other, "ada@example.com")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Guesses_at_one_account_are_refused_before_the_address_is()
    {
        using var guesser = From("203.0.113.9");
        for (var guess = 0; guess < 3; guess++) await LoginAsync(guesser, "Ada@Example.com");

        (await LoginAsync(guesser, " ada@example.com")).StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        (await LoginAsync(guesser, "eve@example.com")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Addresses_of_one_customers_network_are_one()
    {
        for (var host = 1; host <= 3; host++)
        {
            using var one = From($"2001:db8:1:2::{host}");
            (await one.GetAsync("/approve/guess")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        }

        using var next = From("2001:db8:1:2:ffff::9");
        (await next.GetAsync("/approve/guess")).StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        using var neighbour = From("2001:db8:1:3::1");
        (await neighbour.GetAsync("/approve/guess")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Theory]
    [InlineData("GET", "/approve/guess", 3)]
    [InlineData("POST", "/approve/guess", 3)]
    [InlineData("GET", "/api/invitations/guess", 3)]
    [InlineData("GET", "/invitations/guess", 3)]
    [InlineData("GET", "/account/confirm/guess", 3)]
    [InlineData("POST", "/account/reset/guess", 3)]
    [InlineData("GET", "/elsa/api/bookmarks/resume?t=guess", 3)]
    [InlineData("POST", "/elsa/api/events/trigger?t=guess", 3)]
    [InlineData("POST", "/api/auth/register", 2)]
    [InlineData("POST", "/api/auth/refresh", 2)]
    [InlineData("POST", "/workflows/anything", 2)]
    public async Task What_anybody_may_call_has_a_limit(string method, string path, int free)
    {
        using var http = From($"198.51.100.{Interlocked.Increment(ref addresses)}");
        for (var call = 0; call <= free; call++)
        {
            using var answer = await http.SendAsync(new(new HttpMethod(method), path) { Content = method == "POST" ? JsonContent.Create(new { refreshToken = "x" }) : null });
            (answer.StatusCode == HttpStatusCode.TooManyRequests).ShouldBe(call == free, $"call {call}: {(int)answer.StatusCode}");
        }
    }

    [Fact]
    public async Task A_caller_has_one_limit_from_wherever_and_nobody_elses()
    {
        using var one = From("203.0.113.20", Server.Identity.ApiKeys.DevelopmentKey);
        using var two = From("203.0.113.21", Server.Identity.ApiKeys.DevelopmentKey);
        for (var call = 0; call < 20; call++) (await (call % 2 == 0 ? one : two).GetAsync("/api/jobs")).StatusCode.ShouldBe(HttpStatusCode.OK);

        (await one.GetAsync("/api/jobs")).StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        using var http = From("203.0.113.20");
        http.DefaultRequestHeaders.Authorization = new("Bearer", (await app.RegisterAsync("caller@example.com")).AccessToken);
        (await http.GetAsync("/api/jobs")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Password_hashes_beyond_the_queue_are_refused_at_once()
    {
        await using var queue = new PasswordQueue(Microsoft.Extensions.Options.Options.Create(new WebOptions { PasswordQueue = 2 }));
        var turns = Enumerable.Range(0, Math.Max(1, Environment.ProcessorCount / 2) + 2).Select(_ => queue.EnterAsync(CancellationToken.None).AsTask()).ToList();

        using var refused = await queue.EnterAsync(CancellationToken.None);

        refused.IsAcquired.ShouldBeFalse();
        turns.Count(turn => turn.IsCompleted).ShouldBe(Math.Max(1, Environment.ProcessorCount / 2));
        foreach (var turn in turns) (await turn).Dispose();
        using var later = await queue.EnterAsync(CancellationToken.None);
        later.IsAcquired.ShouldBeTrue();
    }

    [Fact]
    public async Task While_the_queue_is_full_logins_are_refused_and_everything_else_answers()
    {
        var queue = app.Services.GetRequiredService<PasswordQueue>();
        var turns = Enumerable.Range(0, Math.Max(1, Environment.ProcessorCount / 2) + new WebOptions().PasswordQueue).Select(_ => queue.EnterAsync(CancellationToken.None).AsTask()).ToList();
        using var http = From("203.0.113.30");

        var refused = await LoginAsync(http, "ada@example.com");

        refused.StatusCode.ShouldBe((HttpStatusCode)StatusCodes.Status429TooManyRequests);
        refused.Headers.RetryAfter.ShouldNotBeNull();
        (await http.GetAsync("/health/ready")).StatusCode.ShouldBe(HttpStatusCode.OK);
        foreach (var turn in turns) (await turn).Dispose();
    }

    private HttpClient From(string address, string key = "")
    {
        var http = app.Client(key);
        http.DefaultRequestHeaders.Add("X-Forwarded-For", address);
        return http;
    }

    private static Task<HttpResponseMessage> LoginAsync(HttpClient http, string email) => http.PostAsJsonAsync("/api/auth/login", new { email, password = People.Password });
}
