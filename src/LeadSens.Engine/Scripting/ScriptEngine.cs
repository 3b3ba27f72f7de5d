using System.Runtime.CompilerServices;
using Jint.Native;
using Jint.Native.Function;
using Jint.Native.Object;
using Jint.Runtime;
using Jint.Runtime.Descriptors;
using Jint.Runtime.Interop;

namespace LeadSens.Engine;

/// <summary>One Jint engine without Function and eval, with every built-in behind the guard and everything frozen, so that nothing of an
/// evaluation is left for the next one. Serves one tenant.</summary>
internal sealed class ScriptEngine
{
    private readonly Jint.Engine _engine = new(options => options.Strict().MaxStatements(ScriptLimits.Statements).TimeoutInterval(ScriptLimits.Time).LimitRecursion(200));
    private readonly ScriptGuard _guard = new();
    private readonly ScriptHost _host;
    private readonly ConditionalWeakTable<ScriptExpression, FunctionInstance> _functions = [];

    public ScriptEngine()
    {
        _guard.Reset();
        _host = new ScriptHost(_engine, _guard);
        foreach (var name in (string[])["Function", "eval"]) _engine.Global.RemoveOwnProperty(name);
        _engine.Function.PrototypeObject.RemoveOwnProperty("constructor");
        // A frozen message on the prototype would keep errors from having one of their own.
        foreach (var name in (string[])["Error", "EvalError", "RangeError", "ReferenceError", "SyntaxError", "TypeError", "URIError"])
            _engine.Global.Get(name).AsObject().Get("prototype").AsObject().RemoveOwnProperty("message");
        var seen = new HashSet<ObjectInstance>(ReferenceEqualityComparer.Instance);
        WrapAll(_engine.Global, seen);
        WrapAll(_engine.RegExp.PrototypeObject, seen);
        Replace(new ScriptBuiltIns(_engine, _guard));
        foreach (var name in ScriptHost.Names) Define(_engine.Global, name, (_, arguments) => _host.Call(name, arguments));
        _engine.Global.FastAddProperty("variables", new ScriptVariables(_engine, _host) { Extensible = true }, false, false, false);
        FreezeAll();
    }

    /// <summary>The value of an expression in a scope.</summary>
    public object? Evaluate(ScriptExpression expression, Scope scope)
    {
        _host.Scope = scope;
        if (!_functions.TryGetValue(expression, out var function))
        {
            Reset();
            function = (FunctionInstance)_engine.Execute(ScriptSource.Parse(expression.Source)).GetCompletionValue().AsObject();
            _functions.Add(expression, function);
        }

        // Reading a script is not charged to it: a node that has just started reads slowly.
        Reset();
        return ScriptValues.FromScript(_guard, function.Call(JsValue.Undefined, Arguments.Empty));
    }

    private void Reset()
    {
        _guard.Reset();
        _engine.ResetStatementsCount();
        _engine.ResetTimeoutTicks();
        _engine.ResetCallStack();
    }

    /// <summary>Puts every function of an object, and of what hangs on it, behind the guard. Constructors stay: they only make things.</summary>
    private void WrapAll(ObjectInstance target, HashSet<ObjectInstance> seen)
    {
        if (!seen.Add(target)) return;
        foreach (var (name, property) in target.GetOwnProperties().ToList())
        {
            if (!property.IsDataDescriptor() || property.Value is not { } value || !value.IsObject()) continue;
            var held = value.AsObject();
            if (held is FunctionInstance function && held is not IConstructor && held is not ClrFunctionInstance { Extensible: false })
                target.FastSetProperty(name, new PropertyDescriptor(Fixed(_guard.Wrap(_engine, function)), false, false, false));
            else WrapAll(held, seen);
        }

        if (target.Prototype is not null) WrapAll(target.Prototype, seen);
    }

    private void Replace(ScriptBuiltIns builtIns)
    {
        Define(_engine.Global, ScriptRewriter.Add, (_, a) => builtIns.Add(a[0], a[1]));
        Define(_engine.Global, ScriptRewriter.AddTo, (_, a) => builtIns.AddTo(a[0], a[1], a[2]));
        Define(_engine.Global, ScriptRewriter.Pattern, (_, a) => builtIns.Pattern(a[0]));
        Define(_engine.Global, ScriptRewriter.Lookup, (_, a) => _host.Lookup(a));
        Define(_engine.Global, ScriptRewriter.Enter, (_, _) =>
        {
            _guard.Enter();
            return JsValue.Undefined;
        });
        Define(_engine.Array.PrototypeObject, "join", builtIns.Join);
        Define(_engine.Array.PrototypeObject, "toLocaleString", builtIns.Join);
        Define(_engine.String.PrototypeObject, "concat", builtIns.Concat);
        Define(_engine.String.PrototypeObject, "replace", builtIns.Replace);
        foreach (var name in (string[])["match", "search", "split"])
        {
            var inner = (FunctionInstance)_engine.String.PrototypeObject.Get(name).AsObject();
            Define(_engine.String.PrototypeObject, name, (self, arguments) =>
            {
                if (name != "split" && arguments.At(0).TryCast<Jint.Native.RegExp.RegExpInstance>() is null) arguments = [_engine.RegExp.Construct(arguments)];
                builtIns.Rehearse(arguments.At(0), self);
                return inner.Call(self, arguments);
            });
        }

        Define(_engine.Json, "parse", builtIns.ParseJson);
        Define(_engine.Json, "stringify", builtIns.WriteJson);
    }

    private void Define(ObjectInstance target, string name, Func<JsValue, JsValue[], JsValue> function) =>
        target.FastSetProperty(name, new PropertyDescriptor(Fixed(new ClrFunctionInstance(_engine, function)), false, false, false));

    private static ClrFunctionInstance Fixed(ClrFunctionInstance function)
    {
        function.Extensible = false;
        return function;
    }

    private void FreezeAll()
    {
        var seen = new HashSet<ObjectInstance>(ReferenceEqualityComparer.Instance);
        var open = new Stack<ObjectInstance>([_engine.Global, _engine.RegExp.PrototypeObject, _engine.Function.PrototypeObject]);
        while (open.TryPop(out var target))
        {
            if (!seen.Add(target) || target is ScriptVariables) continue;
            target.Extensible = false;
            if (target.Prototype is not null) open.Push(target.Prototype);
            foreach (var (_, property) in target.GetOwnProperties().ToList())
            {
                property.Configurable = false;
                if (property.IsDataDescriptor()) property.Writable = false;
                if (property.IsDataDescriptor() && property.Value is { } value && value.IsObject()) open.Push(value.AsObject());
            }
        }
    }
}
