using System.Diagnostics;

namespace LeadSens.Engine.Tests.Scripting;

/// <summary>Runs alone: its scripts take what they can get of the machine, while others are held to their time.</summary>
[CollectionDefinition(nameof(SandboxTests), DisableParallelization = true)]
public sealed class SandboxCollection;

/// <summary>Scripts that try to take the process down, to stay, or to get out.</summary>
[Collection(nameof(SandboxTests))]
public sealed class SandboxTests
{
    [Theory]
    [InlineData("while (true) { }")]
    [InlineData("for (;;);")]
    [InlineData("var f = function () { return f(); }; f()")]
    [InlineData("function make() { return function () { return make()(); }; } make()()")]
    [InlineData("var o = { valueOf: function () { return +o; } }; +o")]
    [InlineData("var o = { toString: function () { return String(o); } }; '' + o")]
    [InlineData("var o = {}; Object.defineProperty(o, 'x', { get: function () { return o.x; } }); o.x")]
    [InlineData("var s = 'xxxxxxxxxxxxxxxx'; while (true) s += s;")]
    [InlineData("var s = 'xxxxxxxxxxxxxxxx'; while (true) s = s + s;")]
    [InlineData("var o = { s: 'xxxxxxxxxxxxxxxx' }; while (true) o.s += o.s;")]
    [InlineData("var s = 'xxxxxxxxxxxxxxxx'; while (true) s = s.concat(s);")]
    [InlineData("var s = 'xxxxxxxxxxxxxxxx'; while (true) s = s.replace(/x/g, 'xx');")]
    [InlineData("var s = 'xxxxxxxxxxxxxxxx'; while (true) s = [s, s].join('');")]
    [InlineData("var a = [1]; while (true) a = a.concat(a);")]
    [InlineData("var a = [1]; while (true) a.push.apply(a, a);")]
    [InlineData("new Array(4294967295).join('x')")]
    [InlineData("var a = []; a.length = 4294967295; a.sort()")]
    [InlineData("var a = []; a[4294967294] = 1; a.indexOf(2)")]
    [InlineData("Array.prototype.map.call({ length: 4294967295 }, function (x) { return x; })")]
    [InlineData("var n = 0; var o = {}; Object.defineProperty(o, 'length', { get: function () { return n++ ? 4294967295 : 1; } }); Array.prototype.join.call(o)")]
    [InlineData("Math.max.apply(null, { length: 100000000 })")]
    [InlineData("var a = ['x']; for (var i = 0; i < 40; i++) a = [a, a]; a.join()")]
    [InlineData("var a = ['x']; for (var i = 0; i < 40; i++) a = [a, a]; '' + a")]
    [InlineData("var a = ['x']; for (var i = 0; i < 40; i++) a = [a, a]; JSON.stringify(a)")]
    [InlineData("var a = ['x']; for (var i = 0; i < 40; i++) a = [a, a]; a")]
    [InlineData("var a = []; a[0] = a; a")]
    [InlineData("var a = []; a[0] = a; '' + a")]
    [InlineData("var a = {}; a.a = a; JSON.stringify(a)")]
    [InlineData("var t = ''; for (var i = 0; i < 20000; i++) t += '['; JSON.parse(t).x.y")]
    [InlineData("/(a+)+b/.test('aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa')")]
    [InlineData("new RegExp('(a+)+b').exec('aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa')")]
    [InlineData("'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa'.match('(a+)+b')")]
    [InlineData("'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa'.split(/(a+)+b/)")]
    [InlineData("var s = 'aaaaaaaaaaaaaaaaaaaaaaaaac'; for (var i = 0; i < 10; i++) s += s; s.replace(/(a+)+b|c/g, '')")]
    [InlineData("var a = []; for (var i = 0; i < 1000; i++) a.push(i); var f = a.forEach; a.forEach(f.bind(a, f.bind(a, f.bind(a, isNaN))))")]
    [InlineData("var s = 'x'; for (var i = 0; i < 16; i++) s += s; var a = []; for (i = 0; i < 10000; i++) a.push(s); a.sort()")]
    [InlineData("var s = 'x'; for (var i = 0; i < 16; i++) s += s; var a = []; for (i = 0; i < 10000; i++) a.push(s); JSON.stringify(a)")]
    public async Task A_script_that_wants_everything_is_stopped(string source)
    {
        var before = GC.GetTotalAllocatedBytes();
        var clock = Stopwatch.StartNew();
        var result = await Script.RunAsync(source);
        clock.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(3));
        (GC.GetTotalAllocatedBytes() - before).ShouldBeLessThan(400_000_000);
        result.ShouldStartWith("! ExpressionError");
    }

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
    [InlineData("Array.prototype.join.call.leak = 1")]
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
