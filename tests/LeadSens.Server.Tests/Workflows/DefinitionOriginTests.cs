using System.Text.Json.Nodes;
using LeadSens.Server.Workflows;

namespace LeadSens.Server.Tests.Workflows;

public sealed class DefinitionOriginTests
{
    [Theory]
    [InlineData(null, null, null, "Unknown")]
    [InlineData(null, null, "v1", "Shipped")]
    [InlineData("v1", "v1", "v1", "Shipped")]
    [InlineData("mine", "v1", "v1", "Edited")]
    [InlineData("v1", "v1", "v2", "Outdated")]
    [InlineData("mine", "v1", "v2", "EditedAndOutdated")]
    [InlineData("mine", null, null, "Own")]
    public void A_copy_is_told_by_its_hashes(string? own, string? from, string? shipped, string origin) =>
        DefinitionOrigins.Of(own is null ? null : (own, from), shipped).ToString().ShouldBe(origin);

    [Fact]
    public void A_save_without_a_change_keeps_the_hash()
    {
        var definition = new JsonObject { ["id"] = "a", ["version"] = 1, ["name"] = "Campaign", ["root"] = new JsonObject { ["type"] = "Elsa.Flowchart" } };
        var saved = DefinitionText.Parse(DefinitionText.Stamp(definition, "b", "campaign", 7, published: true))!;
        definition["definitionId"] = "campaign";
        DefinitionText.Hash(saved).ShouldBe(DefinitionText.Hash(definition));
        saved["name"] = "Mine";
        DefinitionText.Hash(saved).ShouldNotBe(DefinitionText.Hash(definition));
    }
}
