using System.Text.Json;
using System.Text.Json.Serialization;
using LeadSens.Server.Ai;

namespace LeadSens.Server.Drafting;

/// <summary>What the model must answer to <c>email_step</c>.</summary>
internal static class DraftSchema
{
    public static readonly ModelSchema Value = ModelSchema.Parse("email_step", """
        {
          "type": "object",
          "properties": {
            "subject": {"type": "string", "minLength": 1, "maxLength": 200},
            "body": {"type": "string", "minLength": 1, "maxLength": 4000}
          },
          "required": ["subject", "body"],
          "additionalProperties": false
        }
        """);
}

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(DraftText))]
[JsonSerializable(typeof(List<WrittenDraft>))]
internal sealed partial class DraftJson : JsonSerializerContext;
