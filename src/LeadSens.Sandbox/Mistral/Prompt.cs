using System.Text.Json;
using LeadSens.Sandbox.Http;

namespace LeadSens.Sandbox.Mistral;

/// <summary>What the model reads: the user's messages with their tagged blocks, and what tools answered since.</summary>
internal sealed class Prompt
{
    private readonly List<string> userTexts = [];

    /// <summary>The last user message.</summary>
    public string Last => userTexts.Count > 0 ? userTexts[^1] : "";

    /// <summary>What the tools answered after the last user message.</summary>
    public List<string> ToolResults { get; } = [];

    public int Tokens { get; private set; }

    public static Prompt Read(JsonElement request)
    {
        var prompt = new Prompt();
        foreach (var message in request.Items("messages"))
        {
            var text = Text(message);
            prompt.Tokens += Mistral.Tokens.Count(text) + 4;
            switch (message.Text("role"))
            {
                case "user":
                    prompt.userTexts.Add(text);
                    prompt.ToolResults.Clear();
                    break;
                case "tool":
                    prompt.ToolResults.Add(text);
                    break;
            }
        }

        return prompt;
    }

    /// <summary>The text between the tags of the first message that has them; from the first opening to the last closing tag, so that a page cannot end its own block.</summary>
    public string? Block(string tag)
    {
        foreach (var text in userTexts)
        {
            var start = text.IndexOf($"<{tag}>", StringComparison.Ordinal);
            var end = text.LastIndexOf($"</{tag}>", StringComparison.Ordinal);
            if (start >= 0 && end > start)
            {
                return text[(start + tag.Length + 2)..end].Trim();
            }
        }

        return null;
    }

    /// <summary>The block's JSON; an undefined element when it is none.</summary>
    public JsonElement Json(string tag)
    {
        try
        {
            return Block(tag) is { Length: > 0 } text ? JsonElement.Parse(text) : default;
        }
        catch (JsonException)
        {
            return default;
        }
    }

    private static string Text(JsonElement message) => message.Member("content") is not { } content ? ""
        : content.ValueKind is JsonValueKind.String ? content.GetString()!
        : content.ValueKind is JsonValueKind.Array ? string.Concat(content.EnumerateArray().Select(chunk => chunk.Text("text")))
        : "";
}
