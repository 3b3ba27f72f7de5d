namespace LeadSens.Engine.Tests.Running;

/// <summary>A burst ends after so many boxes or so much time, whichever is first.</summary>
public sealed class BurstLimitTests
{
    [Fact]
    public async Task A_long_run_commits_in_portions()
    {
        var flow = new Flow().Variable("n", "Int32", "0").Box("r", "Test.Rounds", ("times", Flow.Literal(50)), ("before", Flow.Read("n")), ("count", Flow.Capture("n"))).Connect("r.Again->r");
        var engine = new Engine(flow, new RunnerOptions { ActivitiesPerBurst = 7 });
        (await engine.StartAsync()).SubStatus.ShouldBe(WorkflowSubStatus.Finished);
        engine.Path.Split(' ').Length.ShouldBe(51);
        (await engine.Store.SeizeAsync(engine.Id, default))!.Lease.Version.ShouldBe(8);
    }

    [Theory]
    [InlineData(400, 3)]
    [InlineData(500, 2)]
    [InlineData(1_000, 1)]
    [InlineData(5_000, 1)]
    public async Task A_burst_ends_with_the_box_that_passes_its_time(int milliseconds, int boxesPerBurst)
    {
        const int boxes = 12;
        var engine = new Engine(Chain(boxes, TimeSpan.FromMilliseconds(milliseconds)));
        engine.Services.Add(engine.Time);
        (await engine.StartAsync()).SubStatus.ShouldBe(WorkflowSubStatus.Finished);
        engine.Path.Split(' ').Length.ShouldBe(boxes);
        // The flowchart itself is the first step of the first burst.
        (await engine.CommitsAsync()).ShouldBe((boxes + boxesPerBurst - 1) / boxesPerBurst);
    }

    [Fact]
    public async Task Quick_boxes_share_one_burst()
    {
        var engine = new Engine(Chain(20, TimeSpan.FromMilliseconds(40)));
        engine.Services.Add(engine.Time);
        await engine.StartAsync();
        (await engine.CommitsAsync()).ShouldBe(1, "20 boxes of 40 ms stay below a second");
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 0)]
    [InlineData(0, 1_000)]
    public async Task However_narrow_the_limits_each_burst_runs_a_box(int boxes, int milliseconds)
    {
        var engine = new Engine(Chain(5, TimeSpan.FromSeconds(2)), new RunnerOptions { ActivitiesPerBurst = boxes, BurstTime = TimeSpan.FromMilliseconds(milliseconds) });
        engine.Services.Add(engine.Time);
        (await engine.StartAsync()).SubStatus.ShouldBe(WorkflowSubStatus.Finished);
        engine.Path.ShouldBe("b0 b1 b2 b3 b4");
    }

    [Fact]
    public async Task Resumptions_that_do_not_fit_into_a_burst_come_in_the_next()
    {
        var flow = new Flow().Box("fork");
        for (var i = 0; i < 5; i++) flow.Box($"w{i}", "Test.Pause", ("key", Flow.Literal($"k{i}"))).Connect($"fork->w{i}");
        var engine = new Engine(flow, new RunnerOptions { ActivitiesPerBurst = 2 });
        await engine.StartAsync();
        var before = await engine.CommitsAsync();
        for (var i = 0; i < 5; i++) await engine.Store.SendAsync(new Stimulus($"k{i}", $"k{i}"), default);
        var leased = (await engine.Store.SeizeAsync(engine.Id, default)).ShouldNotBeNull();
        (await engine.Runner.RunAsync(leased, default)).SubStatus.ShouldBe(WorkflowSubStatus.Finished);
        engine.Path.ShouldBe("fork w0 w1 w2 w3 w4");
        (await engine.CommitsAsync()).ShouldBe(before + 3);
    }

    [Fact]
    public async Task The_lease_is_kept_from_burst_to_burst()
    {
        var engine = new Engine(new Flow().Box("a", "Test.Call").Box("b", "Test.Call").Connect("a->b"), new RunnerOptions { ActivitiesPerBurst = 1 });
        var free = new List<bool>();
        engine.Services.Add(new Callback(async (context, _) =>
        {
            free.Add(await engine.Store.AcquireAsync(engine.Id, context.CancellationToken) is not null);
            return Call.Ends("Done");
        }));
        (await engine.StartAsync()).SubStatus.ShouldBe(WorkflowSubStatus.Finished);
        free.ShouldBe([false, false]);
    }

    private static Flow Chain(int boxes, TimeSpan each)
    {
        var flow = new Flow();
        for (var i = 0; i < boxes; i++) flow.Box($"b{i}", "Test.Slow", ("takes", Flow.Literal(each.ToString())));
        for (var i = 1; i < boxes; i++) flow.Connect($"b{i - 1}->b{i}");
        return flow;
    }
}
