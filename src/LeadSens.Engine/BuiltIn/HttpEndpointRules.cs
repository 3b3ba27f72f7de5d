using System.Text.Json;
using System.Text.Json.Nodes;

namespace LeadSens.Engine.BuiltIn;

/// <summary>What an endpoint asks of a request. It is kept with the trigger or the bookmark, so that a request is judged before a run has it.</summary>
/// <param name="Path">As it was drawn, with the names of its parameters.</param>
public sealed record HttpEndpointRules(string Path, string Method)
{
    public const string RequestTooLarge = "Request too large", FileTooLarge = "File too large", InvalidExtension = "Invalid file extension", InvalidMimeType = "Invalid file MIME type";

    /// <summary>True when only callers of the workspace may send it.</summary>
    public bool Authorize { get; init; }

    public TimeSpan? RequestTimeout { get; init; }

    /// <summary>In bytes.</summary>
    public long? RequestSizeLimit { get; init; }

    /// <summary>In bytes.</summary>
    public long? FileSizeLimit { get; init; }

    /// <summary>With their dots; empty: all.</summary>
    public IReadOnlyList<string> AllowedFileExtensions { get; init; } = [];

    public IReadOnlyList<string> BlockedFileExtensions { get; init; } = [];

    /// <summary>Empty: all.</summary>
    public IReadOnlyList<string> AllowedMimeTypes { get; init; } = [];

    /// <summary>The problems that the graph has a way for: such a request is let in.</summary>
    public IReadOnlyList<string> Exposed { get; init; } = [];

    /// <summary>Null when it is none.</summary>
    public static HttpEndpointRules? Parse(string? json) => json is null ? null : JsonSerializer.Deserialize<HttpEndpointRules>(json);

    public JsonNode ToJson() => JsonSerializer.SerializeToNode(this)!;
}
