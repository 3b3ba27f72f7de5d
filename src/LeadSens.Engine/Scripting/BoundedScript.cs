using System.Text.Json;

namespace LeadSens.Engine;

/// <summary>A script that is bounded by construction: expressions without functions, loops and calls of anything but our own accessors. Each node is
/// evaluated once at most, on plain values; characters are counted. Whatever is not plain (an object as an operand, a method, an error to be thrown) makes
/// it give up before it has changed anything, and a host evaluates the script instead.</summary>
internal sealed class BoundedScript(IReadOnlyList<BoundedNode> statements, int locals)
{
    /// <summary>False when only a host can tell the value; nothing has happened then.</summary>
    public bool TryEvaluate(Scope scope, out object? value)
    {
        var run = new BoundedRun(scope, locals);
        try
        {
            object? last = Undefined.Value;
            foreach (var statement in statements)
            {
                last = statement.Evaluate(run);
                if (run.IsDone) break;
            }

            value = run.Result(last);
        }
        catch (UnboundedException)
        {
            value = null;
            return false;
        }

        run.Write();
        return true;
    }
}

/// <summary>JavaScript's undefined.</summary>
internal sealed class Undefined
{
    public static readonly Undefined Value = new();
}

/// <summary>Something turned up that only a host evaluates.</summary>
internal sealed class UnboundedException : Exception;

/// <summary>One evaluation in this process. Values are null, <see cref="Undefined"/>, bool, double, string, a <see cref="JsonElement"/> or what a literal
/// made: a list or a list of members.</summary>
internal sealed class BoundedRun(Scope scope, int locals)
{
    private readonly object?[] _locals = locals == 0 ? [] : new object?[locals];
    private List<(string Name, IReadOnlyList<string?> Texts, object? Value)>? _writes;
    private int _work;

    /// <summary>A return was met.</summary>
    public bool IsDone { get; set; }

    public object? this[int local]
    {
        get => _locals[local];
        set => _locals[local] = value;
    }

    public void Charge(int work)
    {
        if ((_work += work) > ScriptLimits.Work) throw new UnboundedException();
    }

    /// <summary>Reads from the run. After something was written the script would have to see it; a host knows how.</summary>
    public object? Read(string name, IReadOnlyList<string?> texts)
    {
        if (_writes is not null) throw new UnboundedException();
        try
        {
            var value = RunFunctions.Call(name, texts, null, scope);
            return ReferenceEquals(value, RunFunctions.None) ? Undefined.Value : FromWorkflow(value);
        }
        catch (MissingNameException)
        {
            throw new UnboundedException();
        }
    }

    public void Note(string name, IReadOnlyList<string?> texts, object? value) => (_writes ??= []).Add((name, [.. texts.Select(text => text is null ? null : WholeText.Of(text))], Result(value)));

    /// <summary>Does what the script wants written, in its order.</summary>
    public void Write()
    {
        foreach (var (name, texts, value) in _writes ?? []) RunFunctions.Call(name, texts, value, scope);
    }

    /// <summary>A value as workflows have it.</summary>
    public object? Result(object? value)
    {
        switch (value)
        {
            case Undefined or null: return null;
            case double number: return Value.FromDouble(number);
            case string text: return WholeText.Of(text);
            case List<object?> or List<KeyValuePair<string, object?>>: break;
            default: return value;
        }

        var buffer = new System.Buffers.ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer)) Write(json, value, 0);
        return JsonElement.Parse(buffer.WrittenSpan);
    }

    private static object? FromWorkflow(object? value) => value switch
    {
        long number => (double)number,
        decimal number => (double)number,
        _ => value,
    };

    private void Write(Utf8JsonWriter json, object? value, int depth)
    {
        if (depth > LeadSens.Scripts.HostLimits.Depth) throw new UnboundedException();
        Charge(8);
        switch (value)
        {
            case List<object?> list:
                json.WriteStartArray();
                foreach (var item in list) Write(json, item, depth + 1);
                json.WriteEndArray();
                break;
            case List<KeyValuePair<string, object?>> members:
                json.WriteStartObject();
                foreach (var (name, member) in members)
                {
                    if (member is Undefined) continue;
                    json.WritePropertyName(name);
                    Write(json, member, depth + 1);
                }

                json.WriteEndObject();
                break;
            default:
                if (value is JsonElement element) Charge(Plain.Size(element));
                if (value is string text) Charge(text.Length);
                Value.Write(json, Result(value));
                break;
        }
    }
}
