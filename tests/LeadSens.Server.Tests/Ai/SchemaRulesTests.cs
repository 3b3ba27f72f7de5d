using System.Text.Json;
using LeadSens.Server.Ai;

namespace LeadSens.Server.Tests.Ai;

public sealed class SchemaRulesTests
{
    [Theory]
    [InlineData("""{"type":"string"}""", "\"a\"", null)]
    [InlineData("""{"type":"string"}""", "1", "$ must be string")]
    [InlineData("""{"type":["string","null"]}""", "null", null)]
    [InlineData("""{"type":["string","null"]}""", "[]", "$ must be string or null")]
    [InlineData("""{"type":"integer"}""", "3.0", null)]
    [InlineData("""{"type":"integer"}""", "3.5", "$ must be integer")]
    [InlineData("""{"type":"integer","minimum":1}""", "1e400", "$ must be integer")]
    [InlineData("""{"type":"number","minimum":1,"maximum":2}""", "2.5", "$ must be from 1 to 2")]
    [InlineData("""{"type":"boolean"}""", "false", null)]
    [InlineData("""{"enum":["en","fr"]}""", "\"fr\"", null)]
    [InlineData("""{"enum":["en","fr"]}""", "\"de\"", "$ must be one of en, fr")]
    [InlineData("""{"type":"string","minLength":2}""", "\"a\"", "$ must have at least 2 characters")]
    [InlineData("""{"type":"array","items":{"type":"string","maxLength":2},"maxItems":3}""", """["ab","abc"]""", "$[1] must have at most 2 characters")]
    [InlineData("""{"type":"array","maxItems":1}""", "[1,2]", "$ must have at most 1 items")]
    [InlineData("""{"type":"array","minItems":1}""", "[]", "$ must have at least 1 items")]
    [InlineData("""{"type":"object","required":["a"]}""", "{}", "$.a is missing")]
    [InlineData("""{"type":"object","properties":{"a":{"type":"object","required":["b"]}}}""", """{"a":{}}""", "$.a.b is missing")]
    [InlineData("""{"type":"object","properties":{},"additionalProperties":false}""", """{"evil <b>":1}""", "$ has a property that the schema does not name")]
    [InlineData("""{"type":"object"}""", """{"anything":1}""", null)]
    public void An_answer_is_checked_word_by_word(string schema, string answer, string? fault)
    {
        using var value = JsonDocument.Parse(answer);
        ModelSchema.Parse("test", schema).Rules.Fault(value.RootElement).ShouldBe(fault);
    }

    [Fact]
    public void A_word_that_nobody_would_check_is_refused() =>
        Should.Throw<ArgumentException>(() => ModelSchema.Parse("test", """{"type":"string","pattern":"^a"}"""));
}
