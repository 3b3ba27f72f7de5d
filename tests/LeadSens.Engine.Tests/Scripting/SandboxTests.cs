namespace LeadSens.Engine.Tests.Scripting;

/// <summary>Scripts that try to stay, or to get out.</summary>
public sealed class SandboxTests
{
    [Theory]
    [InlineData("typeof Function")]
    [InlineData("typeof eval")]
    [InlineData("typeof (function () { }).constructor.prototype")]
    [InlineData("typeof System")]
    [InlineData("typeof importNamespace")]
    [InlineData("typeof this")]
    public async Task There_is_no_way_out(string source) => (await Script.RunAsync(source)).ShouldBeOneOf("\"undefined\"", "\"object\"");

    [Theory]
    [InlineData("(function () { }).constructor('return 1')()")]
    [InlineData("[].map.constructor('return 1')()")]
    [InlineData("getVariable.constructor('return 1')()")]
    [InlineData("getVariable('list').GetType()")]
    [InlineData("(function () { return this; })().Function")]
    [InlineData("Array.prototype.leak = 1")]
    [InlineData("Object.prototype.leak = 1")]
    [InlineData("Math.PI = 3")]
    [InlineData("Object.defineProperty(Object.prototype, 'leak', { value: 1 })")]
    [InlineData("getVariable.leak = 1")]
    [InlineData("JSON.parse = null")]
    [InlineData("getVariable = null")]
    [InlineData("/a/.constructor.prototype.leak = 1")]
    [InlineData("new Error().constructor.prototype.leak = 1")]
    [InlineData("(new Date()).constructor.leak = 1")]
    public async Task Nothing_can_be_reached_or_changed(string source) => (await Script.RunAsync(source)).ShouldStartWith("! ExpressionError");

    [Fact]
    public async Task Nothing_is_left_for_the_next_evaluation()
    {
        var tenant = Guid.CreateVersion7();
        await Script.RunAsync("try { leak = 1; } catch (e) { } 1", tenant: tenant);
        (await Script.RunAsync("typeof leak", tenant: tenant)).ShouldBe("\"undefined\"");
        const string literal = "(function () { var r = /a/g; var had = r.lastIndex; r.lastIndex = 5; return had; })()";
        (await Script.RunAsync($"[{literal}, {literal}]", tenant: tenant)).ShouldBe("[0,0]");
        await Script.RunAsync("variables.list.push(4); 1", tenant: tenant);
        (await Script.RunAsync("variables.list.length", tenant: tenant)).ShouldBe("3");
    }

    [Fact]
    public async Task One_expression_gives_the_same_each_time()
    {
        var engine = new Engine(new Flow().Variable("n", "Int32", "0").Variable("out", "Object")
            .Box("r", "Test.Rounds", ("times", Flow.Literal(3)), ("before", Flow.Read("n")), ("count", Flow.Capture("n")))
            .Box("s", "Elsa.SetVariable", ("variable", new System.Text.Json.Nodes.JsonObject { ["id"] = "v-out" }), ("value", Flow.Js("/a/g.test('a') && !/b/g.test('a')")))
            .Box("d", "Elsa.FlowDecision", ("condition", Flow.Read("out"))).Connect("r.Again->s s->d d.True->r"));
        (await engine.StartAsync()).SubStatus.ShouldBe(WorkflowSubStatus.Finished);
        engine.Path.ShouldBe("r s d r s d r s d r");
    }

    [Theory]
    [InlineData('[', ']')]
    public void Deep_nesting_is_refused_when_it_is_read(char open, char close)
    {
        var source = new string(open, 4000) + "1" + new string(close, 4000);
        new Flow().Box("b", "Test.Step", ("in", Flow.Js(source))).Read().Errors.ShouldHaveSingleItem();
        new Flow().Box("b", "Test.Step", ("in", Flow.Js(string.Concat(Enumerable.Repeat("1+", 3000)) + "1"))).Read().Errors.ShouldHaveSingleItem();
        new Flow().Box("b", "Test.Step", ("in", Flow.Js(new string('!', 9000) + "1"))).Read().Errors.ShouldHaveSingleItem();
        new Flow().Box("b", "Test.Step", ("in", Flow.Js(new string(' ', 20_000) + "1"))).Read().Errors.ShouldHaveSingleItem();
    }
}
