using Jint;
using Jint.Native;
using Jint.Native.Object;
using Jint.Runtime.Descriptors;
using Jint.Runtime.Interop;

namespace LeadSens.Scripts;

/// <summary>Makes interpreters: every limit that Jint has, no way to turn text into code, everything that is built in frozen, our functions as globals.
/// One interpreter serves one evaluation.</summary>
internal static class ScriptRealm
{
    private static readonly string[] Absent = ["Function", "eval", "ShadowRealm", "Atomics", "SharedArrayBuffer"];

    private static readonly string[] Errors = ["Error", "EvalError", "RangeError", "ReferenceError", "SyntaxError", "TypeError", "URIError", "AggregateError"];

    private static readonly string[] Constructors =
        ["Object", "Array", "String", "Number", "Boolean", "Date", "RegExp", "Symbol", "Map", "Set", "WeakMap", "WeakSet", "WeakRef", "Promise", "BigInt", .. Errors];

    public static Jint.Engine Create(HostLimits limits) => new(options =>
    {
        options.Strict().DisableStringCompilation();
        options.MaxStatements(limits.Statements).Constraint(() => new CpuConstraint(limits.Time)).LimitMemory(limits.HeapMegabytes * 8L * 1024 * 1024);
        options.LimitRecursion(HostLimits.Recursion).RegexTimeoutInterval(Least(limits.Time, TimeSpan.FromMilliseconds(250)));
        options.MaxArraySize(1_000_000).MaxJsonParseDepth(64);
        options.Constraints.StackOverflowGuard = true;
        options.Constraints.PromiseTimeout = limits.Time;
        options.Constraints.MaxAtomicsPauseIterations = 1;
        options.AgentCanSuspend = false;
        options.Interop.Enabled = false;
    });

    /// <summary>Gives an interpreter its globals and freezes it. Done while nobody waits.</summary>
    public static void Furnish(Jint.Engine engine, Evaluation evaluation)
    {
        var functions = engine.Intrinsics.Object.Prototype!;
        foreach (var name in Absent) engine.Global.RemoveOwnProperty(name);
        functions.RemoveOwnProperty("constructor");
        foreach (var name in ScriptFunctions.OfRun.Keys) Define(engine, name, arguments => evaluation.Call(name, ScriptFunctions.OfRun[name], arguments));
        foreach (var (name, function) in PlainFunctions.All) Define(engine, name, arguments => Plain(name, function, arguments));
        Define(engine, "toJson", arguments => ScriptValues.ToJson(arguments.Length > 0 ? arguments[0] : JsValue.Null));
        engine.Global.FastSetProperty("variables", new PropertyDescriptor(new ScriptVariables(engine, evaluation), false, false, false));
        foreach (var name in Constructors)
        {
            var constructor = (ObjectInstance)engine.Global.Get(name);
            Freeze(constructor, []);
            if (constructor.Get("prototype") is ObjectInstance prototype) Freeze(prototype, Kept(name));
        }

        Freeze(functions, []);
        foreach (var name in (string[])["Math", "JSON", "Reflect"]) Freeze((ObjectInstance)engine.Global.Get(name), []);
        Freeze(engine.Global, []);
    }

    /// <summary>Makes a name of this definition a function, before anything of the script runs.</summary>
    public static void Define(Jint.Engine engine, string name, Func<JsValue[], JsValue> function)
    {
        var given = new ClrFunction(engine, name, (_, arguments) => function(arguments));
        given.PreventExtensions();
        engine.Global.FastSetProperty(name, new PropertyDescriptor(given, false, false, false));
    }

    /// <summary>What an object of the script's own may give itself: a read-only property of a prototype would keep it from that.</summary>
    private static string[] Kept(string constructor) => constructor == "Object" ? ["toString", "valueOf", "constructor", "toLocaleString"]
        : Errors.Contains(constructor) ? ["name", "message", "toString", "constructor"] : ["constructor", "toString", "valueOf"];

    private static void Freeze(ObjectInstance target, string[] kept)
    {
        foreach (var (name, property) in target.GetOwnProperties().ToList())
        {
            property.Configurable = false;
            if (property.IsDataDescriptor() && !(name.IsString() && kept.Contains(name.ToString()))) property.Writable = false;
        }

        target.PreventExtensions();
    }

    private static JsValue Plain(string name, PlainFunctions.Function function, JsValue[] arguments)
    {
        var given = arguments.Length > 0 ? arguments[0] : JsValue.Undefined;
        var empty = name.StartsWith("isNull", StringComparison.Ordinal) && (given.IsNull() || given.IsUndefined());
        var answer = function(empty ? null : Jint.Runtime.TypeConverter.ToString(given));
        return answer is bool flag ? flag : (string)answer;
    }

    private static TimeSpan Least(TimeSpan one, TimeSpan other) => one < other ? one : other;
}
