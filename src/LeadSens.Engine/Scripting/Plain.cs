using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace LeadSens.Engine;

/// <summary>JavaScript's rules for plain values, as far as they are short; for the rest an <see cref="UnboundedException"/>.</summary>
internal static class Plain
{
    private static readonly HashSet<string> Inherited = new(StringComparer.Ordinal)
    {
        "constructor", "toString", "valueOf", "toLocaleString", "hasOwnProperty", "isPrototypeOf", "propertyIsEnumerable", "__proto__",
        "__defineGetter__", "__defineSetter__", "__lookupGetter__", "__lookupSetter__",
    };

    public static int Size(JsonElement element) => JsonMarshal.GetRawUtf8Value(element).Length;

    public static bool Truth(object? value) => value switch
    {
        null or Undefined => false,
        bool flag => flag,
        double number => number != 0 && !double.IsNaN(number),
        string text => text.Length > 0,
        _ => true,
    };

    public static string Text(object? value) => value switch
    {
        null => "null",
        Undefined => "undefined",
        bool flag => flag ? "true" : "false",
        string text => text,
        double number => Text(number),
        _ => throw new UnboundedException(),
    };

    public static double Number(object? value) => value switch
    {
        null => 0,
        Undefined => double.NaN,
        bool flag => flag ? 1 : 0,
        double number => number,
        string text => Number(text),
        _ => throw new UnboundedException(),
    };

    public static string TypeOf(object? value) => value switch
    {
        Undefined => "undefined",
        bool => "boolean",
        double => "number",
        string => "string",
        _ => "object",
    };

    public static bool Same(object? left, object? right) => (left, right) switch
    {
        (double a, double b) => a == b,
        (string a, string b) => a == b,
        (bool a, bool b) => a == b,
        // Each reading of a value is a copy of its own, which only a host makes.
        _ => TypeOf(left) == "object" && TypeOf(right) == "object" && left is not null && right is not null ? throw new UnboundedException() : ReferenceEquals(left, right),
    };

    public static bool Alike(object? left, object? right)
    {
        if (left is null or Undefined) return right is null or Undefined;
        if (right is null or Undefined) return false;
        return TypeOf(left) == TypeOf(right) ? Same(left, right) : Number(left) == Number(right);
    }

    public static bool Less(object? left, object? right) =>
        left is string a && right is string b ? string.CompareOrdinal(a, b) < 0 : Number(left) < Number(right);

    public static bool LessOrSame(object? left, object? right) =>
        left is string a && right is string b ? string.CompareOrdinal(a, b) <= 0 : Number(left) <= Number(right);

    /// <summary>A member of a value by name or index.</summary>
    public static object? Member(BoundedRun run, object? owner, object? key)
    {
        switch (owner)
        {
            case JsonElement { ValueKind: JsonValueKind.Object } element:
                run.Charge(8 + Size(element) / 8);
                var name = Text(key);
                return element.TryGetProperty(name, out var member) ? FromElement(member) : Missing(name);
            case JsonElement { ValueKind: JsonValueKind.Array } element:
                run.Charge(8 + Size(element) / 8);
                if (key is "length") return (double)element.GetArrayLength();
                return Index(key) is { } index && index < element.GetArrayLength() ? FromElement(element[index]) : throw new UnboundedException();
            case string text:
                if (key is "length") return (double)text.Length;
                return Index(key) is { } place && place < text.Length ? text[place].ToString() : throw new UnboundedException();
            case List<object?> list:
                if (key is "length") return (double)list.Count;
                return Index(key) is { } at && at < list.Count ? list[at] : throw new UnboundedException();
            case List<KeyValuePair<string, object?>> members:
                var wanted = Text(key);
                var found = members.FindIndex(one => one.Key == wanted);
                return found < 0 ? Missing(wanted) : members[found].Value;
            default:
                throw new UnboundedException();
        }
    }

    private static Undefined Missing(string name) => Inherited.Contains(name) ? throw new UnboundedException() : Undefined.Value;

    private static int? Index(object? key) => key is double number && number >= 0 && number < int.MaxValue && number == Math.Floor(number) ? (int)number : null;

    private static object? FromElement(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Null => null,
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        JsonValueKind.String => element.GetString(),
        JsonValueKind.Number => element.GetDouble(),
        _ => element.Clone(),
    };

    private static string Text(double number)
    {
        if (number == 0) return "0";
        if (Math.Abs(number) < 1e15 && number == Math.Floor(number)) return ((long)number).ToString(CultureInfo.InvariantCulture);
        // Between these both write the shortest digits without an exponent.
        return Math.Abs(number) is >= 1e-4 and < 1e15 ? number.ToString("R", CultureInfo.InvariantCulture) : double.IsNaN(number) ? "NaN" : throw new UnboundedException();
    }

    /// <summary>Decimal digits are read here; other forms of numbers, and texts that are none, are JavaScript's affair.</summary>
    private static double Number(string text)
    {
        if (text.Length is 0 or > 30) return text.Length == 0 ? 0 : throw new UnboundedException();
        foreach (var letter in text)
        {
            if (!char.IsAsciiDigit(letter) && letter is not ('.' or '-')) throw new UnboundedException();
        }

        return double.TryParse(text, NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : throw new UnboundedException();
    }
}
