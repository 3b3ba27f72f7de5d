namespace LeadSens.Engine.Tests.Running;

/// <summary>Laws of graphs with forks, decisions, joins and loops in each other: what runs is what the drawing says, however the run is cut.</summary>
public sealed class StructuredGraphTests
{
    private const int Graphs = 200;

    /// <summary>One workspace, so that script engines are used again.</summary>
    private static readonly Guid Tenant = Guid.CreateVersion7();

    /// <summary>How a run is cut: boxes per burst, and whether every box waits.</summary>
    [Theory]
    [InlineData(100_000, false)]
    [InlineData(1, false)]
    [InlineData(3, false)]
    [InlineData(100_000, true)]
    [InlineData(2, true)]
    public async Task Every_box_runs_as_often_as_the_drawing_says(int perBurst, bool pauses)
    {
        for (var seed = 0; seed < Graphs; seed++)
        {
            var block = Block.Draw(seed, pauses);
            var engine = new Engine(block.Definition, new RunnerOptions { ActivitiesPerBurst = perBurst }) { Tenant = Tenant };
            var run = await RunAsync(engine, new Random(seed));
            run.SubStatus.ShouldBe(WorkflowSubStatus.Finished, $"seed {seed}: {block.Shape}");
            Block.Sorted(engine.Path.Split(' ')).ShouldBe(block.Expected, $"seed {seed}: {block.Shape}");
            engine.Store.Bookmarks(engine.Id).ShouldBeEmpty();
        }
    }

    [Fact]
    public async Task Several_resumptions_in_one_burst_are_like_one_after_the_other()
    {
        for (var seed = 0; seed < Graphs; seed++)
        {
            var block = Block.Draw(seed, pauses: true);
            var engine = new Engine(block.Definition) { Tenant = Tenant };
            var run = await engine.StartAsync();
            while (run.Status == WorkflowStatus.Running)
            {
                foreach (var bookmark in engine.Store.Bookmarks(engine.Id)) await engine.Store.SendAsync(new Stimulus(bookmark.Key, bookmark.Key), default);
                run = await engine.RunAsync();
            }

            Block.Sorted(engine.Path.Split(' ')).ShouldBe(block.Expected, $"seed {seed}: {block.Shape}");
        }
    }

    [Fact]
    public async Task Each_execution_of_the_journal_begins_and_ends_once_inside_its_container()
    {
        for (var seed = 0; seed < Graphs; seed++)
        {
            var engine = new Engine(Block.Draw(seed, pauses: seed % 2 == 0).Definition, new RunnerOptions { ActivitiesPerBurst = 1 + (seed % 5) }) { Tenant = Tenant };
            await RunAsync(engine, new Random(seed));
            var journal = engine.Store.Journal(engine.Id);
            journal.Select(entry => entry.Sequence).ShouldBe(Enumerable.Range(1, journal.Count).Select(number => (long)number));
            var lives = journal.GroupBy(entry => entry.ExecutionId).ToDictionary(group => group.Key, group => group.ToList());
            foreach (var life in lives.Values)
            {
                string.Join(' ', life.Select(entry => entry.EventName)).ShouldBeOneOf("Started Completed", "Started Suspended Resumed Completed");
                if (life[0].ParentExecutionId is not { } parent) continue;
                lives[parent][0].Sequence.ShouldBeLessThan(life[0].Sequence);
                lives[parent][^1].Sequence.ShouldBeGreaterThan(life[^1].Sequence);
            }
        }
    }

    [Fact]
    public async Task A_state_does_not_hold_more_than_what_is_active()
    {
        for (var seed = 0; seed < Graphs; seed++)
        {
            var block = Block.Draw(seed, pauses: true);
            var engine = new Engine(block.Definition) { Tenant = Tenant };
            var run = await engine.StartAsync();
            while (run.Status == WorkflowStatus.Running)
            {
                var waiting = engine.Store.Bookmarks(engine.Id);
                (await engine.StateAsync()).GetProperty("active").GetArrayLength().ShouldBe(waiting.Count + 1, "the boxes that wait, and the flowchart");
                await engine.Store.SendAsync(new Stimulus(waiting[0].Key, waiting[0].Key), default);
                run = await engine.Runner.RunAsync((await engine.Store.SeizeAsync(engine.Id, default))!, default);
            }
        }
    }

    [Fact]
    public void The_drawings_are_of_all_kinds_and_never_larger_than_thirty_boxes()
    {
        var blocks = Enumerable.Range(0, Graphs).Select(seed => Block.Draw(seed, pauses: false)).ToList();
        blocks.ShouldAllBe(block => block.Definition.Activities.Count <= 31);
        foreach (var kind in (string[])["[", "(", "<", "*2"]) blocks.Count(block => block.Shape.Contains(kind)).ShouldBeGreaterThan(Graphs / 10, kind);
        blocks.Count(block => block.Definition.Activities.Count > 15).ShouldBeGreaterThan(Graphs / 5);
    }

    /// <summary>Runs to the end; where it waits, one wait after the other is ended in any order, each by a node that reads the state anew.</summary>
    private static async Task<RunResult> RunAsync(Engine engine, Random random)
    {
        var run = await engine.StartAsync();
        while (run.Status == WorkflowStatus.Running)
        {
            var waiting = engine.Store.Bookmarks(engine.Id);
            run = await engine.ResumeAsync(waiting[random.Next(waiting.Count)].Key);
        }

        return run;
    }
}
