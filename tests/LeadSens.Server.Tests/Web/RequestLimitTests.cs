using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;
using LeadSens.Server.Identity;
using LeadSens.Server.Tests.Identity;
using LeadSens.Server.Tests.Support;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace LeadSens.Server.Tests.Web;

/// <summary>Requests that no client library would send, over a socket of their own.</summary>
public sealed class RequestLimitTests(RequestLimitTests.Apps apps) : IClassFixture<RequestLimitTests.Apps>
{
    private const string Key = $"X-Api-Key: {ApiKeys.DevelopmentKey}\r\n";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public sealed class Apps : IAsyncLifetime
    {
        internal TestApp App { get; private set; } = null!;

        public async ValueTask InitializeAsync() => App = await TestApp.ListenAsync(settings:
            [("Web:HeaderSeconds", "1"), ("Web:IdleSeconds", "1"), ("Web:GraceSeconds", "1.1"), ("Web:MinBytesPerSecond", "100000"), ("Web:MaxConnections", "20")]);

        public ValueTask DisposeAsync() => App.DisposeAsync();
    }

    [Theory]
    [InlineData("/api/campaigns")]
    [InlineData("/api/auth/login")]
    [InlineData("/elsa/api/workflow-definitions")]
    [InlineData("/workflows/anything")]
    public async Task A_hundred_megabytes_are_refused_before_they_are_sent(string path)
    {
        var answer = await TalkAsync($"POST {path} HTTP/1.1\r\nHost: localhost\r\n{Key}Content-Type: application/json\r\nContent-Length: 104857600\r\n\r\n{{\"name\":\"");

        // Studio shows the words of a 400.
        answer.ShouldStartWith(path switch { "/workflows/anything" => "HTTP/1.1 404", "/elsa/api/workflow-definitions" => "HTTP/1.1 400", _ => "HTTP/1.1 413" });
    }

    /// <summary>The answer comes although not a byte of the body was sent.</summary>
    [Fact]
    public async Task Whoever_may_not_do_it_is_told_before_the_body_is_read()
    {
        var owner = await apps.App.RegisterAsync("reads@example.com");
        var made = await People.JsonAsync(await owner.Http.PostAsJsonAsync($"/api/workspaces/{owner.WorkspaceId}/api-keys", new { name = "reader", scopes = (string[])["read"] }));
        var key = made.GetProperty("key").GetString();
        var paths = apps.App.Services.GetServices<EndpointDataSource>().SelectMany(source => source.Endpoints).OfType<RouteEndpoint>()
            .Where(route => route.Metadata.GetMetadata<AccessRule>() is { Kind: CallerKind.Member, Permission: not Permission.Read })
            .Where(route => route.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods.Contains("POST") ?? false)
            .Select(route => Regex.Replace(
                route.RoutePattern.RawText!.Replace("{workspaceId:guid}", owner.WorkspaceId.ToString(), StringComparison.Ordinal), @"\{[^}]*\}",
                part => part.Value.Contains(":int", StringComparison.Ordinal) ? "1" : Guid.CreateVersion7().ToString()));
        // The server waits a second for the body that it did not read before it closes; it takes twenty at once.
        await Parallel.ForEachAsync(paths, new ParallelOptions { MaxDegreeOfParallelism = 12 }, async (path, _) =>
        {
            var answer = await TalkAsync($"POST /{path.Trim('/')} HTTP/1.1\r\nHost: localhost\r\nX-Api-Key: {key}\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: 20000000\r\n\r\n");

            answer.ShouldStartWith("HTTP/1.1 403", customMessage: path);
        });
    }

    [Fact]
    public async Task A_body_whose_length_is_not_announced_is_cut_off_where_it_becomes_too_large()
    {
        using var socket = await ConnectAsync();
        var stream = socket.GetStream();
        await stream.WriteAsync(Bytes($"POST /api/campaigns HTTP/1.1\r\nHost: localhost\r\n{Key}Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"));
        var part = Bytes("10000\r\n" + new string('a', 0x10000) + "\r\n");
        var sent = 0;
        try
        {
            for (; sent < 1600; sent++) await stream.WriteAsync(part);
        }
        catch (IOException)
        {
            // The server closed the connection on us, as it should.
        }

        sent.ShouldBeLessThan(400, "100 MB were on their way; what was taken before the end is what the buffers of the system hold");
    }

    [Theory]
    [InlineData("a line of 9 kB", 414)]
    [InlineData("a header of 40 kB", 431)]
    [InlineData("150 headers", 431)]
    public async Task Lines_and_headers_have_a_size(string what, int status)
    {
        var request = what switch
        {
            "a line of 9 kB" => $"GET /{new string('a', 9_000)} HTTP/1.1\r\nHost: localhost\r\n\r\n",
            "a header of 40 kB" => $"GET / HTTP/1.1\r\nHost: localhost\r\nX-Large: {new string('a', 40_000)}\r\n\r\n",
            _ => $"GET / HTTP/1.1\r\nHost: localhost\r\n{string.Concat(Enumerable.Range(0, 150).Select(number => $"X-{number}: 1\r\n"))}\r\n",
        };

        (await TalkAsync(request)).ShouldStartWith($"HTTP/1.1 {status}");
    }

    [Fact]
    public async Task Whoever_sends_or_takes_slowly_is_cut_off()
    {
        var headers = TalkAsync("GET /api/jobs HTTP/1.1\r\nHost: localhost\r\nX-Slow: ");
        var body = TalkAsync($"POST /api/campaigns HTTP/1.1\r\nHost: localhost\r\n{Key}Content-Type: application/json\r\nContent-Length: 1000000\r\n\r\n{{\"name\":\"");
        var idle = TalkAsync("GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n");

        (await headers).ShouldStartWith("HTTP/1.1 408");
        (await body).ShouldStartWith("HTTP/1.1 408");
        // Answered, and then closed because nothing more came.
        (await idle).ShouldStartWith("HTTP/1.1 200");
    }

    [Theory]
    [InlineData("GET /api/jobs HTTP/1.1\r\nHost: localhost\r\nX-A: 1\r\n X-Folded: 2\r\n\r\n")]
    [InlineData("GET /api/jobs HTTP/1.1\r\nHost: localhost\r\nX-A: 1\0\r\n\r\n")]
    [InlineData("GET /api/jobs HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\n\r\n")]
    [InlineData("GET /api/jobs HTTP/1.1\r\n\r\n")]
    [InlineData("POST /api/campaigns HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello")]
    [InlineData("POST /api/campaigns HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nTransfer-Encoding: xchunked\r\n\r\nhello")]
    [InlineData("GET /api/\0jobs HTTP/1.1\r\nHost: localhost\r\n\r\n")]
    public async Task What_could_be_read_in_two_ways_is_not_read_at_all(string request) => (await TalkAsync(request)).ShouldMatch("^HTTP/1.1 (400|501)");

    [Fact]
    public async Task Json_that_is_too_deep_and_forms_with_too_many_fields_are_bad_requests()
    {
        var deep = $"{{\"name\":{new string('[', 200)}{new string(']', 200)}}}";
        (await PostAsync("/api/campaigns", "application/json", deep)).ShouldStartWith("HTTP/1.1 400");
        (await PostAsync("/elsa/api/workflow-definitions", "application/json", deep)).ShouldStartWith("HTTP/1.1 400");
        var many = string.Join('&', Enumerable.Range(0, 3_000).Select(number => $"f{number}=1"));
        (await PostAsync("/studio/sign-in", "application/x-www-form-urlencoded", many)).ShouldStartWith("HTTP/1.1 400");
    }

    [Fact]
    public async Task Connections_beyond_the_limit_are_closed_and_come_again_later()
    {
        await using var small = await TestApp.ListenAsync(settings: ("Web:MaxConnections", "10"));
        var open = new List<TcpClient>();
        for (var number = 0; number < 10; number++) open.Add(await ConnectAsync(small.Url));
        await Eventually.Be(async () => !(await TryAsync(small.Url)).StartsWith("HTTP/1.1 200", StringComparison.Ordinal), Patience);

        foreach (var connection in open) connection.Dispose();

        await Eventually.Be(async () => (await TryAsync(small.Url)).StartsWith("HTTP/1.1 200", StringComparison.Ordinal), Patience);
    }

    private Task<string> PostAsync(string path, string type, string body) =>
        TalkAsync($"POST {path} HTTP/1.1\r\nHost: localhost\r\n{Key}Connection: close\r\nContent-Type: {type}\r\nContent-Length: {body.Length}\r\n\r\n{body}");

    /// <summary>Sends it and reads until the server closes the connection.</summary>
    private async Task<string> TalkAsync(string request)
    {
        using var socket = await ConnectAsync();
        return await TalkAsync(socket, request);
    }

    private static async Task<string> TryAsync(Uri url)
    {
        try
        {
            using var socket = await ConnectAsync(url);
            return await TalkAsync(socket, "GET /health/live HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
        }
        catch (Exception closed) when (closed is IOException or SocketException)
        {
            return "";
        }
    }

    private static async Task<string> TalkAsync(TcpClient socket, string request)
    {
        var stream = socket.GetStream();
        await stream.WriteAsync(Bytes(request));
        using var patience = new CancellationTokenSource(Patience);
        var read = new MemoryStream();
        try
        {
            await stream.CopyToAsync(read, patience.Token);
        }
        catch (IOException)
        {
            // Reset instead of closed: what came before it counts.
        }

        return Encoding.Latin1.GetString(read.ToArray());
    }

    private Task<TcpClient> ConnectAsync() => ConnectAsync(apps.App.Url);

    private static async Task<TcpClient> ConnectAsync(Uri url)
    {
        var socket = new TcpClient();
        await socket.ConnectAsync(url.Host, url.Port);
        return socket;
    }

    private static byte[] Bytes(string text) => Encoding.Latin1.GetBytes(text);
}
