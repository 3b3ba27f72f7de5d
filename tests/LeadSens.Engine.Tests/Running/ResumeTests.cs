using System.Text.Json.Nodes;

namespace LeadSens.Engine.Tests.Running;

public sealed class ResumeTests
{
    [Fact]
    public async Task A_waiting_box_is_resumed_by_its_stimulus()
    {
        var engine = new Engine(new Flow().Box("a").Box("wait", "Test.Pause").Box("b").Connect("a->wait wait->b"));
        var run = await engine.StartAsync();
        (run.Status, run.SubStatus).ShouldBe((WorkflowStatus.Running, WorkflowSubStatus.Suspended));
        var bookmark = engine.Store.Bookmarks(engine.Id).ShouldHaveSingleItem();
        (bookmark.Key, bookmark.WaitsFor, bookmark.NodeId, bookmark.ActivityType).ShouldBe(("go", "a test", "Workflow1:root:wait", "Test.Pause"));
        (await engine.ResumeAsync("go")).SubStatus.ShouldBe(WorkflowSubStatus.Finished);
        engine.Path.ShouldBe("a wait b");
        engine.Store.Bookmarks(engine.Id).ShouldBeEmpty();
    }

    [Fact]
    public async Task The_first_of_two_waits_wins_and_burns_the_other()
    {
        var engine = new Engine(new Flow().Box("d", "Test.Decide").Box("yes").Box("late").Connect("d.Decided->yes d.TimedOut->late"));
        await engine.StartAsync();
        engine.Store.Bookmarks(engine.Id).Count.ShouldBe(2);
        engine.Time.Pass(TimeSpan.FromHours(2));
        (await engine.Store.FireDueAsync(10, default)).ShouldBe(1);
        await engine.Store.SendAsync(new Stimulus("decide", "decide"), default);
        (await engine.RunAsync()).SubStatus.ShouldBe(WorkflowSubStatus.Finished);
        engine.Path.ShouldBe("d late");
    }

    [Fact]
    public async Task Resumptions_reach_their_boxes_in_the_order_they_came()
    {
        var engine = new Engine(Fork("k1", "k2", "k3"));
        await engine.StartAsync();
        foreach (var key in (string[])["k2", "k3", "k1"]) await engine.Store.SendAsync(new Stimulus(key, key), default);
        (await engine.RunAsync()).SubStatus.ShouldBe(WorkflowSubStatus.Finished);
        engine.Path.ShouldBe("fork k2 k3 k1");
        (await engine.CommitsAsync()).ShouldBe(2, "three resumptions are one burst");
    }

    [Fact]
    public async Task A_box_may_ask_one_thing_after_the_other()
    {
        var engine = new Engine(new Flow().Box("ask", "Test.Call"));
        engine.Services.Add(Callback.Of((context, _) => context.ResumedBookmark switch
        {
            null => Call.Waits(new BookmarkRequest("first", "k1")),
            "first" => Call.Waits(new BookmarkRequest("second", "k2")),
            var last => Call.Ends(last),
        }));
        await engine.StartAsync();
        (await engine.ResumeAsync("k1")).SubStatus.ShouldBe(WorkflowSubStatus.Suspended);
        engine.Store.Bookmarks(engine.Id).ShouldHaveSingleItem().Name.ShouldBe("second");
        (await engine.ResumeAsync("k2")).SubStatus.ShouldBe(WorkflowSubStatus.Finished);
        engine.Store.Journal(engine.Id).Where(entry => entry.ActivityId == "ask").Select(entry => entry.EventName).ShouldBe(["Started", "Suspended", "Resumed", "Suspended", "Resumed", "Completed"]);
        engine.Entry("ask").Payload.ShouldBe("""{"outcomes":["second"]}""");
    }

    [Fact]
    public async Task A_box_that_was_resumed_may_go_on_waiting_for_the_rest()
    {
        var engine = new Engine(new Flow().Box("both", "Test.Call"));
        var got = new List<string>();
        engine.Services.Add(Callback.Of((context, _) =>
        {
            if (context.ResumedBookmark is null) return Call.Waits(new BookmarkRequest("one", "k1"), new BookmarkRequest("two", "k2"));
            got.Add(context.ResumedBookmark);
            return got.Count < 2 ? Call.Waits() : Call.Ends("Done");
        }));
        await engine.StartAsync();
        (await engine.ResumeAsync("k2")).SubStatus.ShouldBe(WorkflowSubStatus.Suspended);
        engine.Store.Bookmarks(engine.Id).ShouldHaveSingleItem().Name.ShouldBe("one");
        (await engine.ResumeAsync("k1")).SubStatus.ShouldBe(WorkflowSubStatus.Finished);
        got.ShouldBe(["two", "one"]);
    }

    [Fact]
    public async Task Two_resumptions_of_one_box_in_one_burst_only_count_once()
    {
        var engine = new Engine(new Flow().Box("d", "Test.Decide").Box("yes").Box("late").Connect("d.Decided->yes d.TimedOut->late"));
        await engine.StartAsync();
        await engine.Store.SendAsync(new Stimulus("decide", "decide"), default);
        engine.Time.Pass(TimeSpan.FromHours(2));
        (await engine.Store.FireDueAsync(10, default)).ShouldBe(1);
        (await engine.RunAsync()).SubStatus.ShouldBe(WorkflowSubStatus.Finished);
        engine.Path.ShouldBe("d yes");
    }

    [Fact]
    public async Task A_box_that_waits_for_nothing_is_a_fault_that_names_it()
    {
        var engine = new Engine(new Flow().Box("idle", "Test.Call"));
        engine.Services.Add(Callback.Of((_, _) => Call.Waits()));
        var run = await engine.StartAsync();
        var incident = run.Incidents.ShouldHaveSingleItem();
        (incident.ActivityId, incident.Fault.Type, incident.Fault.Message).ShouldBe(("idle", "WaitsForNothing", "box 'idle' waits, but names no bookmark."));
        run.SubStatus.ShouldBe(WorkflowSubStatus.Faulted);
    }

    [Fact]
    public async Task A_bookmark_tells_a_person_what_the_box_waits_for()
    {
        var engine = new Engine(new Flow().Box("ask", "Test.Call"));
        engine.Services.Add(Callback.Of((_, _) => Call.Waits(
            new BookmarkRequest("approval", "approval:1", new JsonObject { ["lead"] = "Ada" }) { WaitsFor = "Approval of 'Ada'" }, new BookmarkRequest("timeout", "timer:1") { DueIn = TimeSpan.FromDays(2) })));
        await engine.StartAsync();
        var bookmarks = engine.Store.Bookmarks(engine.Id).OrderBy(bookmark => bookmark.Name).ToList();
        bookmarks.Select(bookmark => (bookmark.Name, bookmark.Key, bookmark.Payload, bookmark.WaitsFor, bookmark.DueIn)).ShouldBe(
        [
            ("approval", "approval:1", """{"lead":"Ada"}""", "Approval of 'Ada'", null),
            ("timeout", "timer:1", null, null, TimeSpan.FromDays(2)),
        ]);
        bookmarks.ShouldAllBe(bookmark => bookmark.ExecutionId == engine.Entry("ask", "Suspended").ExecutionId);
        engine.Entry("ask", "Suspended").Message.ShouldBe("Approval of 'Ada'");
    }

    [Fact]
    public async Task What_was_sent_before_the_box_waits_resumes_it_at_once()
    {
        var engine = new Engine(new Flow().Box("wait", "Test.Pause").Box("b").Connect("wait->b"));
        await engine.Store.SendAsync(new Stimulus("go", "early", Payload: "Done"), default);
        (await engine.StartAsync()).SubStatus.ShouldBe(WorkflowSubStatus.Finished);
        engine.Path.ShouldBe("wait b");
    }

    [Fact]
    public async Task A_box_may_send_what_another_of_the_same_run_waits_for()
    {
        var engine = new Engine(new Flow().Box("fork").Box("wait", "Test.Pause").Box("call", "Test.Call").Connect("fork->wait fork->call"));
        engine.Services.Add(Callback.Of((context, _) =>
        {
            context.Send(new Stimulus("go", context.ExecutionId.ToString()));
            return Call.Ends("Done");
        }));
        (await engine.StartAsync()).SubStatus.ShouldBe(WorkflowSubStatus.Finished);
        engine.Path.ShouldBe("fork call wait");
    }

    private static Flow Fork(params string[] keys)
    {
        var flow = new Flow().Box("fork");
        foreach (var key in keys) flow.Box(key, "Test.Pause", ("key", Flow.Literal(key))).Connect($"fork->{key}");
        return flow;
    }
}
