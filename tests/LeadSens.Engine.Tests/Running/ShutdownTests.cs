namespace LeadSens.Engine.Tests.Running;

public sealed class ShutdownTests
{
    [Fact]
    public async Task A_shutdown_interrupts_between_boxes_and_another_node_goes_on()
    {
        var engine = new Engine(new Flow().Box("a").Box("stop", "Test.Stop").Box("b").Connect("a->stop stop->b"));
        using var shutdown = new CancellationTokenSource();
        engine.Services.Add(shutdown);
        var start = await engine.Runner.StartAsync(new StartRequest(engine.Id, engine.Tenant, "test-1"), shutdown.Token);
        start.Run!.SubStatus.ShouldBe(WorkflowSubStatus.Interrupted);
        (await engine.RunAsync()).SubStatus.ShouldBe(WorkflowSubStatus.Finished);
        engine.Path.ShouldBe("a stop b");
        engine.Events("Started").ShouldBe("a stop b");
    }

    [Fact]
    public async Task The_box_that_runs_is_finished_before_the_burst_ends()
    {
        var engine = new Engine(new Flow().Box("call", "Test.Call").Box("b").Connect("call->b"));
        using var shutdown = new CancellationTokenSource();
        engine.Services.Add(new Callback(async (_, _) =>
        {
            await shutdown.CancelAsync();
            return Call.Ends("Done");
        }));
        var start = await engine.Runner.StartAsync(new StartRequest(engine.Id, engine.Tenant, "test-1"), shutdown.Token);
        start.Run!.SubStatus.ShouldBe(WorkflowSubStatus.Interrupted);
        engine.Path.ShouldBe("call");
        (await engine.RunAsync()).SubStatus.ShouldBe(WorkflowSubStatus.Finished);
        engine.Path.ShouldBe("call b");
    }

    [Fact]
    public async Task What_was_delivered_before_a_shutdown_is_taken_in_and_the_lease_given_back()
    {
        var engine = new Engine(new Flow().Box("wait", "Test.Pause").Box("b").Connect("wait->b"));
        await engine.StartAsync();
        await engine.Store.SendAsync(new Stimulus("go", "go"), default);
        var leased = (await engine.Store.AcquireAsync(engine.Id, default)).ShouldNotBeNull();
        using var shutdown = new CancellationTokenSource();
        await shutdown.CancelAsync();
        (await engine.Runner.RunAsync(leased, shutdown.Token)).SubStatus.ShouldBe(WorkflowSubStatus.Interrupted);
        engine.Path.ShouldBe("wait");
        (await engine.RunAsync()).SubStatus.ShouldBe(WorkflowSubStatus.Finished);
    }

    [Fact]
    public async Task A_resumed_box_that_a_shutdown_stops_is_resumed_again()
    {
        var engine = new Engine(new Flow().Box("call", "Test.Call"));
        using var shutdown = new CancellationTokenSource();
        var resumed = 0;
        engine.Services.Add(new Callback(async (context, _) =>
        {
            if (context.Resumption is null) return Call.Waits(new BookmarkRequest("one", "k1"));
            if (++resumed == 1) await shutdown.CancelAsync();
            context.CancellationToken.ThrowIfCancellationRequested();
            return Call.Ends("Done");
        }));
        await engine.StartAsync();
        await engine.Store.SendAsync(new Stimulus("k1", "k1"), default);
        var leased = (await engine.Store.AcquireAsync(engine.Id, default)).ShouldNotBeNull();
        (await engine.Runner.RunAsync(leased, shutdown.Token)).SubStatus.ShouldBe(WorkflowSubStatus.Finished);
        resumed.ShouldBe(2);
        engine.Story.ShouldBe("Started root, Started call, Suspended call, Resumed call, Completed call, Completed root", "the first try left no trace");
    }

    [Fact]
    public async Task What_an_interrupted_box_counted_is_counted_once()
    {
        const string count = "setVariable('n', getVariable('n') + 1); setVariable('seen', 'yes'); getVariable('n')";
        var engine = new Engine(new Flow().Variable("n", "Int32", "0").Variable("seen", "String").Box("call", "Test.Call", ("text", Flow.Js(count))));
        using var shutdown = new CancellationTokenSource();
        var counts = new List<string?>();
        engine.Services.Add(new Callback(async (context, box) =>
        {
            counts.Add(context.Get(box.Text));
            if (counts.Count == 1) await shutdown.CancelAsync();
            context.CancellationToken.ThrowIfCancellationRequested();
            return Call.Ends("Done");
        }));
        await engine.Runner.StartAsync(new StartRequest(engine.Id, engine.Tenant, "test-1"), shutdown.Token);
        (await engine.StateAsync()).TryGetProperty("vars", out _).ShouldBeFalse();
        await engine.Runner.RunAsync((await engine.Store.SeizeAsync(engine.Id, default))!, default);
        counts.ShouldBe(["1", "1"]);
    }

    [Fact]
    public async Task What_an_interrupted_box_wanted_to_write_is_written_once()
    {
        var health = new Health();
        var engine = new Engine(new Flow().Box("call", "Test.Call"));
        using var shutdown = new CancellationTokenSource();
        engine.Services.Add(new Callback(async (context, _) =>
        {
            context.Enlist(new Written(health));
            if (!shutdown.IsCancellationRequested)
            {
                await shutdown.CancelAsync();
                shutdown.Token.ThrowIfCancellationRequested();
            }

            return Call.Ends("Done");
        }));
        await engine.Runner.StartAsync(new StartRequest(engine.Id, engine.Tenant, "test-1"), shutdown.Token);
        health.Written.ShouldBe(0);
        (await engine.RunAsync()).SubStatus.ShouldBe(WorkflowSubStatus.Finished);
        health.Written.ShouldBe(1);
    }
}
