using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using LeadSens.Engine;
using LeadSens.Server.Data;
using LeadSens.Server.Identity;
using LeadSens.Server.Tests.Campaigns;
using LeadSens.Server.Tests.Support;
using LeadSens.Server.Tests.Workflows;
using LeadSens.Server.Workflows;
using Microsoft.Extensions.DependencyInjection;
using Event = LeadSens.Engine.BuiltIn.Event;

namespace LeadSens.Server.Tests.Web;

/// <summary>More requests at once than there are connections: each is answered, or refused before it did anything; the Server's own work goes on.</summary>
public sealed class BusyDatabaseTests : IAsyncLifetime
{
    private TestSandbox sandbox = null!;
    private TestApp app = null!;

    public async ValueTask InitializeAsync()
    {
        sandbox = await TestSandbox.StartAsync();
        app = await TestApp.StartAsync(sandbox.BaseUrl, "Development", ("LeadSens:RequestConnections", "6"), ("LeadSens:WorkConnections", "10"), ("LeadSens:RequestPatience", "00:00:00.3"));
    }

    public async ValueTask DisposeAsync()
    {
        await app.DisposeAsync();
        await sandbox.DisposeAsync();
    }

    [Fact]
    public async Task Reads_that_come_at_once_wait_for_each_other_or_are_told_when_to_come_again()
    {
        using var run = new CampaignRun(app);
        var id = await run.StartAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 300).Select(_ => run.Http.GetAsync($"/api/campaigns/{id}")));

        await OnlyDoneOrBusyAsync(answers, HttpStatusCode.OK);
        answers.Count(answer => answer.StatusCode == HttpStatusCode.OK).ShouldBeGreaterThan(0);
        using var after = await run.Http.GetAsync($"/api/campaigns/{id}");
        after.StatusCode.ShouldBe(HttpStatusCode.OK, "the load is over");
        (await app.Database.ScalarAsync<long>("select count(*) from nodes where dead_since is not null")).ShouldBe(0, "nobody took a living node for dead");
    }

    [Fact]
    public async Task A_campaign_is_made_and_answered_or_neither()
    {
        using var http = app.Client();
        var request = CampaignRun.Request(limit: 5);
        request["start"] = false;
        var before = await app.Database.ScalarAsync<long>("select count(*) from campaigns");

        var answers = await Task.WhenAll(Enumerable.Range(0, 300).Select(_ => http.PostAsJsonAsync("/api/campaigns", request)));

        await OnlyDoneOrBusyAsync(answers, HttpStatusCode.Created);
        (await app.Database.ScalarAsync<long>("select count(*) from campaigns") - before).ShouldBe(answers.Count(answer => answer.StatusCode == HttpStatusCode.Created));
    }

    [Fact]
    public async Task What_one_workspace_asks_keeps_no_other_waiting()
    {
        using var customer = app.Client();
        await app.Database.ExecuteAsync("""
            with made as (insert into workspaces (id, name) values ($1, 'Attacker') returning id)
            insert into api_keys (id, workspace_id, name, key_hash) select $1, id, 'attacker', $2 from made
            """, Guid.CreateVersion7(), ApiKeys.Hash("attacker's key"));
        using var attacker = app.Client("attacker's key");
        (await customer.GetAsync("/api/campaigns")).StatusCode.ShouldBe(HttpStatusCode.OK);
        var flood = Task.WhenAll(Enumerable.Range(0, 300).Select(_ => attacker.GetAsync("/api/campaigns?limit=100")));

        while (!flood.IsCompleted) (await customer.GetAsync("/api/campaigns")).StatusCode.ShouldBe(HttpStatusCode.OK, "its turn is the next");
        await OnlyDoneOrBusyAsync(await flood, HttpStatusCode.OK);
    }

    [Fact]
    public async Task Open_streams_hold_no_connection()
    {
        using var run = new CampaignRun(app);
        var id = await run.StartAsync();
        await run.UntilAsync(id, "AwaitingApproval");

        var streams = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => run.Http.GetAsync($"/api/campaigns/{id}/events", HttpCompletionOption.ResponseHeadersRead)));
        try
        {
            await OnlyDoneOrBusyAsync(streams, HttpStatusCode.OK);
            streams.Count(stream => stream.StatusCode == HttpStatusCode.OK).ShouldBeGreaterThan(6, "more than there are connections");
            using var beside = await run.Http.GetAsync($"/api/campaigns/{id}");
            beside.StatusCode.ShouldBe(HttpStatusCode.OK);
        }
        finally
        {
            foreach (var stream in streams) stream.Dispose();
        }
    }

    [Fact]
    public async Task Bodies_that_come_slowly_keep_nobody_from_their_turn()
    {
        using var run = new CampaignRun(app);
        using var halt = new CancellationTokenSource();
        var slow = Enumerable.Range(0, 20).Select(_ => run.Http.PostAsync("/api/campaigns", new EndlessContent(), halt.Token)).ToArray();
        await EndlessContent.BegunAsync(slow.Length);

        foreach (var _ in Enumerable.Range(0, 10))
        {
            using var answer = await run.Http.GetAsync("/api/campaigns");
            answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        }

        await halt.CancelAsync();
        foreach (var one in slow) await Should.ThrowAsync<OperationCanceledException>(() => one);
    }

    [Fact]
    public async Task Events_that_come_at_once_run_their_runs_on_and_hold_no_connection_meanwhile()
    {
        var (workspace, services) = (Guid.CreateVersion7(), app.Services);
        await services.GetRequiredService<DefinitionStore>().SaveAsync(workspace, Graphs.Line("waits", Graphs.Event("go", "go")), publish: true, CancellationToken.None);
        for (var run = 0; run < 30; run++)
            await services.GetRequiredService<WorkflowService>().StartAsync("waits", workspace, $"run {run}", null, Guid.CreateVersion7(), CancellationToken.None);
        var watch = Stopwatch.StartNew();
        using var scope = DatabaseScope.Work(workspace);

        await Task.WhenAll(Enumerable.Range(0, 30).Select(run => services.GetRequiredService<Resuming>().SendAsync(
            new Stimulus(Event.Key(workspace, "go"), $"{workspace} {run}", StimulusKind.Broadcast) { CorrelationId = $"run {run}" }, mustReach: true, now: true, CancellationToken.None)));

        watch.Elapsed.TotalSeconds.ShouldBeLessThan(10, "a connection that nobody gets is waited for for 15 s");
        (await app.Database.ScalarAsync<long>("select count(*) from workflow_instances where workspace_id = $1 and sub_status = 'Finished'", workspace)).ShouldBe(30);
    }

    private static async Task OnlyDoneOrBusyAsync(HttpResponseMessage[] answers, HttpStatusCode done)
    {
        foreach (var answer in answers.Where(answer => answer.StatusCode != done))
        {
            var body = await answer.Content.ReadAsStringAsync();
            answer.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable, body);
            JsonElement.Parse(body).GetProperty("code").GetString().ShouldBe("database_busy");
            answer.Headers.RetryAfter.ShouldNotBeNull();
        }
    }

    /// <summary>A body that begins and does not go on.</summary>
    private sealed class EndlessContent : HttpContent
    {
        private static int begun;

        public EndlessContent() => Headers.ContentType = new("application/json");

        public static Task BegunAsync(int count) => Eventually.Be(() => Task.FromResult(Volatile.Read(ref begun) >= count));

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            await stream.WriteAsync("{\"name\": \"sl"u8.ToArray());
            await stream.FlushAsync();
            Interlocked.Increment(ref begun);
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, CancellationToken.None);
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
