using System.Buffers;
using System.Text.Json;
using System.Text.RegularExpressions;
using Jint;
using Jint.Native;
using Jint.Runtime;

namespace LeadSens.Scripts;

/// <summary>One evaluation: a fresh interpreter, furnished beforehand, that runs one script and is thrown away.</summary>
internal sealed class Evaluation
{
    private readonly Frames _frames;
    private readonly HostLimits _limits;
    private readonly Jint.Engine _engine;
    private bool _ended;

    public Evaluation(Frames frames, HostLimits limits)
    {
        (_frames, _limits, _engine) = (frames, limits, ScriptRealm.Create(limits));
        ScriptRealm.Furnish(_engine, this);
    }

    /// <summary>Runs a script: its body and the names of the functions that its definition may have.</summary>
    /// <returns>The message that answers it, and whether the process is fit for another one.</returns>
    public (ReadOnlyMemory<byte> Answer, bool Fit) Run(JsonElement request)
    {
        try
        {
            foreach (var name in request.GetProperty("names").EnumerateArray().Select(name => name.GetString()!))
                ScriptRealm.Define(_engine, name, arguments => Call(name, ScriptFunctions.SignatureOf(name), arguments));
            var function = _engine.Evaluate($"(function(){{\"use strict\";\n{request.GetProperty("body").GetString()}\n}})");
            return (Message("value", Settle(_engine.Invoke(function))), true);
        }
        catch (JavaScriptException exception)
        {
            return (Message("failed", Short(exception.Message)), true);
        }
        catch (PromiseRejectedException exception)
        {
            return (Message("failed", Short(Text(exception.RejectedValue))), true);
        }
        catch (ScriptRefusedException exception)
        {
            return (Message("refused", Short(exception.Message)), true);
        }
        catch (Exception exception)
        {
            var fit = exception is not OutOfMemoryException;
            return (Message("stopped", Short(Reason(exception)), fit), fit);
        }
    }

    /// <summary>Asks the engine for what a function of a run gives.</summary>
    public JsValue Call(string name, ArgumentKind[] signature, JsValue[] arguments)
    {
        var texts = new List<string?>();
        JsValue? value = null;
        for (var i = 0; i < signature.Length; i++)
        {
            var given = signature[i] == ArgumentKind.FirstAsValue ? arguments.ElementAtOrDefault(0) : arguments.ElementAtOrDefault(i);
            if (signature[i] is ArgumentKind.Value or ArgumentKind.FirstAsValue) value = given ?? JsValue.Undefined;
            else texts.Add(signature[i] == ArgumentKind.OptionalText && (given is null || given.IsUndefined()) ? null : TypeConverter.ToString(given ?? JsValue.Undefined));
        }

        return Ask(name, texts, value);
    }

    /// <summary>Undefined where the engine has no such thing.</summary>
    public JsValue Ask(string name, IReadOnlyList<string?> texts, JsValue? value)
    {
        if (_ended) throw new ScriptStoppedException("it was stopped.");
        _frames.Write(Question(name, texts, value));
        using var answer = JsonDocument.Parse(_frames.Read() ?? throw new ScriptStoppedException("nobody waits for it."));
        if (answer.RootElement.TryGetProperty("value", out var given)) return ScriptValues.ToScript(_engine, given);
        if (answer.RootElement.TryGetProperty("missing", out var missing)) throw new JavaScriptException(_engine.Construct("ReferenceError", missing.GetString()!));
        if (answer.RootElement.TryGetProperty("none", out _)) return JsValue.Undefined;
        _ended = true;
        throw new ScriptStoppedException("it was stopped.");
    }

    private static ReadOnlySpan<byte> Question(string name, IReadOnlyList<string?> texts, JsValue? value)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("call", name);
            json.WriteStartArray("texts");
            foreach (var text in texts)
            {
                if (text?.Length > Frames.Longest / 8) throw new ScriptStoppedException("it gives a text that is too long.");
                json.WriteStringValue(text);
            }

            json.WriteEndArray();
            if (value is not null)
            {
                json.WritePropertyName("argument");
                ScriptValues.Write(json, value);
            }

            json.WriteEndObject();
        }

        return buffer.WrittenSpan;
    }

    /// <summary>Runs what the script left to be run; a promise is what it becomes.</summary>
    private JsValue Settle(JsValue value)
    {
        _engine.Advanced.ProcessTasks();
        return value.IsPromise() ? value.UnwrapIfPromise(_limits.Time) : value;
    }

    private static ReadOnlyMemory<byte> Message(string kind, JsValue value, bool fit = true)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WritePropertyName(kind);
            ScriptValues.Write(json, value);
            if (!fit) json.WriteBoolean("unfit", true);
            json.WriteEndObject();
        }

        return buffer.WrittenMemory;
    }

    private static string Short(string message) => message.Length > 1000 ? message[..1000] + "…" : message;

    private static string Text(JsValue reason) => reason is Jint.Native.Object.ObjectInstance error && error.Get("message") is JsString message ? message.ToString() : reason.ToString();

    private string Reason(Exception exception) => exception switch
    {
        ScriptStoppedException => exception.Message,
        TimeoutException or RegexMatchTimeoutException or ExecutionCanceledException => "it takes too long.",
        StatementsCountOverflowException => "it does too much.",
        RecursionDepthOverflowException or InsufficientExecutionStackException => "it calls itself too deeply.",
        MemoryLimitExceededException or OutOfMemoryException => $"it takes more memory than it may ({_limits.HeapMegabytes} MB).",
        _ => exception.Message,
    };
}
