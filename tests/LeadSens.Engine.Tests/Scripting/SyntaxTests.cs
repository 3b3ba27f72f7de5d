namespace LeadSens.Engine.Tests.Scripting;

/// <summary>What scripts mean, wherever they run.</summary>
public sealed class SyntaxTests
{
    [Theory]
    [InlineData("1 + 2 + '3'", "\"33\"")]
    [InlineData("'1' + 2 + 3", "\"123\"")]
    [InlineData("null + 1", "1")]
    [InlineData("undefined + 'x'", "\"undefinedx\"")]
    [InlineData("[1] + [2]", "\"12\"")]
    [InlineData("({}) + ''", "\"[object Object]\"")]
    [InlineData("true + true", "2")]
    [InlineData("({ valueOf: function () { return 5; } }) + 1", "6")]
    [InlineData("({ toString: function () { return 'o'; } }) + 1", "\"o1\"")]
    [InlineData("1 - -1 + +'2'", "4")]
    [InlineData("var i = 1; i++ + ++i", "4")]
    public async Task Plus_adds_numbers_and_joins_texts(string source, string expected) => (await Script.RunAsync(source)).ShouldBe(expected);

    [Theory]
    [InlineData("var s = 'a'; s += 1; s += null; s", "\"a1null\"")]
    [InlineData("var o = { a: { b: 1 } }; o.a.b += 2; o.a.b += 'x'; o.a.b", "\"3x\"")]
    [InlineData("var o = {}; var k = 'key'; o[k] = 1; o[k + ''] += 1; o.key", "2")]
    [InlineData("var n = 0; var o = { get x() { n++; return 1; }, set x(v) { n += 10; } }; o.x += 1; n", "11")]
    [InlineData("var calls = 0; function o() { calls++; return { n: 1 }; } o().n += 1; calls", "1")]
    [InlineData("var a = [1, 2]; a[a.length - 1] += 5; a", "[1,7]")]
    [InlineData("var x = 1; var y = x += 2; x + y", "6")]
    public async Task Plus_assign_reads_and_writes_once(string source, string expected) => (await Script.RunAsync(source)).ShouldBe(expected);

    [Theory]
    [InlineData("if (true) { 1; 2 }", "2")]
    [InlineData("if (false) 1; else if (true) { 'deep' } else 3", "\"deep\"")]
    [InlineData("if (false) 1", "null")]
    [InlineData("try { 1 } finally { 2 }", "1")]
    [InlineData("try { throw 1; } catch (e) { e + 1 }", "2")]
    [InlineData("{ var x = 4; x }", "4")]
    [InlineData("var x = 5;", "null")]
    [InlineData("for (var i = 0; i < 3; i++) { i }", "null")]
    [InlineData("for (var i = 0; ; i++) { if (i === 3) return i; }", "3")]
    [InlineData("if (getVariable('n') > 5) return 'high';\nreturn 'low';", "\"high\"")]
    [InlineData("// only a remark", "null")]
    [InlineData("/* before */ 1 // after", "1")]
    [InlineData("1;;", "null")]
    [InlineData("'use strict'; 3", "3")]
    public async Task The_last_statement_or_a_return_is_the_value(string source, string expected) => (await Script.RunAsync(source)).ShouldBe(expected);

    [Theory]
    [InlineData("var n = 0; /a/.test('a') && n++; n", "1")]
    [InlineData("var r = /(\\d+)-(\\d+)/.exec('tel 12-34'); r[1] + r[2] + r.index", "\"12344\"")]
    [InlineData("var r = /a/g; var all = []; while ((m = r.exec('abab')) !== null) all.push(m.index); all", "!")]
    [InlineData("var r = /a/g, m, all = []; while ((m = r.exec('abab')) !== null) all.push(m.index); all", "[0,2]")]
    [InlineData("'A-b'.replace(/[a-z]/gi, function (c) { return c === c.toUpperCase() ? c.toLowerCase() : c.toUpperCase(); })", "\"a-B\"")]
    [InlineData("'aaa'.replace('a', 'b')", "\"baa\"")]
    [InlineData("'abc'.replace(/(b)/, '[$`|$&|$\\'|$1|$2|$$]')", "\"a[a|b|c|b|$2|$]c\"")]
    [InlineData("'abc'.replace('x', 'y')", "\"abc\"")]
    [InlineData("'abc'.match(/x/)", "null")]
    [InlineData("'a1b2'.split(/\\d/)", "[\"a\",\"b\",\"\"]")]
    [InlineData("'abc'.split('')", "[\"a\",\"b\",\"c\"]")]
    [InlineData("'abc'.search('c')", "2")]
    [InlineData("[1, null, undefined, [2, 3]].join('|')", "\"1|||2,3\"")]
    [InlineData("[].join()", "\"\"")]
    [InlineData("[1, 2].toLocaleString()", "\"1,2\"")]
    public async Task Patterns_and_texts_work_as_in_any_engine(string source, string expected)
    {
        var result = await Script.RunAsync(source);
        if (expected == "!") result.ShouldStartWith("! ExpressionError");
        else result.ShouldBe(expected);
    }

    [Theory]
    [InlineData("function getThing(x) { return x * 2; } getThing(4)", "8")]
    [InlineData("var getThing = function () { return 4; }; getThing()", "4")]
    [InlineData("(function (getThing) { return getThing(); })(function () { return 5; })", "5")]
    [InlineData("var o = { getN: function () { return 'own'; } }; o.getN() + getN()", "\"own7\"")]
    [InlineData("function settle() { return 1; } settle()", "1")]
    [InlineData("var get = function () { return 2; }; get()", "2")]
    public async Task A_function_of_the_script_comes_before_a_generated_one(string source, string expected) => (await Script.RunAsync(source)).ShouldBe(expected);

    [Theory]
    [InlineData("1 +", "line 1: Unexpected end of input")]
    [InlineData("var a = 1;\nvar b = ;", "line 2: Unexpected token ';'")]
    [InlineData("'open", "line 1: Invalid or unexpected token")]
    [InlineData("return 1; }", "line 1: Unexpected token '}'")]
    [InlineData("\nwith (lead) { }", "line 2: Strict mode code may not include a with statement")]
    public void A_mistake_is_told_with_its_line(string source, string problem) => ScriptSource.Check(source).ShouldNotBeNull().ShouldStartWith(problem);

    [Theory]
    [InlineData(10_001, "it is longer than 10000 characters.")]
    [InlineData(10_000, null)]
    public void A_script_may_be_ten_thousand_characters_long(int length, string? problem) => ScriptSource.Check("1" + new string(' ', length - 1)).ShouldBe(problem);

    [Fact]
    public void A_script_may_not_be_nested_deeper_than_a_hundred_levels() =>
        ScriptSource.Check(new string('[', 150) + new string(']', 150)).ShouldBe("it is nested deeper than 100 levels.");
}
