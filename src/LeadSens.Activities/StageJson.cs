using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace LeadSens.Activities;

/// <summary>How the payload of a batch's stimulus is written and read.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(StageCounts))]
public sealed partial class StageJson : JsonSerializerContext
{
    /// <summary>A number that the stage's jobs added up; 0 where none did.</summary>
    internal static long Number(JsonObject? result, string name) =>
        result?[name] is JsonValue value && value.TryGetValue(out double number) ? (long)number : 0;
}
