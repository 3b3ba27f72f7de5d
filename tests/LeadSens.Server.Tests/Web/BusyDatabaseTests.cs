using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using LeadSens.Server.Tests.Campaigns;
using LeadSens.Server.Tests.Support;

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
