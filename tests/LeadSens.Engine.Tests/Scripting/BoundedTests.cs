namespace LeadSens.Engine.Tests.Scripting;

/// <summary>Which scripts run in this process, and that they mean there what they mean in a host.</summary>
public sealed class BoundedTests
{
    private static readonly string[] Values =
    [
        "0", "1", "-1", "2.5", "0.1", "0.2", "1e21", "1e-7", "123456789012", "NaN", "Infinity", "null", "undefined", "true", "false", "''", "'a'", "'b'", "'10'", "'9'", "'-1.5'", "' 5 '", "'0x10'", "'1e3'",
        "getVariable('n')", "getName()", "variables.list", "variables.list[1]", "variables.list.length", "variables.nothing", "getInput('Icp')", "variables.name[0]",
    ];

    private static readonly string[] Operators = ["+", "+", "-", "*", "/", "%", "<", "<=", ">", ">=", "==", "!=", "===", "!==", "&&", "||"];

    [Theory]
    [InlineData("variables.count + 1")]
    [InlineData("getVariable('n') > 5 && getInput('Icp') === 'CTOs'")]
    [InlineData("`Hello ${getName()}, you are ${variables.n}`")]
    [InlineData("{ name: getName(), list: [1, variables.n, null], more: { a: true } }")]
    [InlineData("variables.lead?.address?.city ?? 'unknown'")]
    [InlineData("getOutputFrom('score', 'Result') === null ? 'none' : getResultFromScore()")]
    [InlineData("return getVariable('n') + 1;")]
    [InlineData("if (getVariable('n') > 5) return 'high';\nreturn 'low';")]
    [InlineData("const n = getVariable('n'); let m = n * 2; `${n}-${m}`")]
    [InlineData("setVariable('n', getVariable('n') + 1)")]
    [InlineData("variables.n = variables.n + 1; setName('x');")]
    [InlineData("setOutcome(variables.n > 3 ? 'High' : 'Low')")]
    [InlineData("isNullOrWhiteSpace(getName()) ? newGuid() : stringToBase64(getName())")]
    [InlineData("getWorkflowInstanceId() + '/' + getCorrelationId()")]
    public void What_only_reads_and_joins_runs_here(string source) => new ScriptExpression(source).IsBounded.ShouldBeTrue();

    [Theory]
    [InlineData("while (false) { }")]
    [InlineData("x => x")]
    [InlineData("(function () { return 1; })()")]
    [InlineData("[1].map(isNaN)")]
    [InlineData("getName().toUpperCase()")]
    [InlineData("'x'.repeat(10)")]
    [InlineData("/a/")]
    [InlineData("/a/.test(getName())")]
    [InlineData("[...variables.list]")]
    [InlineData("({ ...variables.lead })")]
    [InlineData("Math.max(1, 2)")]
    [InlineData("parseInt('1')")]
    [InlineData("Date.UTC(1e9, 0)")]
    [InlineData("new Date()")]
    [InlineData("2n ** 64n")]
    [InlineData("2 ** 64")]
    [InlineData("f`x`")]
    [InlineData("({ get a() { return 1; } })")]
    [InlineData("({ __proto__: null })")]
    [InlineData("variables")]
    [InlineData("globalThis")]
    [InlineData("this")]
    [InlineData("nothing")]
    [InlineData("let a = 1; a = 2; a")]
    [InlineData("var a = a; a")]
    [InlineData("1 instanceof getVariable")]
    [InlineData("'a' in variables")]
    [InlineData("delete variables.n")]
    [InlineData("toJson(variables.list)")]
    [InlineData("createEventTriggerUrl('go')")]
    [InlineData("getVariable(...variables.list)")]
    [InlineData("await 1")]
    public void Everything_else_runs_in_a_host(string source) => new ScriptExpression(source).IsBounded.ShouldBeFalse();

    [Theory]
    [InlineData("variables.list + 1")]
    [InlineData("variables.nothing.x")]
    [InlineData("getVariable('list').constructor")]
    [InlineData("setVariable('n', 8); getVariable('n')")]
    [InlineData("'' + 1e-7")]
    public async Task What_turns_out_to_need_a_host_gets_one_before_anything_has_happened(string source)
    {
        var expected = await Script.RunAsync($"{source}; [].map(x => x); {source}");
        (await Script.RunAsync(source)).ShouldBe(expected);
    }

    [Fact]
    public async Task Random_expressions_mean_the_same_here_and_there()
    {
        var random = new Random(20_261_128);
        for (var batch = 0; batch < 40; batch++)
        {
            var list = string.Join(", ", Enumerable.Range(0, 12).Select(_ => Expression(random, 3)));
            var here = await Script.RunAsync($"[{list}]");
            (await Script.RunAsync($"(() => [{list}])()")).ShouldBe(here, list);
        }
    }

    [Fact]
    public async Task Joining_is_counted_here_too()
    {
        var doubling = "var s = 'xxxxxxxxxxxxxxxx'; " + string.Join(' ', Enumerable.Range(1, 40).Select(i => $"var s{i} = s{(i > 1 ? i - 1 : "")} + s{(i > 1 ? i - 1 : "")};")) + " s40";
        new ScriptExpression(doubling).IsBounded.ShouldBeTrue();
        var before = GC.GetAllocatedBytesForCurrentThread();
        (await Script.RunAsync(doubling)).ShouldStartWith("! ExpressionError");
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(8_000_000);
    }

    private static string Expression(Random random, int depth)
    {
        if (depth == 0 || random.Next(5) == 0) return Values[random.Next(Values.Length)];
        return random.Next(8) switch
        {
            0 => $"(typeof {Expression(random, depth - 1)})",
            1 => $"(!{Expression(random, depth - 1)})",
            2 => $"(- {Expression(random, depth - 1)})",
            3 => $"`${{{Expression(random, depth - 1)}}}|`",
            4 => $"({Expression(random, depth - 1)} ? {Expression(random, depth - 1)} : {Expression(random, depth - 1)})",
            _ => $"({Expression(random, depth - 1)} {Operators[random.Next(Operators.Length)]} {Expression(random, depth - 1)})",
        };
    }
}
