using System.Text.Json.Nodes;

namespace LeadSens.Engine.Tests.Running;

public sealed class JournalTests
{
    [Fact]
    public async Task The_journal_tells_the_life_of_a_box_in_order()
    {
        var engine = new Engine(new Flow().Box("wait", "Test.Pause"));
        await engine.StartAsync();
        await engine.ResumeAsync("go", "Done");
        var journal = engine.Store.Journal(engine.Id);
        journal.Where(entry => entry.ActivityId == "wait").Select(entry => entry.EventName).ShouldBe(["Started", "Suspended", "Resumed", "Completed"]);
        journal.Select(entry => entry.Sequence).ShouldBe(Enumerable.Range(1, journal.Count).Select(i => (long)i));
        var completed = journal.Single(entry => entry is { ActivityId: "wait", EventName: "Completed" });
        completed.Payload.ShouldBe("""{"outputs":{"Payload":"Done"}}""");
        completed.ParentExecutionId.ShouldBe(journal[0].ExecutionId);
        journal[^1].ActivityId.ShouldBe("root");
    }

    [Fact]
    public async Task Containers_begin_before_and_end_after_what_is_in_them()
    {
        var engine = new Engine(new Flow().Box("s", "Elsa.Sequence", ("activities", new JsonArray(Flow.Activity("x", "Test.Step"), Flow.Activity("y", "Test.Step")))).Box("z").Connect("s->z"));
        await engine.StartAsync();
        engine.Story.ShouldBe("Started root, Started s, Started x, Completed x, Started y, Completed y, Completed s, Started z, Completed z, Completed root");
    }

    [Fact]
    public async Task A_box_that_a_join_cancels_is_told_before_the_join_runs()
    {
        var engine = new Engine(new Flow().Box("f").Box("wait", "Test.Pause").Box("a").Box("join", "Elsa.FlowJoin").Connect("f->wait f->a wait->join a->join"));
        await engine.StartAsync();
        engine.Story.ShouldBe("Started root, Started f, Completed f, Started wait, Suspended wait, Started a, Completed a, Canceled wait, Started join, Completed join, Completed root");
    }

    [Fact]
    public async Task A_skipped_box_leaves_no_entry()
    {
        var engine = new Engine(new Flow().Box("d", "Elsa.FlowDecision", ("condition", Flow.Literal(true))).Box("dead").Box("deader").Connect("d.False->dead dead->deader"));
        await engine.StartAsync();
        engine.Story.ShouldBe("Started root, Started d, Completed d, Completed root");
    }

    [Fact]
    public async Task Each_round_of_a_loop_is_an_execution_of_its_own()
    {
        var engine = new Engine(new Flow().Box("ask", "Test.Pause").Connect("ask.Again->ask"));
        await engine.StartAsync();
        await engine.ResumeAsync("go", "Again");
        await engine.ResumeAsync("go", "Done");
        engine.Store.Journal(engine.Id).Where(entry => entry.ActivityId == "ask").GroupBy(entry => entry.ExecutionId).Select(group => group.Count()).ShouldBe([4, 4]);
    }

    [Fact]
    public async Task A_payload_tells_outcomes_outputs_and_notes()
    {
        var engine = new Engine(new Flow().Box("call", "Test.Call"));
        engine.Services.Add(Callback.Of((context, box) =>
        {
            context.Set(box.Result, 5);
            context.Set(box.Second, "Ada");
            context.Set(box.Result, 6);
            context.Note("tried", 2);
            context.Note("why", null);
            return Call.Ends("Done", "Other");
        }));
        await engine.StartAsync();
        engine.Entry("call").Payload.ShouldBe("""{"outcomes":["Done","Other"],"outputs":{"Result":6,"Second":"Ada"},"notes":{"tried":2,"why":null}}""");
    }

    [Fact]
    public async Task A_plain_end_has_no_payload()
    {
        var engine = new Engine(new Flow().Box("a").Box("d", "Elsa.FlowDecision", ("condition", Flow.Literal(true))).Connect("a->d"));
        await engine.StartAsync();
        engine.Entry("a").Payload.ShouldBeNull();
        engine.Entry("d").Payload.ShouldBe("""{"outcomes":["True"]}""");
        engine.Entry("root").Payload.ShouldBeNull();
    }

    [Fact]
    public async Task Entries_carry_the_clock_and_the_path_of_their_box()
    {
        var engine = new Engine(new Flow().Box("slow", "Test.Slow").Box("z").Connect("slow->z"));
        engine.Services.Add(engine.Time);
        var start = engine.Time.GetUtcNow();
        await engine.StartAsync();
        (engine.Entry("slow", "Started").At, engine.Entry("slow").At, engine.Entry("z", "Started").At).ShouldBe((start, start.AddSeconds(1), start.AddSeconds(1)));
        var entry = engine.Entry("z");
        (entry.NodeId, entry.ActivityType, entry.ActivityName, entry.ParentExecutionId).ShouldBe(("Workflow1:root:z", "Test.Step", "z", engine.Entry("root").ExecutionId));
    }

    [Fact]
    public async Task The_numbers_of_the_journal_have_no_gap_over_many_bursts()
    {
        var engine = new Engine(new Flow().Box("ask", "Test.Pause").Box("a").Connect("ask.Again->ask ask->a"), new RunnerOptions { ActivitiesPerBurst = 1 });
        await engine.StartAsync();
        for (var i = 0; i < 5; i++) await engine.ResumeAsync("go", "Again");
        await engine.ResumeAsync("go");
        var numbers = engine.Store.Journal(engine.Id).Select(entry => entry.Sequence).ToList();
        numbers.ShouldBe(Enumerable.Range(1, numbers.Count).Select(number => (long)number));
    }
}
