using System.Text.Json;
using System.Text.Json.Nodes;
using static LeadSens.Engine.Tests.Activities.Trip;

namespace LeadSens.Engine.Tests.Activities;

/// <summary>Workflows that are used as boxes.</summary>
public sealed class CompositeTests
{
    [Theory, InlineData(false), InlineData(true)]
    public async Task A_workflow_is_a_box_with_inputs_outputs_and_outcomes(bool suspends)
    {
        var inner = Child("rate it", Sequence("s", Visit("a", "getInput('Who') + getWho()"), SetOutput("Mark", "getInput('Who') + '!'"), Box("c", "Complete", ("outcomes", Flow.Literal("Good")))), "Good", "Bad");
        var root = Chart("root", "one.Good->two one.Bad->never two.Good->z", Use("one", "RateIt", "'Ada'", "m1"), Use("two", "RateIt", "getVariable('m1')", "m2"), Visit("never"), Visit("z", "getVariable('m2')"));
        var trip = new Trip(Knowing(inner), suspends, Workflow(root, "m1 m2"));
        (await trip.RunAsync()).SubStatus.ShouldBe(WorkflowSubStatus.Finished);
        trip.Path.ShouldBe("a=AdaAda a=Ada!Ada! z=Ada!!");
        trip.Store.Journal(trip.Id).Single(entry => entry is { ActivityId: "one", EventName: "Completed" }).Payload.ShouldBe("""{"outcomes":["Good"]}""");
        trip.Store.Journal(trip.Id).First(entry => entry.ActivityId == "a").NodeId.ShouldBe("Workflow1:root:one:Workflow1:s:a");
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task A_workflow_without_outcomes_ends_with_done_and_sees_the_variables_around_it(bool suspends)
    {
        var inner = Child("Inner", Sequence("s", Box("set", "SetVariable", ("variable", new JsonObject { ["name"] = "own" }), ("value", Flow.Literal("mine"))), Visit("a", "getVariable('own') + getVariable('outer')")));
        inner["variables"] = Items(new JsonObject { ["id"] = "v-own", ["name"] = "own", ["typeName"] = "String" });
        var set = Box("s0", "SetVariable", ("variable", new JsonObject { ["name"] = "outer" }), ("value", Flow.Literal("yours")));
        var trip = new Trip(Knowing(inner), suspends, Workflow(Chart("root", "s0->in in->z", set, Use("in", "Inner"), Visit("z", "getVariable('own')")), "outer own"));
        (await trip.RunAsync()).SubStatus.ShouldBe(WorkflowSubStatus.Finished);
        trip.Path.ShouldBe("a=mineyours z");
    }

    [Theory]
    [InlineData("Parallel", false)]
    [InlineData("Parallel", true)]
    [InlineData("Flowchart", true)]
    [InlineData("For", false)]
    public async Task Complete_ends_its_workflow_with_what_still_runs_there_but_not_the_one_around(string type, bool suspends)
    {
        var complete = Box("c", "Complete", ("outcomes", Flow.Of("Object", "[\"X\",\"Y\"]")));
        var slow = Flow.Activity("slow", "Test.Pause");
        var root = type switch
        {
            "Parallel" => Box("p", "Parallel", ("activities", Items(slow, complete))),
            "For" => Box("p", "For", ("end", Flow.Literal(5)), ("body", complete)),
            _ => Chart("p", "f->slow f->c", Visit("f"), slow, complete),
        };
        var trip = new Trip(Knowing(Child("Inner", root, "X", "Y")), suspends, Workflow(Chart("root", "in.X->x in.Y->y", Use("in", "Inner"), Visit("x"), Visit("y"))));
        (await trip.RunAsync()).SubStatus.ShouldBe(WorkflowSubStatus.Finished);
        trip.Sorted.ShouldBe(type == "Flowchart" ? "f x y" : "x y");
    }

    [Fact]
    public async Task Finish_inside_ends_the_whole_run()
    {
        var trip = new Trip(Knowing(Child("Inner", Sequence("s", Box("f", "Finish")))), false, Workflow(Sequence("root", Use("in", "Inner"), Visit("z"))));
        (await trip.RunAsync()).SubStatus.ShouldBe(WorkflowSubStatus.Finished);
        trip.Path.ShouldBe("");
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task Outputs_are_read_by_name_within_their_own_workflow(bool suspends)
    {
        var inner = Child("Inner", Sequence("s", Visit("a", "'inner'"), Visit("b", "getOutputFrom('a')")));
        var trip = new Trip(Knowing(inner), suspends, Workflow(Sequence("root", Visit("a", "'outer'"), Use("in", "Inner"), Visit("z", "getOutputFrom('a') + getOutputFrom('a', 'Result')"))));
        (await trip.RunAsync()).SubStatus.ShouldBe(WorkflowSubStatus.Finished);
        trip.Path.ShouldBe("a=outer a=inner b=a=inner z=a=outera=outer");
    }

    [Fact]
    public async Task A_fault_inside_is_retried_inside()
    {
        var trip = new Trip(Knowing(Child("Inner", Sequence("s", Visit("a"), Visit("b")))), false, Workflow(Sequence("root", Use("one", "Inner"), Use("two", "Inner"))));
        var visits = (Visits)trip.GetService(typeof(Visits))!;
        visits.Broken.Add("b");
        (await trip.RunAsync()).Incidents.ShouldHaveSingleItem().NodeId.ShouldBe("Workflow1:root:one:Workflow1:s:b");
        visits.Broken.Clear();
        (await trip.Runner.RetryAsync(trip.Id, null, default)).ShouldNotBeNull().SubStatus.ShouldBe(WorkflowSubStatus.Finished);
        trip.Path.ShouldBe("a b b a b");
    }

    [Fact]
    public void A_workflow_that_uses_itself_is_an_error()
    {
        var inner = Child("Inner", Sequence("s", Use("again", "Inner")));
        DefinitionReader.Read(Workflow(Use("in", "Inner")).ToJsonString(), Knowing(inner)).Errors.ShouldHaveSingleItem().Message.ShouldContain("uses itself");
        DefinitionReader.Read(inner.ToJsonString(), Knowing(inner)).Errors.ShouldHaveSingleItem().ActivityId.ShouldBe("again");
    }

    [Fact]
    public async Task A_box_keeps_the_version_that_it_names_and_else_gets_the_newest()
    {
        var (old, young) = (Child("Inner", Visit("old")), Child("Inner", Visit("young")));
        (young["id"], young["version"]) = ("Inner-2", 2);
        var named = Use("a", "Inner");
        (named["workflowDefinitionVersionId"], named["workflowDefinitionId"]) = ("Inner-1", "wrong");
        var lost = Use("b", "Inner");
        lost["workflowDefinitionVersionId"] = "gone";
        var trip = new Trip(Knowing(young, old), false, Workflow(Sequence("root", named, lost)));
        await trip.RunAsync();
        trip.Path.ShouldBe("old young");
    }

    [Fact]
    public void The_palette_shows_what_may_be_used()
    {
        var hidden = Child("Hidden", Visit("a"));
        hidden["options"] = new JsonObject();
        var registry = Knowing(hidden, Child("send the mail", Visit("a"), "Sent", "Lost"));
        registry.Find("Hidden").ShouldBeNull();
        var found = registry.Find("SendTheMail").ShouldNotBeNull();
        (found.DisplayName, found.Category, found.Workflow).ShouldBe(("send the mail", "Workflows", new WorkflowReference("send the mail", "send the mail-1", 1)));
        found.Outcomes.ShouldBe(["Sent", "Lost"]);
        found.Inputs.ShouldHaveSingleItem().Name.ShouldBe("Who");
        found.Outputs.ShouldHaveSingleItem().Name.ShouldBe("Mark");
        Engine.Registry.Find("SendTheMail").ShouldBeNull();
    }

    [Fact]
    public async Task Complete_in_a_nested_flowchart_faults_as_in_elsa()
    {
        var trip = new Trip(Knowing(Child("Inner", Sequence("s", Chart("nested", "", Box("c", "Complete"))))), false, Workflow(Use("in", "Inner")));
        (await trip.RunAsync()).Incidents.ShouldHaveSingleItem().Fault.Type.ShouldBe("NoComposite");
    }

    private static JsonObject SetOutput(string name, string script) => Box($"out-{name}", "SetOutput", ("outputName", Flow.Literal(name)), ("outputValue", Flow.Js(script)));

    private static JsonObject Use(string id, string type, string? who = null, string? mark = null) =>
        Flow.Activity(id, type, ("who", who is null ? null : Flow.Js(who)), ("mark", mark is null ? null : Flow.Capture(mark)));

    private static JsonObject Child(string name, JsonObject root, params string[] outcomes)
    {
        var json = Workflow(root, "", name);
        json["options"] = new JsonObject { ["usableAsActivity"] = true };
        json["outcomes"] = Items(outcomes.Select(outcome => (JsonNode)outcome));
        json["inputs"] = Items(new JsonObject { ["name"] = "Who", ["type"] = "String" });
        json["outputs"] = Items(new JsonObject { ["name"] = "Mark", ["type"] = "String" });
        return json;
    }

    private static ActivityRegistry Knowing(params JsonObject[] workflows) => Engine.Registry.WithWorkflows(workflows.Select(json => JsonElement.Parse(json.ToJsonString())));
}
