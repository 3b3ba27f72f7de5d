using System.Text.Json.Nodes;
using static LeadSens.Engine.Tests.Activities.Trip;

namespace LeadSens.Engine.Tests.Activities;

/// <summary>The box that runs a script.</summary>
public sealed class ScriptBoxTests
{
    [Theory]
    [InlineData("Literal", "setOutcome('Left'); 7", "l=7")]
    [InlineData("JavaScript", "setOutcome('Left'); 7", "l=7")]
    [InlineData("Literal", "setOutcomes(['Left','Right'])", "l r")]
    [InlineData("Literal", "1 + 1", "d=2")]
    [InlineData("JavaScript", "setVariable('x', 5); return getVariable('x') * 2", "d=10")]
    [InlineData("Literal", "setOutcomes([])", "")]
    [InlineData("Literal", "", "d")]
    public async Task A_script_sets_its_outcomes_and_gives_a_result(string type, string source, string path)
    {
        var script = Box("s", "RunJavaScript", ("script", Flow.Of(type, source)), ("possibleOutcomes", Flow.Of("Object", "[\"Left\",\"Right\"]")), ("result", Flow.Capture("x")));
        var trip = new Trip(false, Workflow(Chart("root", "s.Left->l s.Right->r s.Done->d", script, Visit("l", "getVariable('x')"), Visit("r", "getVariable('x')"), Visit("d", "getLastResult()")), "x"));
        (await trip.RunAsync()).SubStatus.ShouldBe(WorkflowSubStatus.Finished);
        trip.Path.ShouldBe(path);
    }

    [Fact]
    public async Task A_script_may_come_from_a_variable()
    {
        var fill = Box("fill", "SetVariable", ("variable", new JsonObject { ["name"] = "code" }), ("value", Flow.Literal("setOutcome('Left')")));
        var script = Box("s", "RunJavaScript", ("script", Flow.Read("code")), ("possibleOutcomes", Flow.Js("['Left']")));
        var trip = new Trip(false, Workflow(Chart("root", "fill->s s.Left->l s->d", fill, script, Visit("l"), Visit("d")), "code"));
        (await trip.RunAsync()).SubStatus.ShouldBe(WorkflowSubStatus.Finished);
        trip.Path.ShouldBe("l");
    }

    [Fact]
    public void A_broken_script_is_an_error_of_the_definition() =>
        new Flow().Box("s", "Elsa.RunJavaScript", ("script", Flow.Literal("if ("))).Read().Errors.ShouldHaveSingleItem().Path.ShouldBe("script");

    [Fact]
    public async Task Only_the_script_box_sets_outcomes()
    {
        var trip = new Trip(false, Workflow(Sequence("s", Visit("a", "setOutcome('x')"))));
        (await trip.RunAsync()).Incidents.ShouldHaveSingleItem().Fault.Message.ShouldContain("RunJavaScript");
    }

    [Fact]
    public async Task A_variable_may_be_called_like_what_sets_outcomes()
    {
        var trip = new Trip(false, Workflow(Sequence("s", Visit("a", "setOutcome('x'); getVariable('Outcome')")), "Outcome"));
        (await trip.RunAsync()).SubStatus.ShouldBe(WorkflowSubStatus.Finished);
        trip.Path.ShouldBe("a=x");
    }

    [Fact]
    public void A_box_that_reads_the_console_is_an_error_of_the_definition() =>
        new Flow().Box("r", "Elsa.ReadLine").Read().Errors.ShouldHaveSingleItem().ActivityId.ShouldBe("r");
}
