using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace LeadSens.Engine;

/// <summary>Values of variables, inputs and outputs. While a burst runs they are null, bool, long, double, decimal, string or a <see cref="JsonElement"/>
/// (object or array), so that a value is the same whether it went through the store or not.</summary>
internal static class Value
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { Converters = { new JsonStringEnumConverter() } };

    /// <summary>Brings what an activity produced into the form above.</summary>
    public static object? From<T>(T value) => value switch
    {
        null => null,
        string or bool or long or decimal => value,
        int number => (long)number,
        double number => FromDouble(number),
        float number => FromDouble(number),
        short or byte or sbyte or ushort or uint => Convert.ToInt64(value, CultureInfo.InvariantCulture),
        JsonElement element => From(element),
        Guid id => id.ToString("D"),
        DateTimeOffset time => time.ToString("O"),
        DateTime time => time.ToString("O"),
        TimeSpan span => span.ToString("c"),
        Enum name => name.ToString(),
        _ => From(JsonSerializer.SerializeToElement(value, value.GetType(), Json)),
    };

    public static object? From(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Undefined or JsonValueKind.Null => null,
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        JsonValueKind.String => element.GetString(),
        JsonValueKind.Number => element.TryGetInt64(out var integer) ? integer : FromDouble(element.GetDouble()),
        _ => element.Clone(),
    };

    /// <summary>Whole numbers are one form, so that 5.0 stays equal to 5 after a round trip.</summary>
    public static object? FromDouble(double number) => !double.IsFinite(number) ? null : Math.Abs(number) < 9e15 && number == Math.Floor(number) ? (long)number : number;

    public static JsonElement ToElement(object? value) => value is JsonElement element ? element : JsonSerializer.SerializeToElement(value, Json);

    public static void Write(Utf8JsonWriter writer, object? value)
    {
        switch (value)
        {
            case null: writer.WriteNullValue(); break;
            case string text: writer.WriteStringValue(text); break;
            case bool flag: writer.WriteBooleanValue(flag); break;
            case long number: writer.WriteNumberValue(number); break;
            case double number: writer.WriteNumberValue(number); break;
            case decimal number: writer.WriteNumberValue(number); break;
            case JsonElement element: element.WriteTo(writer); break;
            default: throw new InvalidOperationException($"{value.GetType()} is no value of a workflow.");
        }
    }

    /// <summary>Turns a value into what an activity's code asks for. False when it does not fit.</summary>
    public static bool TryTo<T>(object? value, out T? result)
    {
        if (value is T same)
        {
            result = same;
            return true;
        }

        result = default;
        if (value is null || value is string { Length: 0 } && typeof(T) != typeof(object)) return true;
        if (ValueKind.Of(typeof(T)) is { } kind)
        {
            if (!kind.TryConvert(value, out var converted)) return false;
            if (converted is null) return true;
            result = (T)kind.ToClr(converted, Nullable.GetUnderlyingType(typeof(T)) ?? typeof(T));
            return true;
        }

        var plain = Nullable.GetUnderlyingType(typeof(T)) ?? typeof(T);
        return plain.IsEnum ? TryName(plain, value, out result) : TryDeserialize(value, out result);
    }

    /// <summary>Only names: a number would pass for a value that the enumeration does not have.</summary>
    private static bool TryName<T>(Type type, object value, out T? result)
    {
        var found = Array.Find(Enum.GetNames(type), name => name.Equals(value as string, StringComparison.OrdinalIgnoreCase));
        result = found is null ? default : (T)Enum.Parse(type, found);
        return found is not null;
    }

    private static bool TryDeserialize<T>(object value, out T? result)
    {
        try
        {
            result = value is string text && typeof(T) != typeof(JsonNode)
                ? JsonSerializer.Deserialize<T>(text, Json)
                : ToElement(value).Deserialize<T>(Json);
            return true;
        }
        catch (JsonException)
        {
            result = default;
            return false;
        }
    }
}
