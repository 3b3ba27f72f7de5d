using System.Buffers;
using System.Text.Json;
using Jint.Native;
using Jint.Native.Array;
using Jint.Native.Date;
using Jint.Native.Function;
using Jint.Native.Object;
using Jint.Runtime;

namespace LeadSens.Engine;

/// <summary>Carries values over the border between the engine and a script: always copies, never references.</summary>
internal static class ScriptValues
{
    private const int Depth = 32;

    public static JsValue ToScript(Jint.Engine engine, ScriptGuard guard, object? value) => value switch
    {
        null => JsValue.Null,
        string text => guard.Text(text),
        bool flag => flag,
        long number => number,
        double number => number,
        decimal number => (double)number,
        JsonElement element => FromElement(engine, guard, element),
        _ => throw new InvalidOperationException($"{value.GetType()} is no value of a workflow."),
    };

    public static object? FromScript(ScriptGuard guard, JsValue value)
    {
        if (value.IsNull() || value.IsUndefined()) return null;
        if (value.IsBoolean()) return value.AsBoolean();
        if (value.IsNumber()) return Value.FromDouble(value.AsNumber());
        if (value.IsString()) return guard.Text(value.AsString());
        var target = value.AsObject();
        if (target is DateInstance date) return double.IsNaN(date.PrimitiveValue) ? null : date.ToDateTime().ToUniversalTime().ToString("O");
        if (target is FunctionInstance) return null;
        if (target is IPrimitiveInstance primitive) return FromScript(guard, primitive.PrimitiveValue);
        return JsonElement.Parse(ToJson(guard, value, 0));
    }

    /// <summary>JSON text as JSON.stringify writes it; functions and undefined are left out.</summary>
    public static string ToJson(ScriptGuard guard, JsValue value, int indent)
    {
        var buffer = new ArrayBufferWriter<byte>();
        var options = new JsonWriterOptions { Indented = indent > 0, IndentSize = Math.Clamp(indent, 0, 10), Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
        using (var json = new Utf8JsonWriter(buffer, options)) Write(json, guard, value, 0);
        return System.Text.Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static void Write(Utf8JsonWriter json, ScriptGuard guard, JsValue value, int depth)
    {
        if (depth > Depth) throw new ScriptLimitException("it gives a value that is nested too deeply, or that holds itself.");
        guard.Charge(8);
        if (value.IsObject() && value.AsObject() is ArrayInstance list) WriteList(json, guard, list, depth);
        else if (value.IsObject() && value.AsObject() is { } target and not (FunctionInstance or DateInstance or IPrimitiveInstance)) WriteObject(json, guard, target, depth);
        else Value.Write(json, FromScript(guard, value));
    }

    private static void WriteList(Utf8JsonWriter json, ScriptGuard guard, ArrayInstance list, int depth)
    {
        var length = TypeConverter.ToNumber(list.Get("length"));
        if (length > ScriptLimits.ListLength) throw new ScriptLimitException($"it gives a list of more than {ScriptLimits.ListLength} items.");
        json.WriteStartArray();
        for (var i = 0; i < length; i++) Write(json, guard, list.Get(i.ToString()), depth + 1);
        json.WriteEndArray();
    }

    private static void WriteObject(Utf8JsonWriter json, ScriptGuard guard, ObjectInstance target, int depth)
    {
        json.WriteStartObject();
        foreach (var (name, property) in target.GetOwnProperties().ToList())
        {
            if (property.Enumerable != true) continue;
            var value = target.Get(name);
            if (value.IsUndefined() || value.IsObject() && value.AsObject() is FunctionInstance) continue;
            json.WritePropertyName(guard.Text(name));
            Write(json, guard, value, depth + 1);
        }

        json.WriteEndObject();
    }

    private static JsValue FromElement(Jint.Engine engine, ScriptGuard guard, JsonElement element)
    {
        guard.Charge(1);
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                var target = engine.Object.Construct(Arguments.Empty);
                foreach (var property in element.EnumerateObject()) target.FastAddProperty(property.Name, FromElement(engine, guard, property.Value), true, true, true);
                return target;
            case JsonValueKind.Array:
                if (element.GetArrayLength() > ScriptLimits.ListLength) throw new ScriptLimitException($"it reads a list of more than {ScriptLimits.ListLength} items.");
                var list = engine.Array.Construct(Arguments.Empty);
                var index = 0;
                foreach (var item in element.EnumerateArray()) list.Put(index++.ToString(), FromElement(engine, guard, item), false);
                return list;
            default:
                return ToScript(engine, guard, Value.From(element));
        }
    }
}
