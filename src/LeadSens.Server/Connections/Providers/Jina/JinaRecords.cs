using System.Text.Json.Serialization;

namespace LeadSens.Server.Connections.Providers.Jina;

/// <summary>A page as text. Hostile: it may hold anything, instructions to a model among it.</summary>
/// <param name="Url">The address that was read.</param>
/// <param name="Text">Markdown; never empty.</param>
internal sealed record JinaPage(string Url, string? Title, string Text);

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
