extern alias Demo;

using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Demo::LeadSens.Demo;
using LeadSens.Server.Identity;
using LeadSens.Server.Tests.Support;

namespace LeadSens.Server.Tests.Chaos;

/// <summary>Two Servers on one PostgreSQL and one RabbitMQ, a thousand runs that wait for decisions and times, and a Server that dies among them.</summary>
public sealed class ThousandRunsTests : DatabaseTest
{
    private const int Runs = 1_000;
    private const int PerDispatch = 25;
    private const int Seed = 20_261_121;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task A_thousand_runs_with_random_decisions_and_timers_all_end_once()
    {
        await using var broker = await TestRabbitMq.StartAsync();
        await using var stack = await ThrowAwayStack.StartAsync("thousand", CancellationToken.None);
        var settings = new Dictionary<string, string?> { ["LeadSens__Database"] = Db.ConnectionString, ["LeadSens__Bus"] = broker.Address };
        var servers = await Task.WhenAll(StartAsync("one"), StartAsync("two"));
        var nodes = servers.Select(Client).ToArray();
        await PublishAsync(nodes[0], WaitingGraph.EffectDefinition);
        await PublishAsync(nodes[0], WaitingGraph.Definition);

        var random = new Random(Seed);
        for (var dispatched = 0; dispatched < Runs; dispatched += PerDispatch)
            await DispatchAsync(nodes[dispatched / PerDispatch % 2], random);
        var decisions = new Decisions(Db, random);
        await Eventually.Be(async () => await DecideAsync() > Runs / 4, Patience);
        servers[0].Process.Kill();
        var restart = StartAsync("one");
        nodes = [nodes[1], nodes[1]];
        await Eventually.Be(async () => await DecideAsync() > Runs / 2 && restart.IsCompleted, Patience);
        nodes = [Client(await restart), nodes[1]];
        await Eventually.Be(async () => await DecideAsync() == Runs, Patience);
        await Eventually.Be(async () => await EndedAsync(WaitingGraph.Effect) == Runs, Patience);

        await EachEndedOnceAsync();
        await NothingStaysAsync();

        async Task<long> DecideAsync()
        {
            await decisions.DecideAsync(nodes);
            return await EndedAsync(WaitingGraph.Name);
        }

        Task<RunningNode> StartAsync(string name) => stack.StartServerAsync(name, settings, CancellationToken.None);
    }

    private static HttpClient Client(RunningNode server) => new() { BaseAddress = server.Api.Server, DefaultRequestHeaders = { { ApiKeyAuthentication.Header, ApiClient.DevelopmentKey } } };

    private static Task PublishAsync(HttpClient node, JsonNode model) => PostAsync(node, "workflow-definitions", new JsonObject { ["model"] = model, ["publish"] = true });

    private static Task DispatchAsync(HttpClient node, Random random) => PostAsync(node, $"workflow-definitions/{WaitingGraph.Name}/bulk-dispatch", new JsonObject
    {
        ["count"] = PerDispatch, ["input"] = new JsonObject { ["Way"] = WaitingGraph.Ways[random.Next(WaitingGraph.Ways.Length)], ["Milliseconds"] = random.Next(3_000) },
    });

    private static async Task PostAsync(HttpClient node, string path, JsonObject body)
    {
        using var answer = await node.PostAsJsonAsync($"/elsa/api/{path}", body);
        answer.IsSuccessStatusCode.ShouldBeTrue($"{path}: {answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
    }

    private Task<long> EndedAsync(string definition) => Db.ScalarAsync<long>("select count(*) from workflow_instances where definition_id = $1 and status = 'Finished'", definition);

    private async Task EachEndedOnceAsync()
    {
        (await Db.ScalarAsync<long>("select count(*) from workflow_instances where sub_status = 'Finished' and incident_count = 0")).ShouldBe(2 * Runs);
        (await Db.ScalarAsync<long>("select count(distinct parent_id) from workflow_instances where definition_id = $1", WaitingGraph.Effect)).ShouldBe(Runs);
        foreach (var box in (string[])["begin", "delay", "way", "join", "confirm", "effect", "end"])
        {
            (await Db.ScalarAsync<long>("select count(*) from workflow_journal where activity_id = $1 and event_name = 'Completed'", box)).ShouldBe(Runs, box);
            (await Db.ScalarAsync<long>("select count(distinct instance_id) from workflow_journal where activity_id = $1 and event_name = 'Completed'", box)).ShouldBe(Runs, box);
        }
        (await Db.ScalarAsync<long>("select count(*) from workflow_journal where activity_id in ('task', 'event', 'link') and event_name = 'Completed'"))
            .ShouldBe(await Db.ScalarAsync<long>("select count(*) from workflow_journal where activity_id in ('task', 'event', 'link') and event_name = 'Suspended'"));
    }

    private async Task NothingStaysAsync()
    {
        (await Db.ScalarAsync<long>("select count(*) from workflow_instances where claim_token is not null or runnable")).ShouldBe(0);
        (await Db.ScalarAsync<long>("select count(*) from workflow_resumptions")).ShouldBe(0);
        (await Db.ScalarAsync<long>("select count(*) from workflow_bookmarks where state < 2")).ShouldBe(0);
        (await Db.ScalarAsync<long>("select count(*) from stimuli where status = 'Waiting'")).ShouldBe(0);
    }
}
