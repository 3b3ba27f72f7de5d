extern alias Demo;

using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Nodes;
using Demo::LeadSens.Demo;
using LeadSens.Server.Identity;
using LeadSens.Server.Tests.Support;
using LeadSens.Server.Tests.Workflows;

namespace LeadSens.Server.Tests.Chaos;

/// <summary>A box, and a job, in which the Server dies each time: they take it down three times and no more.</summary>
public sealed class DeadlyBoxTests : DatabaseTest
{
    private const int Deaths = 3;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task What_ends_the_process_three_times_is_parked_and_says_so()
    {
        using var silence = new TcpListener(IPAddress.Loopback, 0);
        silence.Start();
        await using var stack = await ThrowAwayStack.StartAsync("deadly", CancellationToken.None);
        await stack.SetLatencyAsync(120_000, CancellationToken.None);
        var node = await StartAsync(stack);
        var run = await CallAsync(node, (IPEndPoint)silence.LocalEndpoint);
        var campaign = await node.Api.CreateCampaignAsync("Deadly", 10, CancellationToken.None);

        for (var deaths = 0; deaths < Deaths; deaths++)
        {
            using var call = await silence.AcceptSocketAsync().WaitAsync(Patience);
            var before = deaths;
            await Eventually.Be(async () => await InHandAsync(campaign, before), Patience, $"the job after {deaths} deaths");
            node.Process.Kill();
            node.Api.Dispose();
            node = await StartAsync(stack);
        }

        using var http = Client(node);
        await Eventually.Be(async () => (await FaultsAsync(http, run)).Any(), Patience);
        (await FaultsAsync(http, run)).ShouldHaveSingleItem().ShouldMatch("^The Server died 3 times in a row while it ran .*call.*, so it is not run again by itself");
        await Eventually.Be(async () => await JobAsync(campaign) is "Failed", Patience);
        var failed = (await http.GetFromJsonAsync<JsonElement>("/api/jobs?state=Failed")).GetProperty("items").EnumerateArray().ShouldHaveSingleItem();
        failed.GetProperty("failure").GetString().ShouldNotBeNull().ShouldStartWith("The Server died 3 times");
        silence.Pending().ShouldBeFalse("nobody ran the box again");
    }

    private Task<RunningNode> StartAsync(ThrowAwayStack stack) => stack.StartServerAsync(
        "server", new Dictionary<string, string?> { ["LeadSens__Database"] = Db.ConnectionString, ["Workflows__Http__AllowedHosts__0"] = "127.0.0.1", ["Workflows__Http__TimeoutSeconds"] = "600" }, CancellationToken.None);

    private static HttpClient Client(RunningNode node) => new() { BaseAddress = node.Api.Server, DefaultRequestHeaders = { { ApiKeyAuthentication.Header, ApiClient.DevelopmentKey } } };

    /// <summary>A run whose second box calls somebody who never answers.</summary>
    private static async Task<Guid> CallAsync(RunningNode node, IPEndPoint silence)
    {
        using var http = Client(node);
        var graph = JsonNode.Parse(Graphs.Line("deadly", Graphs.WriteLine("begin", "x"), Graphs.Box("call", "Elsa.FlowSendHttpRequest", "url", $"http://{silence}/"), Graphs.WriteLine("end", "x")));
        using var saved = await http.PostAsJsonAsync("/elsa/api/workflow-definitions", new JsonObject { ["model"] = graph, ["publish"] = true });
        saved.IsSuccessStatusCode.ShouldBeTrue(await saved.Content.ReadAsStringAsync());
        using var started = await http.PostAsJsonAsync("/elsa/api/workflow-definitions/deadly/dispatch", new { });
        return (await started.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("workflowInstanceId").GetGuid();
    }

    /// <summary>It runs on a node that has counted these deaths; after the first it runs alone, so that the next is its own.</summary>
    private Task<bool> InHandAsync(Guid campaign, int deaths) => Db.ScalarAsync<bool>(
        "select exists (select from jobs where campaign_id = $1 and state = 'Running' and deaths = $2 and on_trial = ($2 > 0))", campaign, deaths);

    private Task<string?> JobAsync(Guid campaign) => Db.ScalarAsync<string?>("select state from jobs where campaign_id = $1", campaign);

    private static async Task<IReadOnlyList<string>> FaultsAsync(HttpClient http, Guid run) =>
    [
        .. (await http.GetFromJsonAsync<JsonElement>($"/api/workflow-instances/{run}/waits")).GetProperty("faults").EnumerateArray().Select(fault => fault.GetProperty("message").GetString()!),
    ];
}
