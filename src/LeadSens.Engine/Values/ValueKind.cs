using System.Globalization;
using System.Text.Json;

namespace LeadSens.Engine;

/// <summary>The types that definitions name: how a value is brought into a type, and what it is in C#.</summary>
internal sealed class ValueKind
{
    public delegate bool Converter(object value, out object? result);

    private static readonly ValueKind String = new("String", ToText, static (value, _) => value, typeof(string));

    private static readonly ValueKind[] All =
    [
        String,
        new("Boolean", ToBoolean, static (value, _) => value, typeof(bool)),
        new("Int32", Whole(int.MinValue, int.MaxValue), static (value, _) => (int)(long)value, typeof(int)),
        new("Int64", Whole(long.MinValue, long.MaxValue), static (value, _) => value, typeof(long)),
        new("Int16", Whole(short.MinValue, short.MaxValue), static (value, _) => (short)(long)value, typeof(short)),
        new("Byte", Whole(byte.MinValue, byte.MaxValue), static (value, _) => (byte)(long)value, typeof(byte)),
        new("Double", ToDouble, static (value, _) => Convert.ToDouble(value, CultureInfo.InvariantCulture), typeof(double)),
        new("Single", ToDouble, static (value, _) => Convert.ToSingle(value, CultureInfo.InvariantCulture), typeof(float)),
        new("Decimal", ToDecimal, static (value, _) => value, typeof(decimal)),
        new("Guid", Text<Guid>(static id => id.ToString("D")), static (value, _) => Guid.Parse((string)value), typeof(Guid)),
        new("DateTimeOffset", Text<DateTimeOffset>(static time => time.ToString("O")), static (value, _) => DateTimeOffset.Parse((string)value, CultureInfo.InvariantCulture), typeof(DateTimeOffset)),
        new("DateTime", Text<DateTime>(static time => time.ToString("O")), static (value, _) => DateTime.Parse((string)value, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind), typeof(DateTime)),
        new("TimeSpan", Text<TimeSpan>(static span => span.ToString("c")), static (value, _) => TimeSpan.Parse((string)value, CultureInfo.InvariantCulture), typeof(TimeSpan)),
    ];

    private readonly Converter _convert;
    private readonly Func<object, Type, object> _toClr;
    private readonly Type? _type;

    private ValueKind(string name, Converter convert, Func<object, Type, object> toClr, Type? type) => (Name, _convert, _toClr, _type) = (name, convert, toClr, type);

    /// <summary>Takes any value as it is.</summary>
    public static ValueKind Any { get; } = new("Object", ToAny, static (value, _) => value, null);

    /// <summary>Objects and arrays; text is read as JSON.</summary>
    public static ValueKind Json { get; } = new("Json", ToJson, static (value, _) => value, null);

    /// <summary>Elsa's alias.</summary>
    public string Name { get; }

    /// <summary>The kind of a simple C# type; null for all others.</summary>
    public static ValueKind? Of(Type type)
    {
        var plain = Nullable.GetUnderlyingType(type) ?? type;
        return Array.Find(All, kind => kind._type == plain);
    }

    /// <summary>The kind that a definition names by alias or assembly-qualified name. Unknown names take any value.</summary>
    public static ValueKind Of(string? typeName, bool isArray = false)
    {
        if (isArray) return Json;
        var name = (typeName ?? "Object").Split(',')[0].Trim().TrimEnd('?');
        if (name.EndsWith("[]", StringComparison.Ordinal) || name.Contains('<', StringComparison.Ordinal)) return Json;
        // List`1[[System.String and the like: the first type argument is no name of the whole, except in Nullable`1.
        if (name.Contains('`', StringComparison.Ordinal) && !name.StartsWith("System.Nullable`1", StringComparison.Ordinal)) return Json;
        var simple = name[(name.LastIndexOf('.') + 1)..];
        if (simple is "JsonObject" or "JsonArray" or "ExpandoObject") return Json;
        return Array.Find(All, kind => kind.Name.Equals(simple, StringComparison.OrdinalIgnoreCase)) ?? Any;
    }

    /// <summary>Brings a value into the type. False when it does not fit; null fits all.</summary>
    public bool TryConvert(object? value, out object? result)
    {
        result = null;
        return value is null || _convert(value, out result);
    }

    /// <summary>A value as it is outside of variables: only a decimal variable keeps a decimal.</summary>
    public static object? Plain(object? value) => value is decimal number ? Value.FromDouble((double)number) : value;

    public object ToClr(object value, Type type) => _toClr(value, type);

    private static bool ToAny(object value, out object? result)
    {
        result = Plain(value);
        return true;
    }

    private static bool ToText(object value, out object? result)
    {
        result = value switch
        {
            string text => text,
            bool flag => flag ? "true" : "false",
            JsonElement element => element.GetRawText(),
            _ => Convert.ToString(value, CultureInfo.InvariantCulture),
        };
        return true;
    }

    private static bool ToBoolean(object value, out object? result)
    {
        result = value is bool ? value : value is string text && bool.TryParse(text, out var flag) ? flag : null;
        return result is not null || value is string { Length: 0 };
    }

    private static Converter Whole(long min, long max) => (object value, out object? result) =>
    {
        result = value switch
        {
            long => value,
            double number when number == Math.Floor(number) && Math.Abs(number) < 9.2e18 => (long)number,
            decimal number when number == decimal.Floor(number) && number >= min && number <= max => (long)number,
            string text when long.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out var number) => number,
            _ => null,
        };
        return result is long whole ? whole >= min && whole <= max : value is string { Length: 0 };
    };

    private static bool ToDouble(object value, out object? result)
    {
        result = value switch
        {
            long or double => value,
            decimal number => Value.FromDouble((double)number),
            string text when double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) => Value.FromDouble(number),
            _ => null,
        };
        return result is not null || value is string { Length: 0 };
    }

    private static bool ToDecimal(object value, out object? result)
    {
        result = value switch
        {
            decimal => value,
            long number => (decimal)number,
            double number when Math.Abs(number) < 7e28 => (decimal)number,
            string text when decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) => number,
            _ => null,
        };
        return result is not null || value is string { Length: 0 };
    }

    private static Converter Text<T>(Func<T, string> write) where T : IParsable<T> => (object value, out object? result) =>
    {
        result = value is string text && T.TryParse(text, CultureInfo.InvariantCulture, out var parsed) ? write(parsed) : null;
        return result is not null || value is string { Length: 0 };
    };

    private static bool ToJson(object value, out object? result)
    {
        result = value;
        if (value is not string text) return true;
        result = null;
        if (text.Length == 0) return true;
        try
        {
            result = Value.From(JsonElement.Parse(text));
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
