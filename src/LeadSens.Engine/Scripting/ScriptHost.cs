using System.Text;
using Jint.Native;
using Jint.Native.Object;
using Jint.Runtime;
using Jint.Runtime.Descriptors;

namespace LeadSens.Engine;

/// <summary>The functions that scripts get from the engine: Elsa's, on the scope of the box that is evaluated.</summary>
internal sealed class ScriptHost(Jint.Engine engine, ScriptGuard guard)
{
    private delegate object? Function(ScriptHost host, JsValue[] arguments);

    private static readonly Dictionary<string, Function> Functions = new(StringComparer.Ordinal)
    {
        ["getVariable"] = static (host, a) => host.GetVariable(Text(a, 0)),
        ["setVariable"] = static (host, a) => host.SetVariable(Text(a, 0), host.Take(a, 1)),
        ["getInput"] = static (host, a) => host.Scope.GetInput(Text(a, 0)),
        ["getOutputFrom"] = static (host, a) => host.Scope.GetOutput(Text(a, 0), a.Length > 1 && !a[1].IsUndefined() ? Text(a, 1) : null),
        ["getLastResult"] = static (host, _) => host.Scope.State.LastResult,
        ["getWorkflowDefinitionId"] = static (host, _) => host.Scope.Definition.DefinitionId,
        ["getWorkflowDefinitionVersionId"] = static (host, _) => host.Scope.Definition.Id,
        ["getWorkflowDefinitionVersion"] = static (host, _) => (long)host.Scope.Definition.Version,
        ["getWorkflowInstanceId"] = static (host, _) => host.Scope.InstanceId.ToString(),
        ["getWorkflowInstanceName"] = static (host, _) => host.Scope.State.Name,
        ["setWorkflowInstanceName"] = static (host, a) => host.Scope.State.Name = Text(a, 0),
        ["getCorrelationId"] = static (host, _) => host.Scope.State.CorrelationId,
        ["setCorrelationId"] = static (host, a) => host.Scope.State.CorrelationId = Text(a, 0),
        ["setOutcome"] = static (host, a) => host.SetOutcomes("Outcome", host.Take(a, 0), [Text(a, 0)]),
        ["setOutcomes"] = static (host, a) => host.SetOutcomes("Outcomes", host.Take(a, 0), Value.TryTo<string[]>(host.Take(a, 0), out var names) ? names : null),
        ["createEventTriggerUrl"] = static (host, a) => host.EventLink(Text(a, 0), host.Take(a, 1)),
        ["isNullOrWhiteSpace"] = static (host, a) => host.Take(a, 0) is null || string.IsNullOrWhiteSpace(Text(a, 0)),
        ["isNullOrEmpty"] = static (host, a) => host.Take(a, 0) is null || Text(a, 0).Length == 0,
        ["toJson"] = static (host, a) => ScriptValues.ToJson(host._guard, a.At(0), 0),
        ["parseGuid"] = static (_, a) => Guid.TryParse(Text(a, 0), out var id) ? id.ToString() : throw new ExpressionException($"'{Text(a, 0)}' is no GUID."),
        ["newGuid"] = static (_, _) => Guid.CreateVersion7().ToString(),
        ["newGuidString"] = static (_, _) => Guid.CreateVersion7().ToString(),
        ["newShortGuid"] = static (_, _) => Convert.ToBase64String(Guid.CreateVersion7().ToByteArray())[..22].Replace('+', '-').Replace('/', '_'),
        ["stringToBase64"] = static (_, a) => Convert.ToBase64String(Encoding.UTF8.GetBytes(Text(a, 0))),
        ["stringFromBase64"] = static (_, a) => Encoding.UTF8.GetString(Bytes(Text(a, 0))),
        ["bytesToString"] = static (_, a) => Encoding.UTF8.GetString(Bytes(Text(a, 0))),
        ["bytesFromString"] = static (_, a) => Convert.ToBase64String(Encoding.UTF8.GetBytes(Text(a, 0))),
        ["bytesToBase64"] = static (_, a) => Text(a, 0),
        ["bytesFromBase64"] = static (_, a) => Text(a, 0),
    };

    private readonly ScriptGuard _guard = guard;

    /// <summary>All names; bytes are carried as Base64 text.</summary>
    public static IReadOnlyCollection<string> Names => Functions.Keys;

    /// <summary>The scope of the evaluation that runs.</summary>
    public Scope Scope { get; set; } = null!;

    public JsValue Call(string name, JsValue[] arguments)
    {
        _guard.Enter();
        return Give(Functions[name](this, arguments));
    }

    /// <summary>getName(), setName(value), getOutputFromActivity(): names that Elsa generates from the definition.</summary>
    public JsValue Lookup(JsValue[] arguments)
    {
        _guard.Enter();
        var accessor = arguments[0].AsString();
        var name = accessor[3..];
        if (accessor[0] == 's') return Give(SetVariable(Named(name)?.Name ?? name, Take(arguments, 1)));
        if (Named(name) is { } variable) return Give(Scope.Get(variable));
        if (Scope.Inputs.FirstOrDefault(input => input.Name.Equals(name, StringComparison.OrdinalIgnoreCase)) is { } input) return Give(Scope.GetInput(input.Name));
        var from = name.LastIndexOf("From", StringComparison.Ordinal);
        if (from > 0 && Scope.Definition.Activities.FirstOrDefault(box => Pascal(box.Name) == name[(from + 4)..]) is { } source) return Give(Scope.GetOutput(source.Id, name[..from]));
        throw new JavaScriptException(engine.ReferenceError, $"{accessor} is not defined");
    }

    public object? GetVariable(string name) => Scope.Argument is { } argument && argument.Name == name ? argument.Value : Scope.FindVariable(name) is { } variable ? Scope.Get(variable) : throw new ExpressionException($"There is no variable '{name}' in scope.");

    public object? SetVariable(string name, object? value)
    {
        Scope.Set(Scope.FindVariable(name) ?? throw new ExpressionException($"There is no variable '{name}' in scope."), value);
        return null;
    }

    /// <summary>Sets the outcomes of a RunJavaScript; anywhere else it is the accessor of a variable with that name.</summary>
    private object? SetOutcomes(string variable, object? value, string[]? names)
    {
        if (Scope.ScriptOutcomes is not { } outcomes)
            return SetVariable((Named(variable) ?? throw new ExpressionException("Only the script of a RunJavaScript sets outcomes.")).Name, value);
        outcomes.Clear();
        outcomes.AddRange(names ?? throw new ExpressionException("setOutcomes takes a list of names."));
        return null;
    }

    /// <param name="limit">A span of time for how long, a moment until when; for ever without one.</param>
    private string EventLink(string name, object? limit)
    {
        if (Scope.EventLink is not { } make) throw new ExpressionException("This host has no addresses for events.");
        if (string.IsNullOrWhiteSpace(name)) throw new ExpressionException("createEventTriggerUrl takes the name of an event.");
        TimeSpan? span = Value.TryTo<TimeSpan>(limit, out var lifetime) && limit is not null ? lifetime : null;
        DateTimeOffset? moment = span is null && limit is not null
            ? Value.TryTo<DateTimeOffset>(limit, out var until) ? until : throw new ExpressionException($"createEventTriggerUrl takes a span of time or a moment, not {Scope.Describe(limit)}.")
            : null;
        return make(new EventLinkRequest(Scope.InstanceId, Scope.TenantId, name, span, moment));
    }

    public JsValue Give(object? value) => ScriptValues.ToScript(engine, _guard, value);

    public object? Take(JsValue value) => ScriptValues.FromScript(_guard, value);

    private object? Take(JsValue[] arguments, int index) => Take(arguments.At(index));

    private Variable? Named(string name) => Scope.FindVariable(name) ?? Scope.FindVariable(char.ToLowerInvariant(name[0]) + name[1..]);

    private static string Pascal(string? name) => string.IsNullOrEmpty(name) ? "" : char.ToUpperInvariant(name[0]) + name[1..];

    private static string Text(JsValue[] arguments, int index) => TypeConverter.ToString(arguments.At(index));

    private static byte[] Bytes(string text)
    {
        var bytes = new byte[text.Length];
        return Convert.TryFromBase64String(text, bytes, out var length) ? bytes[..length] : throw new ExpressionException("The text is not Base64.");
    }
}

/// <summary>The object <c>variables</c>: one property per variable in scope.</summary>
internal sealed class ScriptVariables(Jint.Engine engine, ScriptHost host) : ObjectInstance(engine)
{
    public override JsValue Get(string propertyName) => host.Scope.FindVariable(propertyName) is { } variable ? host.Give(host.Scope.Get(variable)) : JsValue.Undefined;

    public override void Put(string propertyName, JsValue value, bool throwOnError) => host.SetVariable(propertyName, host.Take(value));

    public override PropertyDescriptor GetOwnProperty(string propertyName) =>
        host.Scope.FindVariable(propertyName) is null ? PropertyDescriptor.Undefined : new PropertyDescriptor(Get(propertyName), false, true, false);
}
