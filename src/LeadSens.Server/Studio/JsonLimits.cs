using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Unicode;
using LeadSens.Server.Api;

namespace LeadSens.Server.Studio;

/// <summary>How large JSON from outside may be (configuration section <c>Workflows:Json</c>). It is looked over once, without a tree being made of it, before anything is.</summary>
internal sealed record JsonLimits
{
    public const string Section = "Workflows:Json";

    public const int MostBytes = 20 * 1024 * 1024;

    /// <summary>For what is read outside the application, and for tests.</summary>
    public static readonly JsonLimits Default = new();

    /// <summary>Of a definition, and of everything else that Studio sends.</summary>
    [Range(64 * 1024, MostBytes)]
    public int MaxBytes { get; init; } = 2 * 1024 * 1024;

    /// <summary>Activities of a definition.</summary>
    [Range(10, 100_000)]
    public int MaxActivities { get; init; } = 5_000;

    /// <summary>Objects and lists within each other.</summary>
    [Range(8, 64)]
    public int MaxDepth { get; init; } = 64;

    /// <summary>Texts, numbers, objects and lists.</summary>
    [Range(1_000, 10_000_000)]
    public int MaxValues { get; init; } = 200_000;

    public string TooLarge => $"The JSON is larger than {MaxBytes / 1024.0 / 1024.0:0.##} MB, which is the most that it may have here (Workflows__Json__MaxBytes).";

    /// <summary>Null where it is JSON of a bearable size with texts that can be stored.</summary>
    public string? ProblemOf(ReadOnlySpan<byte> utf8)
    {
        if (!Utf8.IsValid(utf8)) return "The text is not JSON: it is not UTF-8.";
        var reader = new Utf8JsonReader(utf8, new JsonReaderOptions { MaxDepth = MaxDepth });
        var (values, name) = (0, "");
        try
        {
            while (reader.Read())
            {
                if (reader.TokenType is JsonTokenType.EndObject or JsonTokenType.EndArray) continue;
                if (reader.TokenType is JsonTokenType.PropertyName or JsonTokenType.String && reader.ValueIsEscaped && TextProblem(ref reader) is { } problem) return $"{name}: {problem}";
                if (reader.TokenType == JsonTokenType.PropertyName) name = reader.ValueSpan.Length < 100 && !reader.ValueIsEscaped ? reader.GetString()! : "a field";
                else if (++values > MaxValues) return $"The JSON has more than {MaxValues} values (Workflows__Json__MaxValues).";
            }

            return null;
        }
        catch (JsonException broken)
        {
            return $"The text is not JSON: {broken.Message}";
        }
    }

    private static string? TextProblem(ref Utf8JsonReader reader)
    {
        try
        {
            return TextRule.StorageProblemOf(reader.GetString());
        }
        catch (InvalidOperationException)
        {
            return "Half of a surrogate pair is no character.";
        }
    }
}
