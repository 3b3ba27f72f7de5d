using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace LeadSens.Engine.Tests.Running;

public sealed class StateTests
{
    private static readonly string[] Sizes = ["a", "b", "c", "d", "e"];

    private static async Task<string> StateOf(Engine engine) => Encoding.UTF8.GetString((await engine.Store.SeizeAsync(engine.Id, default))!.State);

    [Fact]
    public async Task A_finished_run_leaves_only_outputs_behind()
    {
        var engine = new Engine(new Flow().Box("a", "Test.Step", ("in", Flow.Literal(1))).Box("b").Connect("a->b"));
        await engine.StartAsync();
        var state = JsonElement.Parse(await StateOf(engine));
        state.TryGetProperty("active", out _).ShouldBeFalse();
        state.GetProperty("finished").GetBoolean().ShouldBeTrue();
        state.GetProperty("outputs").GetRawText().ShouldBe("""{"a":{"Result":1}}""");
    }

    [Fact]
    public async Task The_state_does_not_grow_with_the_rounds_of_a_loop()
    {
        var engine = new Engine(new Flow().Box("a", "Test.Step", ("in", Flow.Literal("same"))).Box("ask", "Test.Pause").Connect("a->ask ask.Again->a"));
        await engine.StartAsync();
        await engine.ResumeAsync("go", "Again");
        var early = (await StateOf(engine)).Length;
        await engine.Runner.CancelAsync(Guid.CreateVersion7(), null, default);
        var other = new Engine(new Flow().Box("a", "Test.Step", ("in", Flow.Literal("same"))).Box("ask", "Test.Pause").Connect("a->ask ask.Again->a"));
        await other.StartAsync();
        for (var i = 0; i < 10_000; i++) await other.ResumeAsync("go", "Again");
        (await StateOf(other)).Length.ShouldBeLessThan(early + 10);
    }

    [Fact]
    public async Task A_state_that_names_a_missing_box_is_refused()
    {
        var engine = new Engine(new Flow().Box("wait", "Test.Pause"));
        await engine.StartAsync();
        var bytes = Encoding.UTF8.GetBytes(await StateOf(engine));
        Should.Throw<InvalidDataException>(() => StateReader.Read(bytes, new Flow().Box("other").Build())).Message.ShouldContain("wait");
    }

    [Fact]
    public void Every_part_of_a_state_reads_back()
    {
        var definition = new Flow().Variable("n", "Int32").Variable("money", "Decimal").Box("a").Box("b").Build();
        var state = new InstanceState { CorrelationId = "c", Name = "n", TriggerActivityId = "a", TriggerPayload = "carried", LastResult = "last", Sequence = 12 };
        state.Input["In"] = 1L;
        state.Output["Out"] = JsonElement.Parse("[1]");
        state.Variables[definition.Variables[0]] = 7L;
        state.Variables[definition.Variables[1]] = 1.10m;
        state.Outputs["a"] = new Dictionary<string, object?> { ["Result"] = true };
        var root = state.Schedule(definition.Root, null);
        root.Status = ExecutionStatus.Running;
        root.Data = [0, 1, 2];
        var child = state.Schedule(definition.Find("b")!, root);
        var waiting = state.Schedule(definition.Find("a")!, root);
        waiting.Status = ExecutionStatus.Waiting;
        waiting.Waits = [new Wait(Guid.CreateVersion7(), "w")];
        state.Incidents.Add(new Incident("a", "Workflow1:root:a", "Test.Step", waiting.Id, new Fault("T", "M") { StackTrace = "at" }, DateTimeOffset.UnixEpoch));
        var bytes = StateWriter.Write(state);
        var read = StateReader.Read(bytes, definition);
        StateWriter.Write(read).ShouldBe(bytes);
        (read.CorrelationId, read.Name, read.TriggerActivityId, read.TriggerPayload, read.Sequence, read.LastResult).ShouldBe(("c", "n", "a", (object)"carried", 12L, (object)"last"));
        read.Variables[definition.Variables[1]].ShouldBe(1.10m);
        read.Incidents.ShouldBe(state.Incidents);
        read.Active.Count.ShouldBe(3);
        read.Active[0].Children.ShouldBe(2);
        read.Active[0].Data.ShouldBe([0, 1, 2]);
        read.Scheduled.Select(execution => execution.Id).ShouldBe([child.Id]);
        read.Active[2].Waits.ShouldBe(waiting.Waits);
    }

    [Fact]
    public void Removing_executions_keeps_their_places_right()
    {
        var definition = new Flow().Box("a").Build();
        var state = new InstanceState();
        var all = Sizes.Select(_ => state.Schedule(definition.Find("a")!, null)).ToList();
        state.Remove(all[1]);
        state.Remove(all[4]);
        state.Remove(all[0]);
        state.Active.Count.ShouldBe(2);
        state.Active.ShouldAllBe(execution => state.Active[execution.Index] == execution);
        all[0].Status.ShouldBe(ExecutionStatus.Ended);
    }

    [Fact]
    public async Task Values_are_the_same_before_and_after_a_wait()
    {
        async Task<string> Run(bool wait)
        {
            var flow = new Flow().Variable("v").Output("Out").Box("set", "Elsa.SetVariable", ("variable", new JsonObject { ["id"] = "v-v" }), ("value", Flow.Js("({ a: 1.0, b: [0.5, 'x'], c: null })")))
                .Box("middle", wait ? "Test.Pause" : "Test.Step")
                .Box("out", "Elsa.SetOutput", ("outputName", Flow.Literal("Out")), ("outputValue", Flow.Js("JSON.stringify(getVariable('v')) + typeof getVariable('v').a")))
                .Connect("set->middle middle->out");
            var engine = new Engine(flow);
            var run = await engine.StartAsync();
            if (wait) run = await engine.ResumeAsync("go");
            return run.Output["Out"].GetString()!;
        }

        (await Run(true)).ShouldBe(await Run(false));
        (await Run(true)).ShouldBe("""{"a":1,"b":[0.5,"x"],"c":null}number""");
    }
}
