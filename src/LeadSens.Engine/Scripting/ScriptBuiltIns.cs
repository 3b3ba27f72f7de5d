using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Jint.Native;
using Jint.Native.Array;
using Jint.Native.RegExp;
using Jint.Runtime;

namespace LeadSens.Engine;

/// <summary>Built-ins whose result or work can be much larger than what they are given, written anew so that they stop at a limit.</summary>
internal sealed class ScriptBuiltIns(Jint.Engine engine, ScriptGuard guard)
{
    /// <summary>The operator +.</summary>
    public JsValue Add(JsValue left, JsValue right)
    {
        var (a, b) = (TypeConverter.ToPrimitive(left), TypeConverter.ToPrimitive(right));
        if (!a.IsString() && !b.IsString()) return TypeConverter.ToNumber(a) + TypeConverter.ToNumber(b);
        return guard.Text(TypeConverter.ToString(a) + TypeConverter.ToString(b));
    }

    /// <summary>The operator += on a member.</summary>
    public JsValue AddTo(JsValue owner, JsValue key, JsValue value)
    {
        var target = TypeConverter.ToObject(engine, owner);
        var name = TypeConverter.ToString(key);
        var sum = Add(target.Get(name), value);
        target.Put(name, sum, true);
        return sum;
    }

    /// <summary>A literal regular expression: a new object each time.</summary>
    public JsValue Pattern(JsValue raw) => engine.RegExp.Construct(raw.AsString());

    public JsValue Join(JsValue self, JsValue[] arguments)
    {
        guard.Enter();
        if (!self.IsObject() || self.AsObject() is not ArrayInstance list) throw new JavaScriptException(engine.TypeError, "join needs an array");
        var separator = arguments.At(0).IsUndefined() ? "," : TypeConverter.ToString(arguments.At(0));
        var length = TypeConverter.ToNumber(list.Get("length"));
        var text = new StringBuilder();
        for (var i = 0; i < length; i++)
        {
            if (i > 0) Append(text, separator);
            var item = list.Get(i.ToString());
            if (!item.IsNull() && !item.IsUndefined()) Append(text, TypeConverter.ToString(item));
        }

        return text.ToString();
    }

    public JsValue Concat(JsValue self, JsValue[] arguments)
    {
        guard.Enter();
        var text = new StringBuilder();
        Append(text, TypeConverter.ToString(self));
        foreach (var argument in arguments) Append(text, TypeConverter.ToString(argument));
        return text.ToString();
    }

    public JsValue Replace(JsValue self, JsValue[] arguments)
    {
        guard.Enter();
        var text = guard.Text(TypeConverter.ToString(self));
        var matches = arguments.At(0).TryCast<RegExpInstance>() is { } pattern ? Matches(pattern, text) : First(text, TypeConverter.ToString(arguments.At(0)));
        var by = arguments.At(1).TryCast<ICallable>();
        var template = by is null ? TypeConverter.ToString(arguments.At(1)) : "";
        var result = new StringBuilder();
        var end = 0;
        foreach (var (index, groups) in matches)
        {
            Append(result, text[end..index]);
            Append(result, by is null ? Expand(template, text, index, groups) : TypeConverter.ToString(by.Call(JsValue.Undefined, [.. groups.Select(Group), index, text])));
            end = index + groups[0]!.Length;
        }

        Append(result, text[end..]);
        return result.ToString();
    }

    /// <summary>Walks the matches with the clock in sight before Jint walks them without.</summary>
    public void Rehearse(JsValue pattern, JsValue self)
    {
        if (pattern.TryCast<RegExpInstance>() is not { } regex || self.IsNull() || self.IsUndefined()) return;
        foreach (var _ in AllMatches(regex, guard.Text(TypeConverter.ToString(self)))) guard.Charge(16);
    }

    public JsValue ParseJson(JsValue self, JsValue[] arguments)
    {
        guard.Enter();
        try
        {
            return ScriptValues.ToScript(engine, guard, Value.From(JsonElement.Parse(guard.Text(TypeConverter.ToString(arguments.At(0))))));
        }
        catch (JsonException exception)
        {
            throw new JavaScriptException(engine.SyntaxError, exception.Message);
        }
    }

    public JsValue WriteJson(JsValue self, JsValue[] arguments)
    {
        guard.Enter();
        if (arguments.At(0).IsUndefined()) return JsValue.Undefined;
        return guard.Text(ScriptValues.ToJson(guard, arguments.At(0), arguments.At(2).IsNumber() ? (int)Math.Min(10, arguments.At(2).AsNumber()) : 0));
    }

    private void Append(StringBuilder to, string text)
    {
        guard.Text(text);
        if (to.Length + text.Length > ScriptLimits.TextLength) throw new ScriptLimitException($"it makes a text of more than {ScriptLimits.TextLength} characters.");
        to.Append(text);
    }

    private static IEnumerable<(int Index, string?[] Groups)> First(string text, string sought)
    {
        var index = text.IndexOf(sought, StringComparison.Ordinal);
        return index < 0 ? [] : [(index, [sought])];
    }

    private IEnumerable<(int Index, string?[] Groups)> Matches(RegExpInstance pattern, string text)
    {
        if (pattern.Global) pattern.Put("lastIndex", 0, true);
        return pattern.Global ? AllMatches(pattern, text) : AllMatches(pattern, text).Take(1);
    }

    private IEnumerable<(int Index, string?[] Groups)> AllMatches(RegExpInstance pattern, string text)
    {
        ScriptGuard.Limit(pattern);
        for (var match = pattern.Value.Match(text); match.Success; match = match.NextMatch())
        {
            guard.Charge(match.Length + 1);
            yield return (match.Index, [.. match.Groups.Cast<Group>().Select(group => group.Success ? group.Value : null)]);
        }
    }

    private static JsValue Group(string? text) => text is null ? JsValue.Undefined : text;

    private string Expand(string template, string text, int index, string?[] groups)
    {
        if (!template.Contains('$', StringComparison.Ordinal)) return template;
        var result = new StringBuilder();
        for (var i = 0; i < template.Length; i++)
        {
            var next = i + 1 < template.Length ? template[i + 1] : '\0';
            var part = template[i] != '$' ? null : next switch
            {
                '$' => "$",
                '&' => groups[0],
                '`' => text[..index],
                '\'' => text[(index + groups[0]!.Length)..],
                >= '1' and <= '9' when next - '0' < groups.Length => groups[next - '0'] ?? "",
                _ => null,
            };
            Append(result, part ?? template[i].ToString());
            if (part is not null) i++;
        }

        return result.ToString();
    }
}
