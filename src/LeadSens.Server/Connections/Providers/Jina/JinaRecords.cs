using System.Text.Json.Serialization;

namespace LeadSens.Server.Connections.Providers.Jina;

internal sealed record ReaderAnswer([property: JsonRequired] ReaderData Data)
{
    /// <summary>The status that the page itself answered with.</summary>
    public int? HttpStatus { get; init; }
}

internal sealed record ReaderData([property: JsonRequired] string Content, string? Title, string? Url)
{
    public int? HttpStatus { get; init; }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectNullableAnnotations = true, NumberHandling = JsonNumberHandling.AllowReadingFromString)]
[JsonSerializable(typeof(ReaderAnswer))]
internal sealed partial class JinaJson : JsonSerializerContext;
