using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Nodes;
using LeadSens.Bench.Workflows;
using LeadSens.Demo;

namespace LeadSens.Bench.Neighbours;

/// <summary>Does by the API, all at once and again and again, what a tenant may do.</summary>
internal sealed class Attacker : IDisposable
{
    private const int Loops = 40, Creations = 500, CreatedLeads = 10, Streams = 200, Reads = 120, Posts = 4, Paths = 40, PostBytes = 20_000_000;

    private static readonly string[] Hostile =
    [
        "while (true) { }", "var a = []; for (;;) a.push(new Array(10000).fill(a.length));", "Date.UTC(1e9, 0)", "(function f() { return [f()]; })()",
        "var s = 'x'; while (true) s += s;", "'a'.repeat(1e6).replace(/(a+)+b/, '')", "while (true) { try { throw 1; } catch { } finally { } }", "JSON.parse('['.repeat(1e6))",
    ];

    private static readonly string[] Pages =
    [
        "/api/campaigns?limit=100", "/api/leads?limit=100", "/api/audit?limit=100", "/api/jobs?limit=100", "/api/approvals?limit=100",
        "/elsa/api/workflow-definitions?page=0&pageSize=100",
    ];

    private static readonly byte[] Bomb = [.. Enumerable.Repeat((byte)'[', PostBytes)];

    private readonly ConcurrentDictionary<string, int> answers = new();
    private readonly HttpClient http;
    private readonly HttpClient anybody;

    private Attacker(Uri server, string key)
    {
        http = new(FromElsewhere()) { BaseAddress = server, DefaultRequestHeaders = { { "X-Api-Key", key } }, Timeout = Timeout.InfiniteTimeSpan };
        anybody = new(FromElsewhere()) { BaseAddress = server, Timeout = Timeout.InfiniteTimeSpan };
    }

    /// <summary>Until the standard input ends.</summary>
    public static async Task<int> RunAsync(Uri server, string attacks)
    {
        using var attacker = new Attacker(server, Environment.GetEnvironmentVariable(Attacks.KeyVariable)!);
        using var over = new CancellationTokenSource();
        var ways = attacks.Split(',').Select(attack => attacker.AttackAsync(attack, over.Token)).ToList();
        await Console.In.ReadToEndAsync(CancellationToken.None);
        await over.CancelAsync();
        await Task.WhenAll(ways);
        Console.WriteLine(new JsonObject(attacker.answers.OrderBy(count => count.Key).Select(count => KeyValuePair.Create(count.Key, (JsonNode?)count.Value))).ToJsonString());
        return 0;
    }

    public void Dispose()
    {
        http.Dispose();
        anybody.Dispose();
    }

    /// <summary>Another machine has another address.</summary>
    private static SocketsHttpHandler FromElsewhere() => new()
    {
        MaxConnectionsPerServer = 2_000,
        ConnectCallback = async (context, cancellationToken) =>
        {
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                socket.Bind(new IPEndPoint(IPAddress.Parse("127.0.0.2"), 0));
                await socket.ConnectAsync(IPAddress.Loopback, context.DnsEndPoint.Port, cancellationToken);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        },
    };

    private Task AttackAsync(string attack, CancellationToken over) => attack switch
    {
        "loops" => LoopsAsync(over),
        "scripts" => ScriptsAsync(over),
        "creations" => AgainAsync(TimeSpan.FromSeconds(10), () => AllAtOnceAsync(Creations, _ => CreateAsync(over)), over),
        "streams" => StreamsAsync(over),
        "reads" => AgainAsync(TimeSpan.FromMilliseconds(100), () => AllAtOnceAsync(Reads, number => GetAsync(http, "read", Pages[number % Pages.Length], over)), over),
        "posts" => AllAtOnceAsync(Posts, _ => AgainAsync(TimeSpan.FromMilliseconds(100), () => BombAsync(over), over)),
        "paths" => AgainAsync(TimeSpan.FromMilliseconds(100), () => AllAtOnceAsync(Paths, number => GetAsync(anybody, "path", LongPath(number), over)), over),
        _ => throw new InvalidOperationException($"There is no attack '{attack}'."),
    };

    private async Task LoopsAsync(CancellationToken over)
    {
        var plain = Loop("loop-plain", "Literal", "x");
        var scripted = Loop("loop-script", "JavaScript", "[2, 1].sort().join()");
        await SaveAsync(plain, over);
        await SaveAsync(scripted, over);
        await AgainAsync(TimeSpan.FromSeconds(1), async () =>
        {
            await DispatchAsync("loop-plain", Loops / 2, over);
            await DispatchAsync("loop-script", Loops / 2, over);
        }, over);
    }

    private async Task ScriptsAsync(CancellationToken over)
    {
        foreach (var (number, script) in Hostile.Index())
            await SaveAsync(JsonNode.Parse(Graph.Line($"hostile-{number}", Graph.Box("js", "Elsa.WriteLine", "text", "String", "JavaScript", script)))!, over);
        await Task.WhenAll(Enumerable.Range(0, 2 * Hostile.Length).Select(number => AgainAsync(TimeSpan.FromMilliseconds(100), () =>
            PostAsync("script", $"/elsa/api/workflow-definitions/hostile-{number % Hostile.Length}/execute", JsonContent.Create(new { }), over), over)));
    }

    private async Task StreamsAsync(CancellationToken over)
    {
        var campaign = Guid.Empty;
        await UntilAsync(TimeSpan.FromMilliseconds(200), async () => (campaign = await CreateAsync(over)) != Guid.Empty, over);
        await AllAtOnceAsync(Streams, _ => AgainAsync(TimeSpan.FromSeconds(1), async () =>
        {
            using var answer = await http.GetAsync(new Uri($"/api/campaigns/{campaign}/events", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, over);
            Count("stream", (int)answer.StatusCode);
            if (answer.IsSuccessStatusCode) await (await answer.Content.ReadAsStreamAsync(over)).CopyToAsync(Stream.Null, over);
        }, over));
    }

    private async Task<Guid> CreateAsync(CancellationToken over)
    {
        var request = new JsonObject { ["name"] = "Attack", ["icp"] = ApiClient.Icp, ["limit"] = CreatedLeads, ["targets"] = new JsonArray("instantly", "hubspot") };
        using var answer = await http.PostAsJsonAsync("/api/campaigns", request, over);
        Count("creation", (int)answer.StatusCode);
        return answer.IsSuccessStatusCode ? (await answer.Content.ReadFromJsonAsync<JsonElement>(over)).GetProperty("id").GetGuid() : Guid.Empty;
    }

    private async Task BombAsync(CancellationToken over)
    {
        using var content = new ByteArrayContent(Bomb) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
        await PostAsync("post", "/elsa/api/workflow-definitions", content, over);
    }

    private static string LongPath(int number) => $"/workflows/{Guid.CreateVersion7()}/{string.Join('/', Enumerable.Range(0, number % 2 == 0 ? 12 : 200).Select(part => new string('a', 10) + part))}";

    private static JsonNode Loop(string name, string syntax, string text)
    {
        var loop = Graph.Box("loop", "Elsa.While", "condition", "Boolean", "Literal", "true");
        loop["body"] = Graph.Box("line", "Elsa.WriteLine", "text", "String", syntax, text);
        return JsonNode.Parse(Graph.Line(name, loop))!;
    }

    /// <summary>Until it is saved.</summary>
    private Task SaveAsync(JsonNode graph, CancellationToken over) =>
        UntilAsync(TimeSpan.FromMilliseconds(200), async () =>
        {
            using var answer = await http.PostAsJsonAsync("/elsa/api/workflow-definitions", new JsonObject { ["model"] = graph.DeepClone(), ["publish"] = true }, over);
            Count("save", (int)answer.StatusCode);
            return answer.IsSuccessStatusCode;
        }, over);

    private Task DispatchAsync(string workflow, int count, CancellationToken over) =>
        PostAsync("dispatch", $"/elsa/api/workflow-definitions/{workflow}/bulk-dispatch", JsonContent.Create(new { count }), over);

    private async Task PostAsync(string what, string path, HttpContent content, CancellationToken over)
    {
        using var answer = await http.PostAsync(new Uri(path, UriKind.Relative), content, over);
        Count(what, (int)answer.StatusCode);
    }

    private async Task GetAsync(HttpClient client, string what, string path, CancellationToken over)
    {
        using var answer = await client.GetAsync(new Uri(path, UriKind.Relative), over);
        Count(what, (int)answer.StatusCode);
    }

    private void Count(string what, int status) => answers.AddOrUpdate($"{what} {status}", 1, (_, before) => before + 1);

    private static Task AllAtOnceAsync(int count, Func<int, Task> attack) => Task.WhenAll(Enumerable.Range(0, count).Select(number => Task.Run(() => attack(number))));

    /// <summary>As soon as it has ended, but not more often than this. An attacker does not give up.</summary>
    private Task AgainAsync(TimeSpan every, Func<Task> attack, CancellationToken over) => UntilAsync(every, async () =>
    {
        await attack();
        return false;
    }, over);

    private async Task UntilAsync(TimeSpan every, Func<Task<bool>> attack, CancellationToken over)
    {
        using var timer = new PeriodicTimer(every);
        try
        {
            do
            {
                try
                {
                    if (await attack()) return;
                }
                catch (Exception cut) when (cut is HttpRequestException or IOException)
                {
                    Count("cut off", 0);
                }
            }
            while (await timer.WaitForNextTickAsync(over));
        }
        catch (OperationCanceledException)
        {
            // The measurement is over.
        }
    }
}
