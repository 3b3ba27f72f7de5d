namespace LeadSens.Engine.Tests.Scripting;

/// <summary>What one script does never shows in the next: neither in another workspace nor in the same one, in whatever order they run.</summary>
public sealed class WorkspaceTests
{
    /// <summary>Each tries to leave something behind; an error on the way is fine.</summary>
    private static readonly string[] Leaks =
    [
        "leak = 1", "this.leak = 1", "(function () { return this; })().leak = 1", "Object.prototype.leak = 1", "Array.prototype.leak = 1", "String.prototype.leak = 1", "Number.prototype.leak = 1",
        "RegExp.prototype.leak = 1", "Date.prototype.leak = 1", "Error.prototype.leak = 1", "Error.prototype.message = 'leak'", "Math.leak = 1", "Math.max = function () { return 'leak'; }", "JSON.parse = function () { return 'leak'; }",
        "Array.prototype.map = function () { return 'leak'; }", "String.prototype.trim = function () { return 'leak'; }", "Array.prototype.join.leak = 1", "getVariable = function () { return 'leak'; }",
        "Object.defineProperty(Object.prototype, 'leak', { value: 1 })", "Object.defineProperty(Array.prototype, 'map', { value: null })", "delete Array.prototype.map", "delete Math.max", "delete JSON.parse",
        "Object.getPrototypeOf(/a/).leak = 1", "Object.getPrototypeOf(function () { }).leak = 1", "Object.getPrototypeOf(new Date()).leak = 1", "Object.getPrototypeOf(variables).leak = 1",
        "variables.constructor.leak = 1", "isNaN.leak = 1", "parseInt = null", "undefined = 1", "NaN = 1", "Array = null", "[].constructor.leak = 1", "''.constructor.prototype.leak = 1", "(5).constructor.leak = 1",
        "try { null.x; } catch (e) { e.constructor.prototype.leak = 1; }", "var d = Object.getOwnPropertyDescriptor(Array.prototype, 'map'); d.value.leak = 1", "Object.freeze(Array); Array.leak = 1",
    ];

    private const string Probe = """
        var seen = [];
        var places = [this || {}, {}, [], '', 5, /a/, new Date(0), new Error('e'), Math, JSON, Object, Array, String, Number, RegExp, Error, isNaN, variables, getVariable, [].join, [].map, function () { }];
        for (var i = 0; i < places.length; i++) if (places[i].leak !== undefined) seen.push(i);
        if (typeof leak !== 'undefined') seen.push('global');
        if (new Error('own').message !== 'own' || new Error().message === 'leak') seen.push('message');
        if (Math.max(1, 2) !== 2 || JSON.parse('[1]')[0] !== 1 || [1].map(function (x) { return x + 1; })[0] !== 2 || ' a '.trim() !== 'a' || getVariable('n') !== 7 || parseInt('4', 10) !== 4) seen.push('built-in');
        seen.join()
        """;

    [Fact]
    public async Task Nothing_that_a_script_tries_shows_in_any_later_one()
    {
        var (one, other) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        (await Script.RunAsync(Probe, tenant: one)).ShouldBe("\"\"");
        foreach (var leak in Leaks)
        {
            await Script.RunAsync($"try {{ {leak}; }} catch (e) {{ }} 1", tenant: one);
            (await Script.RunAsync(Probe, tenant: one)).ShouldBe("\"\"", leak);
            (await Script.RunAsync(Probe, tenant: other)).ShouldBe("\"\"", leak);
        }
    }

    [Fact]
    public async Task A_built_in_that_is_changed_fails_or_stays_in_its_own_script()
    {
        foreach (var leak in Leaks)
        {
            var result = await Script.RunAsync($"{leak}; var after = [3, 4].map(function (x) {{ return x; }}).join('-'); after");
            if (!result.StartsWith('!')) result.ShouldBe("\"3-4\"", leak);
        }
    }

    [Fact]
    public async Task Workspaces_that_run_at_once_see_their_own_variables_only()
    {
        var tenants = Enumerable.Range(0, 6).Select(_ => Guid.CreateVersion7()).ToList();
        var runs = Enumerable.Range(0, 60).Select(i => Task.Run(async () =>
        {
            var flow = new Flow().Variable("own", "Int32", i.ToString()).Output("R")
                .Box("set", "Elsa.SetOutput", ("outputName", Flow.Literal("R")), ("outputValue", Flow.Js("setVariable('own', getVariable('own') + 1000); variables.own + getOwn() / 10000")));
            var run = await new Engine(flow) { Tenant = tenants[i % tenants.Count] }.StartAsync();
            return (i, Got: run.Output["R"].GetDouble());
        }));
        foreach (var (i, got) in await Task.WhenAll(runs)) got.ShouldBe(i + 1000 + ((i + 1000) / 10_000.0), 1e-9);
    }

    [Fact]
    public async Task A_script_that_was_stopped_leaves_a_workspace_that_works()
    {
        var tenant = Guid.CreateVersion7();
        for (var i = 0; i < 3; i++)
        {
            (await Script.RunAsync("var f = function () { return f(); }; f()", tenant: tenant)).ShouldStartWith("! ExpressionError: JavaScript of box 'set' was stopped:");
            (await Script.RunAsync("1 + 1", tenant: tenant)).ShouldBe("2");
        }
    }

    [Fact]
    public async Task Many_workspaces_do_not_wear_the_pool_out()
    {
        for (var i = 0; i < 70; i++) (await Script.RunAsync("getVariable('n')")).ShouldBe("7");
    }
}
