using System.Text.Json;
using System.Text.Json.Serialization;
using LeadSens.Server.Ai;

namespace LeadSens.Server.Enrichment;

/// <summary>What the model must answer to <c>company_profile</c>. The lengths bound what hostile text can smuggle into a draft.</summary>
internal static class ProfileSchema
{
    private const string Text = """{"type": ["string", "null"], "maxLength": 600}""";

    public static readonly ModelSchema Value = ModelSchema.Parse("company_profile", $$"""
        {
          "type": "object",
          "properties": {
            "companySummary": {{Text}}, "products": {{List(8)}}, "targetMarket": {{Text}}, "valueProposition": {{Text}}, "painPoints": {{List(5)}},
            "recentNews": {{List(5)}}, "techStack": {{List(10)}}, "teamSize": {{Text}}, "signals": {{List(5)}}
          },
          "required": ["companySummary", "products", "targetMarket", "valueProposition", "painPoints", "recentNews", "techStack", "teamSize", "signals"],
          "additionalProperties": false
        }
        """);

    private static string List(int most) => $$$"""{"type": "array", "maxItems": {{{most}}}, "items": {"type": "string", "minLength": 1, "maxLength": 300}}""";
}

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(CompanyProfile))]
[JsonSerializable(typeof(ScrapedPage))]
internal sealed partial class EnrichmentJson : JsonSerializerContext;
