using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Jint.Native;
using Jint.Native.Array;
using Jint.Native.Function;
using Jint.Native.Object;
using Jint.Native.RegExp;
using Jint.Native.String;
using Jint.Runtime;
using Jint.Runtime.Interop;

namespace LeadSens.Engine;

/// <summary>Counts what an evaluation uses and stops it. Every built-in function of an engine runs behind it.</summary>
internal sealed class ScriptGuard
{
    private long _work;
    private long _deadline;

    public void Reset() => (_work, _deadline) = (0, Stopwatch.GetTimestamp() + (long)(ScriptLimits.Time.TotalSeconds * Stopwatch.Frequency));

    public void Charge(long work)
    {
        _work += work;
        if (_work > ScriptLimits.Work) throw new ScriptLimitException("it does too much.");
        if (Stopwatch.GetTimestamp() > _deadline) throw new ScriptLimitException("it takes too long.");
    }

    public string Text(string text)
    {
        if (text.Length > ScriptLimits.TextLength) throw new ScriptLimitException($"it makes a text of more than {ScriptLimits.TextLength} characters.");
        Charge(text.Length);
        return text;
    }

    /// <summary>The stack is checked here, because Jint counts only direct recursion.</summary>
    public void Enter()
    {
        if (!RuntimeHelpers.TryEnsureSufficientExecutionStack()) throw new ScriptLimitException("it calls itself too deeply.");
        Charge(1);
    }

    /// <summary>Puts a function behind the guard.</summary>
    public ClrFunctionInstance Wrap(Jint.Engine engine, FunctionInstance inner) => new(engine, (self, arguments) => Call(inner, self, arguments), (int)TypeConverter.ToNumber(inner.Get("length")));

    private JsValue Call(FunctionInstance inner, JsValue self, JsValue[] arguments)
    {
        Enter();
        var size = Size(self);
        foreach (var argument in arguments) size += Size(argument);
        Charge(size);
        if (self.IsObject() && self.AsObject() is ArrayInstance && Length(self.AsObject()) + arguments.Length + size > ScriptLimits.Work) throw new ScriptLimitException("it does too much.");
        var result = inner.Call(self, arguments);
        if (result.IsString()) Text(result.AsString());
        else if (result.IsObject() && result.AsObject() is ArrayInstance list) Charge(Length(list));
        return result;
    }

    /// <summary>How much work a value may cause: characters, or items with the characters in them.</summary>
    private long Size(JsValue value)
    {
        if (value.IsString()) return value.AsString().Length;
        if (!value.IsObject()) return 1;
        var target = value.AsObject();
        if (target is RegExpInstance pattern) Limit(pattern);
        if (target is StringInstance text) return text.PrimitiveValue.AsString().Length;
        if (target is FunctionInstance) return 1;
        var length = Length(target);
        Charge(length);
        if (target is not ArrayInstance) return length + 1;
        var size = length;
        for (var i = 0L; i < length; i++)
        {
            if (target.GetOwnProperty(i.ToString()) is { } item && item.IsDataDescriptor() && item.Value is { } one && one.IsString()) size += one.AsString().Length;
        }

        return size;
    }

    /// <summary>The length that a built-in would see; one that could change while it is read is refused.</summary>
    private static long Length(ObjectInstance target)
    {
        var property = target.GetProperty("length");
        if (property == Jint.Runtime.Descriptors.PropertyDescriptor.Undefined) return 0;
        if (!property.IsDataDescriptor() || property.Value is not { } value || !value.IsPrimitive()) throw new ScriptLimitException("it makes up a length.");
        var length = value.IsNumber() ? value.AsNumber() : 0;
        return length <= ScriptLimits.ListLength ? (long)length : throw new ScriptLimitException($"it makes a list of more than {ScriptLimits.ListLength} items.");
    }

    /// <summary>Gives a regular expression a time-out of its own, for a process that used one before the default was set.</summary>
    public static void Limit(RegExpInstance pattern)
    {
        if (pattern.Value is { } regex && regex.MatchTimeout == Regex.InfiniteMatchTimeout) pattern.Value = new Regex(regex.ToString(), regex.Options, ScriptLimits.Match);
    }
}
