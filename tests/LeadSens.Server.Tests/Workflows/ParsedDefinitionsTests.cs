using LeadSens.Engine;
using LeadSens.Server.Workflows;
using Microsoft.Extensions.Options;

namespace LeadSens.Server.Tests.Workflows;

public sealed class ParsedDefinitionsTests
{
    private static readonly WorkflowDefinition Any = DefinitionReader.Read(
        """{"definitionId":"a","id":"a:1","version":1,"root":{"type":"Elsa.Sequence","id":"s","activities":[]}}""", new ActivityRegistry()).Definition.ShouldNotBeNull();

    [Fact]
    public void What_is_not_used_makes_room_and_what_is_used_stays()
    {
        var parsed = new ParsedDefinitions(Options.Create(new WorkflowOptions { ParsedDefinitionMegabytes = 1 }));
        for (var version = 0; version < 1_000; version++)
        {
            parsed.Add($"{version}", Any, 10_000);
            parsed.Find("7");
            parsed.Count.ShouldBeLessThanOrEqualTo(101);
        }

        parsed.Find("7").ShouldBe(Any);
        parsed.Find("999").ShouldBe(Any);
        parsed.Find("8").ShouldBeNull();
    }

    [Fact]
    public void One_that_is_larger_than_all_room_is_kept_until_the_next()
    {
        var parsed = new ParsedDefinitions(Options.Create(new WorkflowOptions { ParsedDefinitionMegabytes = 1 }));
        parsed.Add("large", Any, 2_000_000).ShouldBe(Any);
        parsed.Add("small", Any, 1_000);
        (parsed.Find("large"), parsed.Find("small")).ShouldBe((null, Any));
    }
}
