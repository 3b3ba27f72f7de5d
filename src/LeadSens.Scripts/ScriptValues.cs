using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Jint;
using Jint.Native;
using Jint.Native.Function;
using Jint.Native.Object;
using Jint.Runtime;

namespace LeadSens.Scripts;

/// <summary>Carries values over the border between a workflow and a script: always copies, as JSON.</summary>
internal static class ScriptValues
{
    private static readonly JsonWriterOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    public static JsValue ToScript(Jint.Engine engine, JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                var target = new JsObject(engine);
                foreach (var property in value.EnumerateObject()) target.CreateDataProperty(property.Name, ToScript(engine, property.Value));
                return target;
            case JsonValueKind.Array:
                if (value.GetArrayLength() > HostLimits.ListLength) throw new ScriptStoppedException($"it reads a list of more than {HostLimits.ListLength} items.");
                return new JsArray(engine, [.. value.EnumerateArray().Select(item => ToScript(engine, item))]);
            case JsonValueKind.String:
                return value.GetString()!;
            case JsonValueKind.Number:
                return value.GetDouble();
            case JsonValueKind.True or JsonValueKind.False:
                return value.GetBoolean();
            default:
                return JsValue.Null;
        }
    }

    /// <summary>JSON text; functions and undefined are left out.</summary>
    public static string ToJson(JsValue value)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, Relaxed)) Write(json, value);
        return System.Text.Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    public static void Write(Utf8JsonWriter json, JsValue value) => Write(json, value, 0);

    private static void Write(Utf8JsonWriter json, JsValue value, int depth)
    {
        if (depth > HostLimits.Depth) throw new ScriptStoppedException("it gives a value that is nested too deeply, or that holds itself.");
        if (json.BytesCommitted + json.BytesPending > Frames.Longest / 2) throw TooLarge();
        switch (value)
        {
            case JsBoolean flag: json.WriteBooleanValue(flag.AsBoolean()); break;
            case JsNumber number: WriteNumber(json, number.AsNumber()); break;
            case JsString text: WriteText(json, text.AsString()); break;
            case JsBigInt or JsSymbol: throw new ScriptStoppedException($"it gives a {(value is JsSymbol ? "symbol" : "BigInt")}, which is no value of a workflow.");
            case JsDate date: WriteDate(json, date); break;
            case Function: json.WriteNullValue(); break;
            case IJsPrimitive boxed when value is ObjectInstance: Write(json, boxed.PrimitiveValue, depth); break;
            case ObjectInstance target when target is JsArray || target.IsArray(): WriteList(json, target, depth); break;
            case ObjectInstance target: WriteObject(json, target, depth); break;
            default: json.WriteNullValue(); break;
        }
    }

    private static void WriteNumber(Utf8JsonWriter json, double number)
    {
        if (!double.IsFinite(number)) json.WriteNullValue();
        else if (Math.Abs(number) < 9e15 && number == Math.Floor(number)) json.WriteNumberValue((long)number);
        else json.WriteNumberValue(number);
    }

    private static void WriteText(Utf8JsonWriter json, string text)
    {
        if (text.Length > Frames.Longest / 8) throw TooLarge();
        json.WriteStringValue(text);
    }

    private static void WriteDate(Utf8JsonWriter json, JsDate date)
    {
        if (double.IsNaN(date.DateValue)) json.WriteNullValue();
        else if (Math.Abs(date.DateValue) > 6.2e13) throw new ScriptStoppedException("it gives a date that no calendar of ours has.");
        else json.WriteStringValue(DateTime.UnixEpoch.AddMilliseconds(date.DateValue).ToString("O"));
    }

    private static void WriteList(Utf8JsonWriter json, ObjectInstance list, int depth)
    {
        var length = TypeConverter.ToNumber(list.Get("length"));
        if (!(length <= HostLimits.ListLength)) throw new ScriptStoppedException($"it gives a list of more than {HostLimits.ListLength} items.");
        json.WriteStartArray();
        for (var i = 0; i < length; i++) Write(json, list.Get(i), depth + 1);
        json.WriteEndArray();
    }

    private static void WriteObject(Utf8JsonWriter json, ObjectInstance target, int depth)
    {
        json.WriteStartObject();
        foreach (var key in target.GetOwnPropertyKeys(Types.String))
        {
            if (target.GetOwnProperty(key) is not { Enumerable: true }) continue;
            var value = target.Get(key);
            if (value.IsUndefined() || value is Function or JsSymbol) continue;
            var name = key.ToString();
            if (name.Length > Frames.Longest / 8) throw TooLarge();
            json.WritePropertyName(name);
            Write(json, value, depth + 1);
        }

        json.WriteEndObject();
    }

    private static ScriptStoppedException TooLarge() => new($"it gives a value of more than {Frames.Longest / 2 / 1024 / 1024} MB.");
}

/// <summary>A script used more than it may.</summary>
internal sealed class ScriptStoppedException(string message) : Exception(message);
