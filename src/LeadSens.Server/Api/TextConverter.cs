using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace LeadSens.Server.Api;

/// <summary>Holds every text of every JSON body against <see cref="TextRule"/>, wherever it stands: handlers get none that breaks it.</summary>
internal sealed class TextConverter(bool isMultiline) : JsonConverter<string>
{
    private static readonly TextConverter Multiline = new(isMultiline: true);

    public static void Use(JsonSerializerOptions options)
    {
        options.Converters.Add(new TextConverter(isMultiline: false));
        options.TypeInfoResolver = (options.TypeInfoResolver ?? new DefaultJsonTypeInfoResolver()).WithAddedModifier(Mark);
    }

    /// <summary>Whether a text at this place may have several lines.</summary>
    public static bool AllowsLines(JsonPropertyInfo property) => property.CustomConverter == Multiline;

    public override string? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String ? Checked(ref reader) : throw new JsonException();

    public override string ReadAsPropertyName(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => Checked(ref reader);

    public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WriteStringValue(value);

    public override void WriteAsPropertyName(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WritePropertyName(value);

    private static void Mark(JsonTypeInfo type)
    {
        foreach (var property in type.Properties)
        {
            if (property.PropertyType == typeof(string) && property.AttributeProvider?.IsDefined(typeof(MultilineAttribute), inherit: true) == true) property.CustomConverter = Multiline;
        }
    }

    private string Checked(ref Utf8JsonReader reader)
    {
        string text;
        try
        {
            text = reader.GetString()!;
        }
        catch (InvalidOperationException)
        {
            throw new TextRefusedJsonException("Half of a surrogate pair is no character.");
        }

        return TextRule.ProblemOf(text, isMultiline) is { } problem ? throw new TextRefusedJsonException(problem) : text;
    }
}

/// <summary>The serializer adds the path of the field.</summary>
internal sealed class TextRefusedJsonException(string problem) : JsonException
{
    public string Problem { get; } = problem;
}
