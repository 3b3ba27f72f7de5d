using System.Text.Json;
using System.Text.Json.Serialization;
using LeadSens.Server.Ai;

namespace LeadSens.Server.Scoring;

/// <summary>What the model must answer to <c>lead_score</c>.</summary>
internal static class ScoreSchema
{
    private const string Fit = """{"type": "integer", "minimum": 1, "maximum": 10}""";

    public static readonly ModelSchema Value = ModelSchema.Parse("lead_score", $$"""
        {
          "type": "object",
          "properties": {
            "score": {{Fit}}, "jobTitleFit": {{Fit}}, "companyFit": {{Fit}}, "industryRelevance": {{Fit}}, "locationFit": {{Fit}},
            "reason": {"type": "string", "minLength": 1, "maxLength": 600}
          },
          "required": ["score", "jobTitleFit", "companyFit", "industryRelevance", "locationFit", "reason"],
          "additionalProperties": false
        }
        """);
}

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(LeadScore))]
internal sealed partial class ScoreJson : JsonSerializerContext;
