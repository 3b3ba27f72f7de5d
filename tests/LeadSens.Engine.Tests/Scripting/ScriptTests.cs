using System.Text.Json.Nodes;

namespace LeadSens.Engine.Tests.Scripting;

public sealed class ScriptTests
{
    [Theory]
    [InlineData("1 + 2", "3")]
    [InlineData("'a' + 1 + true", "\"a1true\"")]
    [InlineData("return 5", "5")]
    [InlineData("return 5;", "5")]
    [InlineData("var x = 2; x * 3", "6")]
    [InlineData("if (1 > 2) { 'yes' } else { 'no' }", "\"no\"")]
    [InlineData("{ a: 1, b: [true, null] }", "{\"a\":1,\"b\":[true,null]}")]
    [InlineData("({ a: { b: 'c' } }).a.b", "\"c\"")]
    [InlineData("0.1 + 0.2", "0.30000000000000004")]
    [InlineData("undefined", "null")]
    [InlineData("1 / 0", "null")]
    [InlineData("[3,1,2].sort().join('-')", "\"1-2-3\"")]
    [InlineData("[1,2,3].map(function (x) { return x * 2; })", "[2,4,6]")]
    [InlineData("function f(n) { return n < 2 ? n : f(n - 1) + f(n - 2); } f(10)", "55")]
    [InlineData("var s = ''; for (var i = 0; i < 3; i++) s += i; s", "\"012\"")]
    [InlineData("var o = { n: 1 }; o.n += 2; o['n'] += 3; o", "{\"n\":6}")]
    [InlineData("var a = [1]; a[0] += 'x'; a", "[\"1x\"]")]
    [InlineData("try { throw new Error('e'); } catch (e) { e.message }", "\"e\"")]
    [InlineData("switch (2) { case 1: 'a'; break; case 2: return 'b'; }", "\"b\"")]
    [InlineData("new Date(Date.UTC(2026, 0, 2))", "\"2026-01-02T00:00:00.0000000Z\"")]
    [InlineData("function () { }", "null")]
    [InlineData("'abc'.toUpperCase().length", "3")]
    [InlineData("Math.max(1, 5, 3)", "5")]
    [InlineData("parseInt('42', 10)", "42")]
    [InlineData("(3.14159).toFixed(2)", "\"3.14\"")]
    [InlineData("Object.keys({ a: 1, b: 2 })", "[\"a\",\"b\"]")]
    [InlineData("Array.isArray([1])", "true")]
    [InlineData("encodeURIComponent('a b')", "\"a%20b\"")]
    [InlineData("(function () { return Array.prototype.slice.call(arguments); })(1, 2)", "[1,2]")]
    [InlineData("Math.max.apply(null, [1, 9, 4])", "9")]
    public async Task A_script_gives_its_value(string source, string expected) => (await Script.RunAsync(source)).ShouldBe(expected);

    [Theory]
    [InlineData("'a-b-c'.replace(/-/g, '+')", "\"a\\u002Bb\\u002Bc\"")]
    [InlineData("'a-b-c'.replace('-', '$&$&')", "\"a--b-c\"")]
    [InlineData("'John Smith'.replace(/(\\w+) (\\w+)/, '$2 $1')", "\"Smith John\"")]
    [InlineData("'abc'.replace(/b/, function (m, at) { return m + at; })", "\"ab1c\"")]
    [InlineData("'a1b22'.match(/[0-9]+/g)", "[\"1\",\"22\"]")]
    [InlineData("'a1b22'.match('[0-9]+')[0]", "\"1\"")]
    [InlineData("'abc'.search(/c/)", "2")]
    [InlineData("'a, b,c'.split(/,\\s*/)", "[\"a\",\"b\",\"c\"]")]
    [InlineData("/a/g.test('a')", "true")]
    [InlineData("'x'.concat('y', 1)", "\"xy1\"")]
    public async Task Texts_are_searched_and_replaced(string source, string expected) => (await Script.RunAsync(source)).ShouldBe(expected);

    [Theory]
    [InlineData("JSON.parse('{\"a\":[1,2]}').a[1]", "2")]
    [InlineData("JSON.stringify({ a: 1, b: undefined, c: 'é' })", "\"{\\u0022a\\u0022:1,\\u0022c\\u0022:\\u0022\\u00E9\\u0022}\"")]
    [InlineData("toJson([1])", "\"[1]\"")]
    [InlineData("try { JSON.parse('{'); } catch (e) { e.name }", "\"SyntaxError\"")]
    public async Task Json_is_read_and_written(string source, string expected) => (await Script.RunAsync(source)).ShouldBe(expected);

    [Theory]
    [InlineData("getVariable('n') + 1", "8")]
    [InlineData("getVariable(\"name\")", "\"Ada\"")]
    [InlineData("variables.n * 2", "14")]
    [InlineData("getN() + getName()", "\"7Ada\"")]
    [InlineData("setVariable('n', 9); getVariable('n')", "9")]
    [InlineData("variables.n = 10; variables.n", "10")]
    [InlineData("setN(11); getN()", "11")]
    [InlineData("getVariable('list').length", "3")]
    [InlineData("getInput('Icp')", "\"CTOs\"")]
    [InlineData("getIcp()", "\"CTOs\"")]
    [InlineData("getInput('Limit')", "null")]
    [InlineData("getCorrelationId()", "\"correlation\"")]
    [InlineData("getWorkflowDefinitionId() + getWorkflowDefinitionVersion()", "\"test1\"")]
    [InlineData("getWorkflowDefinitionVersionId()", "\"test-1\"")]
    [InlineData("setCorrelationId('x'); getCorrelationId()", "\"x\"")]
    [InlineData("setWorkflowInstanceName('run'); getWorkflowInstanceName()", "\"run\"")]
    [InlineData("getWorkflowInstanceId().length", "36")]
    [InlineData("isNullOrWhiteSpace('  ') && isNullOrEmpty('') && isNullOrEmpty(null)", "true")]
    [InlineData("stringFromBase64(stringToBase64('hé'))", "\"h\\u00E9\"")]
    [InlineData("newGuid().length + newShortGuid().length", "58")]
    [InlineData("function getThing() { return 4; } getThing()", "4")]
    [InlineData("getLastResult()", "null")]
    public async Task The_scope_is_read_and_written(string source, string expected) =>
        (await Script.RunAsync(source, input: new JsonObject { ["Icp"] = "CTOs" })).ShouldBe(expected);

    [Theory]
    [InlineData("getOutputFrom('score', 'Result')")]
    [InlineData("getOutputFrom('score')")]
    [InlineData("getResultFromScore()")]
    [InlineData("getLastResult()")]
    public async Task Outputs_of_earlier_boxes_are_read(string source) =>
        (await Script.RunAsync(source, flow => flow.Box("score", "Test.Step", ("in", Flow.Literal(8))).Connect("score->set"))).ShouldBe("8");

    [Theory]
    [InlineData("nothing.x")]
    [InlineData("getVariable('nothing')")]
    [InlineData("getNothing()")]
    [InlineData("throw new Error('no')")]
    [InlineData("setVariable('n', 'text')")]
    [InlineData("null.x")]
    [InlineData("undeclared = 1")]
    [InlineData("stringFromBase64('!')")]
    public async Task A_script_that_fails_is_a_fault_that_names_its_box(string source)
    {
        var result = await Script.RunAsync(source);
        result.ShouldStartWith("! ExpressionError");
        if (!source.Contains("ariable") && !source.Contains("64")) result.ShouldContain("'set'");
    }

    [Theory]
    [InlineData("1 +")]
    [InlineData("var = 3")]
    [InlineData("1); alert(2")]
    [InlineData("}); (function(){")]
    [InlineData("with (a) { }")]
    public void Broken_syntax_is_found_before_anything_runs(string source)
    {
        var error = new Flow().Box("b", "Test.Step", ("in", Flow.Js(source))).Read().Errors.ShouldHaveSingleItem();
        error.ActivityId.ShouldBe("b");
        error.Path.ShouldBe("in");
        error.Message.ShouldContain("JavaScript");
        error.Message.ShouldContain("'b'");
    }
}
