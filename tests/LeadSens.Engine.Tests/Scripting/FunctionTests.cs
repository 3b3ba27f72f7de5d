using System.Text.Json.Nodes;

namespace LeadSens.Engine.Tests.Scripting;

/// <summary>The functions that Elsa's definitions call, one by one.</summary>
public sealed class FunctionTests
{
    [Theory]
    [InlineData("isNullOrWhiteSpace('')", "true")]
    [InlineData("isNullOrWhiteSpace(' \\t\\n')", "true")]
    [InlineData("isNullOrWhiteSpace(null)", "true")]
    [InlineData("isNullOrWhiteSpace()", "true")]
    [InlineData("isNullOrWhiteSpace('x')", "false")]
    [InlineData("isNullOrWhiteSpace(0)", "false")]
    [InlineData("isNullOrEmpty(undefined)", "true")]
    [InlineData("isNullOrEmpty(' ')", "false")]
    [InlineData("isNullOrEmpty(false)", "false")]
    public async Task Emptiness_is_told(string source, string expected) => (await Script.RunAsync(source)).ShouldBe(expected);

    [Theory]
    [InlineData("toJson({ a: [1, 'x', null, undefined], f: function () { }, d: new Date(0) })", """{"a":[1,"x",null,null],"d":"1970-01-01T00:00:00.0000000Z"}""")]
    [InlineData("toJson('é\"')", "\"é\\\"\"")]
    [InlineData("toJson(1.50)", "1.5")]
    [InlineData("toJson(undefined)", "null")]
    [InlineData("toJson(variables.list)", "[1,2,3]")]
    [InlineData("JSON.stringify({ a: { b: 1 } }, null, 2)", "{\n  \"a\": {\n    \"b\": 1\n  }\n}")]
    [InlineData("JSON.stringify([], null, 99)", "[]")]
    [InlineData("String(JSON.stringify(undefined))", "undefined")]
    [InlineData("JSON.stringify(new String('s')) + JSON.stringify(new Number(2)) + JSON.stringify(new Boolean(false))", "\"s\"2false")]
    public async Task Values_are_written_as_json(string source, string text) => (await RunTextAsync(source)).ShouldBe(text);

    [Theory]
    [InlineData("parseGuid('{0193A1B2-0000-7000-8000-000000000001}')", "0193a1b2-0000-7000-8000-000000000001")]
    [InlineData("stringToBase64('hé')", "aMOp")]
    [InlineData("stringFromBase64('aMOp')", "hé")]
    [InlineData("stringFromBase64('')", "")]
    [InlineData("bytesFromString('hé')", "aMOp")]
    [InlineData("bytesToString('aMOp')", "hé")]
    [InlineData("bytesToString(bytesFromBase64(bytesToBase64(bytesFromString('there and back'))))", "there and back")]
    public async Task Texts_are_turned_into_others(string source, string text) => (await RunTextAsync(source)).ShouldBe(text);

    [Theory]
    [InlineData("newGuid()")]
    [InlineData("newGuidString()")]
    public async Task New_ids_are_new_and_rise(string source)
    {
        var ids = (await RunTextAsync($"[{source}, {source}].join()")).Split(',').Select(Guid.Parse).ToList();
        ids[0].ShouldNotBe(ids[1]);
        ids.ShouldAllBe(id => id.Version == 7);
    }

    [Fact]
    public async Task Short_ids_fit_into_a_link() =>
        (await RunTextAsync("var all = ''; for (var i = 0; i < 200; i++) all += newShortGuid(); all")).ShouldSatisfyAllConditions(
            text => text.Length.ShouldBe(200 * 22), text => text.ShouldAllBe(letter => char.IsAsciiLetterOrDigit(letter) || letter == '-' || letter == '_'));

    [Theory]
    [InlineData("parseGuid('x')", "'x' is no GUID.")]
    [InlineData("parseGuid()", "'undefined' is no GUID.")]
    [InlineData("stringFromBase64('!')", "The text is not Base64.")]
    [InlineData("bytesToString('abc')", "The text is not Base64.")]
    [InlineData("getVariable('ghost')", "There is no variable 'ghost' in scope.")]
    [InlineData("setVariable('ghost', 1)", "There is no variable 'ghost' in scope.")]
    [InlineData("variables.ghost = 1", "There is no variable 'ghost' in scope.")]
    [InlineData("setGhost(1)", "There is no variable 'Ghost' in scope.")]
    [InlineData("setVariable('n', [1])", "The variable 'n' takes Int32, not a list.")]
    [InlineData("variables.n = 'many'", "The variable 'n' takes Int32, not the text 'many'.")]
    [InlineData("getGhost()", "JavaScript of box 'set' failed: getGhost is not defined")]
    [InlineData("getResultFromGhost()", "JavaScript of box 'set' failed: getResultFromGhost is not defined")]
    [InlineData("throw new Error('no luck')", "JavaScript of box 'set' failed: no luck")]
    public async Task What_cannot_be_done_says_why(string source, string message) => (await Script.RunAsync(source)).ShouldBe($"! ExpressionError: {message}");

    [Theory]
    [InlineData("getOutputFrom('ghost')")]
    [InlineData("getOutputFrom('score', 'Ghost')")]
    [InlineData("getOutputFrom('silent')")]
    [InlineData("getGhostFromScore()")]
    [InlineData("getInput('Ghost')")]
    [InlineData("variables.ghost")]
    public async Task What_is_not_there_is_null(string source) =>
        (await Script.RunAsync(source, flow => flow.Box("score", "Test.Step", ("in", Flow.Literal(8))).Box("silent").Connect("score->silent silent->set"))).ShouldBe("null");

    [Theory]
    [InlineData("getOutputFrom('Score leads', 'Result')", "8")]
    [InlineData("getOutputFrom('score')", "8")]
    [InlineData("getOutputFrom('score', undefined)", "8")]
    [InlineData("getLastResult() + 1", "9")]
    public async Task An_output_is_found_by_the_name_or_the_id_of_its_box(string source, string expected) =>
        (await Script.RunAsync(source, flow => flow.Box("score", "Test.Step", ("in", Flow.Literal(8)), ("name", "Score leads")).Connect("score->set"))).ShouldBe(expected);

    [Theory]
    [InlineData("setName('Grace'); getName() + variables.name + getVariable('v-name')", "GraceGraceGrace")]
    [InlineData("setVariable('name', 5); typeof getVariable('name')", "string")]
    [InlineData("String(setVariable('name', 'x'))", "null")]
    [InlineData("setWorkflowInstanceName('Run 5'); getWorkflowInstanceName()", "Run 5")]
    [InlineData("setCorrelationId(7); getCorrelationId()", "7")]
    [InlineData("[getWorkflowDefinitionId(), getWorkflowDefinitionVersionId(), getWorkflowDefinitionVersion()].join()", "test,test-1,1")]
    public async Task The_run_is_read_and_written(string source, string text) => (await RunTextAsync(source)).ShouldBe(text);

    [Fact]
    public async Task A_variable_comes_before_an_input_of_the_same_name() =>
        (await Script.RunAsync("getName() + getInput('Name')", flow => flow.Input("Name"), new JsonObject { ["Name"] = "Eve" })).ShouldBe("\"AdaEve\"");

    [Fact]
    public async Task A_copy_that_a_script_changes_is_not_the_variable() =>
        (await Script.RunAsync("var l = getVariable('list'); l.push(4); l[0] = 9; [l, getVariable('list')]")).ShouldBe("[[9,2,3,4],[1,2,3]]");

    private static async Task<string> RunTextAsync(string source)
    {
        var json = await Script.RunAsync(source);
        return json.StartsWith('!') ? json : JsonNode.Parse(json)!.GetValue<string>();
    }
}
