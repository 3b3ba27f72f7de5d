using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using LeadSens.Server.Identity;
using LeadSens.Server.Tests.Support;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace LeadSens.Server.Tests.Data;

/// <summary>The database goes away under a living Server.</summary>
public sealed class DatabaseAwayTests : DatabaseTest
{
    [Fact]
    public async Task Every_call_answers_503_at_once_says_little_about_it_and_works_again_afterwards()
    {
        await using var relay = new LossyRelay(Db.ConnectionString);
        await using var app = TestApp.Beside(Db, ("LeadSens:Database", relay.ConnectionString), ("LeadSens:DatabaseOwner", relay.Through(Db.OwnerConnectionString)));
        using var http = app.Client();
        (await http.GetAsync("/api/campaigns")).StatusCode.ShouldBe(HttpStatusCode.OK);
        await relay.CutAsync();
        var before = app.Log.Text.Length;

        var watch = Stopwatch.StartNew();
        (await http.GetAsync("/health/live")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await http.GetAsync("/health/ready")).StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        using (var away = await http.GetAsync("/api/campaigns"))
        {
            away.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
            away.Headers.RetryAfter.ShouldNotBeNull();
            (await away.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("code").GetString().ShouldBe("database_unavailable");
        }

        var (answered, unavailable) = (0, 0);
        foreach (var (method, path) in Routes(app))
        {
            using var request = new HttpRequestMessage(new(method), path) { Content = method is "GET" or "HEAD" ? null : JsonContent.Create(new { }) };
            using var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
            if ((int)answer.StatusCode >= 500) answer.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable, $"{method} {path} {await answer.Content.ReadAsStringAsync()}");
            answered++;
            if (answer.StatusCode == HttpStatusCode.ServiceUnavailable) unavailable++;
        }

        unavailable.ShouldBeGreaterThan(answered / 2);
        await Eventually.Be(() => watch.Elapsed > TimeSpan.FromSeconds(8));
        var written = app.Log.Text[before..];
        written.Length.ShouldBeLessThan(32_000, written[..Math.Min(written.Length, 4_000)]);

        relay.Mend();
        await Eventually.Be(async () => (await http.GetAsync("/api/campaigns")).StatusCode == HttpStatusCode.OK);
        await Eventually.Be(async () => (await http.GetAsync("/health/ready")).StatusCode == HttpStatusCode.OK);
    }

    /// <summary>All that are for us, with nothing in them: what a call is refused for without a look into the database may be said.</summary>
    private static IEnumerable<(string Method, string Path)> Routes(TestApp app) =>
        from source in app.Services.GetServices<EndpointDataSource>()
        from route in source.Endpoints.OfType<RouteEndpoint>()
        let text = "/" + route.RoutePattern.RawText!.Trim('/')
        where route.Metadata.GetMetadata<AccessRule>() is not null && !text.Contains("hubs", StringComparison.Ordinal)
        from method in route.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? []
        where method is not "OPTIONS"
        select (method, System.Text.RegularExpressions.Regex.Replace(text, @"\{[^}]*\}", part => part.Value.Contains(":int", StringComparison.Ordinal) ? "1" : Guid.CreateVersion7().ToString()));
}
