using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using LeadSens.Server.Tests.Support;

namespace LeadSens.Server.Tests.Web;

/// <summary>The headers of every kind of answer.</summary>
public sealed class HeaderTests(HeaderTests.Apps apps) : IClassFixture<HeaderTests.Apps>
{
    public sealed class Apps : IAsyncLifetime
    {
        internal TestApp App { get; private set; } = null!;

        public async ValueTask InitializeAsync() => App = await TestApp.ListenAsync(settings: [("LeadSens:PublicUrl", "https://leads.example"), ("Web:AllowedOrigins:0", "https://app.example")]);

        public ValueTask DisposeAsync() => App.DisposeAsync();
    }

    [Theory]
    [InlineData("GET", "/api/jobs", 200)]
    [InlineData("GET", "/api/jobs/x", 404)]
    [InlineData("GET", "/nowhere", 404)]
    [InlineData("DELETE", "/api/jobs", 405)]
    [InlineData("POST", "/api/campaigns", 400)]
    [InlineData("GET", "/health/live", 200)]
    [InlineData("GET", "/openapi/v1.json", 200)]
    [InlineData("GET", "/docs/index.html", 200)]
    [InlineData("GET", "/studio/site.js", 200)]
    [InlineData("GET", "/studio/sign-in", 200)]
    [InlineData("GET", "/studio/_content/MudBlazor/MudBlazor.min.css", 200)]
    [InlineData("GET", "/studio/index.html", 404)]
    [InlineData("GET", "/approve/unknown", 404)]
    [InlineData("GET", "/elsa/api/bookmarks/resume?t=x", 404)]
    [InlineData("GET", "/elsa/api/workflow-definitions", 200)]
    [InlineData("GET", "/workflows/nothing", 404)]
    public async Task Every_answer_carries_them(string method, string path, int status)
    {
        using var http = apps.App.Client();
        using var answer = await http.SendAsync(new(new HttpMethod(method), path) { Content = method == "POST" ? JsonContent.Create(new { name = 1 }) : null });

        ((int)answer.StatusCode).ShouldBe(status);
        Header(answer, "X-Content-Type-Options").ShouldBe("nosniff");
        Header(answer, "Referrer-Policy").ShouldBe("no-referrer");
        Header(answer, "Cross-Origin-Opener-Policy").ShouldBe("same-origin");
        Header(answer, "Cross-Origin-Resource-Policy").ShouldBe("same-origin");
        Header(answer, "Strict-Transport-Security").ShouldBe("max-age=31536000; includeSubDomains");
        Header(answer, "Permissions-Policy").ShouldContain("camera=()");
        answer.Headers.Contains("Server").ShouldBeFalse();
        answer.Headers.Contains("X-Powered-By").ShouldBeFalse();
        var policy = Header(answer, "Content-Security-Policy");
        // What workflows answer is in no frame's and nobody's origin by its sandbox; Studio's pages may frame each other.
        policy.ShouldContain(path.StartsWith("/workflows", StringComparison.Ordinal) ? "sandbox;" : path.StartsWith("/studio", StringComparison.Ordinal) ? "frame-ancestors 'self'" : "frame-ancestors 'none'");
        policy.ShouldContain(path.StartsWith("/studio", StringComparison.Ordinal) ? "default-src 'self'" : "default-src 'none'");
        policy.ShouldNotContain("'unsafe-eval'");
        var (type, body) = (answer.Content.Headers.ContentType, await answer.Content.ReadAsStringAsync());
        if (body.Length > 0) type.ShouldNotBeNull();
        if (type?.MediaType is "text/html" or "text/plain") type.CharSet.ShouldBe("utf-8");
        body.ShouldNotContain("   at ");
        if (type?.MediaType != "application/problem+json") return;
        var problem = JsonElement.Parse(body);
        (problem.GetProperty("code").GetString(), problem.GetProperty("status").GetInt32()).ShouldSatisfyAllConditions(said => said.Item1.ShouldNotBeNullOrEmpty(), said => said.Item2.ShouldBe(status));
        problem.GetProperty("traceId").GetString().ShouldNotBeNullOrEmpty();
    }

    [Fact]
    public async Task Answers_of_the_api_are_stored_by_nobody_and_files_are()
    {
        using var http = apps.App.Client();
        foreach (var path in (string[])["/api/jobs", "/api/leads", "/api/auth/me", "/elsa/api/workflow-definitions", "/approve/unknown", "/studio/sign-in", "/nowhere"])
            (await http.GetAsync(path)).Headers.CacheControl!.NoStore.ShouldBeTrue(path);
        (await http.GetAsync("/openapi/v1.json")).Headers.CacheControl!.NoStore.ShouldBeFalse();
        (await http.GetAsync("/studio/_content/MudBlazor/MudBlazor.min.css")).Headers.CacheControl!.NoStore.ShouldBeFalse();
    }

    [Fact]
    public async Task Without_tls_nothing_is_said_about_it()
    {
        await using var plain = await TestApp.StartAsync();
        (await plain.Client().GetAsync("/api/jobs")).Headers.Contains("Strict-Transport-Security").ShouldBeFalse();
    }

    [Theory]
    [InlineData("https://app.example", true)]
    [InlineData("https://evil.example", false)]
    [InlineData("https://app.example.evil.example", false)]
    [InlineData("http://app.example", false)]
    [InlineData("null", false)]
    public async Task Only_pages_of_the_listed_origins_may_read_answers(string origin, bool may)
    {
        using var http = apps.App.Client();
        http.DefaultRequestHeaders.Add("Origin", origin);

        using var answer = await http.GetAsync("/api/jobs");
        using var question = new HttpRequestMessage(HttpMethod.Options, "/api/campaigns") { Headers = { { "Access-Control-Request-Method", "POST" }, { "Access-Control-Request-Headers", "x-api-key,content-type" } } };
        using var preflight = await http.SendAsync(question);

        foreach (var one in new[] { answer, preflight })
        {
            one.Headers.TryGetValues("Access-Control-Allow-Origin", out var allowed);
            allowed?.Single().ShouldBe(origin);
            (allowed is not null).ShouldBe(may);
            one.Headers.Contains("Access-Control-Allow-Credentials").ShouldBeFalse();
        }
    }

    [Theory]
    [InlineData("https://evil.example", false)]
    [InlineData("null", false)]
    [InlineData("https://app.example", true)]
    [InlineData("https://leads.example", true)]
    [InlineData(null, true)]
    public async Task Streams_and_sockets_open_for_our_own_pages_the_listed_ones_and_programs(string? origin, bool may)
    {
        using var http = apps.App.Client();
        if (origin is not null) http.DefaultRequestHeaders.Add("Origin", origin);

        using var negotiation = await http.PostAsync("/elsa/hubs/workflow-instance/negotiate?negotiateVersion=1", null);
        negotiation.StatusCode.ShouldBe(may ? HttpStatusCode.OK : HttpStatusCode.Forbidden);
        using var events = new HttpRequestMessage(HttpMethod.Get, $"/api/campaigns/{Guid.CreateVersion7()}/events") { Headers = { { "Accept", "text/event-stream" } } };
        using var stream = await http.SendAsync(events);
        stream.StatusCode.ShouldBe(may ? HttpStatusCode.NotFound : HttpStatusCode.Forbidden);
        using var socket = new System.Net.WebSockets.ClientWebSocket();
        socket.Options.SetRequestHeader("X-Api-Key", Server.Identity.ApiKeys.DevelopmentKey);
        if (origin is not null) socket.Options.SetRequestHeader("Origin", origin);
        var open = socket.ConnectAsync(new($"ws://{apps.App.Url.Authority}/elsa/hubs/workflow-instance"), CancellationToken.None);
        if (may) await open;
        else await open.ShouldThrowAsync<System.Net.WebSockets.WebSocketException>();
    }

    private static string Header(HttpResponseMessage answer, string name) => string.Join(' ', answer.Headers.GetValues(name));
}
