using System.Text.Json.Serialization;

namespace LeadSens.Engine;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(Fault))]
internal sealed partial class EngineJson : JsonSerializerContext;
