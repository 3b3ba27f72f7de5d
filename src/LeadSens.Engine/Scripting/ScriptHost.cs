using System.Buffers;
using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using LeadSens.Scripts;

namespace LeadSens.Engine;

/// <summary>One host process, which evaluates one script at a time. A script that oversteps costs the process and nothing else.</summary>
internal sealed class ScriptHost(ScriptOptions options) : IDisposable
{
    private const int MaxCalls = 10_000;
    private const long MaxBytes = 8 * 1024 * 1024;

    private static readonly TimeSpan Start = TimeSpan.FromSeconds(20);
    /// <summary>How many times its limit a script may take on a machine that gives it no processor.</summary>
    private const int Patience = 4;

    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(20);

    private static readonly TimeSpan Usual = TimeSpan.FromMilliseconds(1);

    private static readonly TimeSpan Grace = TimeSpan.FromMilliseconds(250);

    private Process? _process;
    private Frames _frames = null!;
    private long _deadline;
    private long _lastMoment;
    private TimeSpan _usedBefore;
    private string? _overstepped;
    private TimeSpan _usedInAll;

    /// <summary>The workspace whose script cost the last process; it waits for the next one itself.</summary>
    public Guid BrokenBy { get; private set; }

    public bool IsRunning => _process is { HasExited: false };

    /// <summary>True once the process has evaluated, so that the next script does not wait for its start.</summary>
    public bool IsWarm { get; private set; }

    /// <summary>True for one that replaces a process which a script cost: where processors are scarce it stands back, its start included.</summary>
    public bool IsSecondary { get; private set; }

    public int? ProcessId => _process?.Id;

    /// <summary>What the last evaluation took of a processor, about.</summary>
    public TimeSpan Took { get; private set; }

    /// <summary>Starts a process without waiting for it.</summary>
    public void Launch()
    {
        Dispose();
        var start = new ProcessStartInfo(Dotnet()) { RedirectStandardInput = true, RedirectStandardOutput = true };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "LeadSens.Scripts.dll"));
        foreach (var argument in options.Limits.ToArguments()) start.ArgumentList.Add(argument);
        _process = ChildProcess.Start(start, new Dictionary<string, string>
        {
            ["DOTNET_GCHeapHardLimit"] = (options.HeapMegabytes * 1024L * 1024).ToString("x", CultureInfo.InvariantCulture), ["DOTNET_GCgen0size"] = "400000",
            ["DOTNET_EnableDiagnostics"] = "0", ["DOTNET_EnableWriteXorExecute"] = "0",
        });
        _usedInAll = TimeSpan.Zero;
        IsSecondary = BrokenBy != Guid.Empty;
        if (IsSecondary) HostPriority.Lower(_process.Id);
        _frames = new Frames(_process.StandardOutput.BaseStream, _process.StandardInput.BaseStream);
    }

    /// <exception cref="ExpressionException">It failed, or it was stopped.</exception>
    public object? Evaluate(ScriptProgram program, Scope scope)
    {
        AwaitReady();
        Watch(options.Time + Grace);
        var began = Stopwatch.GetTimestamp();
        try
        {
            _frames.Write(Request(program));
            return Converse(scope);
        }
        catch (Exception exception) when (exception is IOException or InvalidDataException or JsonException)
        {
            throw Ended(scope);
        }
        finally
        {
            ScriptWatch.Remove(this);
            Took = Cost(Stopwatch.GetElapsedTime(began));
            Retire(scope.TenantId);
        }
    }

    /// <summary>Kills the process when it takes too long or too much. Called by the watch.</summary>
    public void Check()
    {
        if (Seen(Used) is not { } used) return;
        if (IsLate(used)) Kill("it takes too long.");
        else if (Seen(Memory) > options.MemoryMegabytes * 1024L * 1024) Kill($"it takes more memory than it may ({options.HeapMegabytes} MB).");
    }

    /// <summary>First nobody looks at its process any more: to look at one that is being let go breaks the watch, and with it the service.</summary>
    public void Dispose()
    {
        ScriptWatch.Remove(this);
        IsWarm = false;
        if (_process is null) return;
        if (!_process.HasExited) _process.Kill();
        _process.Dispose();
        _process = null;
    }

    /// <summary>The command that this process itself runs on, wherever it is installed.</summary>
    private static string Dotnet()
    {
        var beside = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", "dotnet"));
        return File.Exists(beside) ? beside : "dotnet";
    }

    private static byte[] Request(ScriptProgram program) => JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, object> { ["body"] = program.Body, ["names"] = program.Names });

    private void AwaitReady()
    {
        if (!IsRunning) Launch();
        if (IsWarm) return;
        Watch(Start);
        try
        {
            if (_frames.Read() is null) throw new ExpressionException("The script host did not start.");
            IsWarm = true;
        }
        finally
        {
            ScriptWatch.Remove(this);
        }
    }

    private void Watch(TimeSpan time)
    {
        (_overstepped, _usedBefore) = (null, TimeSpan.MaxValue);
        _deadline = Stopwatch.GetTimestamp() + (long)(time.TotalSeconds * Stopwatch.Frequency);
        _lastMoment = Stopwatch.GetTimestamp() + (long)(Patience * time.TotalSeconds * Stopwatch.Frequency);
        ScriptWatch.Add(this);
    }

    /// <summary>On a machine with other work the process may not have had the time that has passed; it gets it, within reason.</summary>
    private bool IsLate(TimeSpan used)
    {
        if (_usedBefore == TimeSpan.MaxValue) _usedBefore = used;
        var now = Stopwatch.GetTimestamp();
        return now > _lastMoment || now > _deadline && used - _usedBefore > options.Time;
    }

    /// <summary>A short one costs what short ones cost, however long its host waited for a processor; of a long one the system says how much of the time the host had a processor, unless it was stopped.</summary>
    private TimeSpan Cost(TimeSpan passed)
    {
        if (passed < Short) return passed < Usual ? passed : Usual;
        if (_overstepped is not null || Seen(Used) is not { } total) return passed < options.Time ? passed : options.Time;
        var before = _usedInAll;
        _usedInAll = total;
        return total - before < passed ? total - before : passed;
    }

    private static TimeSpan Used(Process process) => process.TotalProcessorTime;

    private static long Memory(Process process) => process.WorkingSet64;

    /// <summary>What the system says of its process; null where it has ended, which it may do while one looks.</summary>
    private T? Seen<T>(Func<Process, T> figure) where T : struct
    {
        if (_process is not { } process) return null;
        try
        {
            process.Refresh();
            return process.HasExited ? null : figure(process);
        }
        catch (Exception ended) when (ended is InvalidOperationException or Win32Exception)
        {
            return null;
        }
    }

    private void Kill(string reason)
    {
        _overstepped = reason;
        _process!.Kill();
    }

    /// <summary>Answers what the script asks, until it ends.</summary>
    private object? Converse(Scope scope)
    {
        ExpressionException? failure = null;
        var bytes = 0L;
        for (var calls = 0; ; calls++)
        {
            var message = _frames.Read() ?? throw Ended(scope);
            using var answer = JsonDocument.Parse(message, new JsonDocumentOptions { MaxDepth = HostLimits.Depth + 8 });
            var root = answer.RootElement;
            if (root.TryGetProperty("unfit", out _)) Dispose();
            if (!root.TryGetProperty("call", out var call)) return failure is null ? Result(root, scope) : throw failure;
            bytes += message.Length;
            if (calls >= MaxCalls || bytes > MaxBytes) failure ??= Stopped(scope, "it does too much.");
            var reply = failure is null ? Answer(call.GetString()!, root, scope, ref failure) : Stop;
            bytes += reply.Length;
            _frames.Write(reply);
        }
    }

    private static byte[] Stop => "{\"stop\":true}"u8.ToArray();

    private static byte[] Answer(string name, JsonElement call, Scope scope, ref ExpressionException? failure)
    {
        try
        {
            var texts = call.GetProperty("texts").EnumerateArray().Select(text => text.GetString()).ToList();
            var value = RunFunctions.Call(name, texts, call.TryGetProperty("argument", out var argument) ? Value.From(argument) : null, scope);
            return ReferenceEquals(value, RunFunctions.None) ? "{\"none\":true}"u8.ToArray() : Reply("value", value);
        }
        catch (MissingNameException exception)
        {
            return Reply("missing", exception.Message);
        }
        catch (ExpressionException exception)
        {
            failure = exception;
            return Stop;
        }
    }

    private static byte[] Reply(string kind, object? value)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WritePropertyName(kind);
            Value.Write(json, value);
            json.WriteEndObject();
        }

        if (buffer.WrittenCount > Frames.Longest) throw new ExpressionException($"A script reads values of {Frames.Longest / 1024 / 1024} MB at most.");
        return buffer.WrittenSpan.ToArray();
    }

    private static object? Result(JsonElement answer, Scope scope)
    {
        if (answer.TryGetProperty("value", out var value)) return Value.From(value);
        if (answer.TryGetProperty("refused", out var refused)) throw new ExpressionException(refused.GetString()!);
        if (answer.TryGetProperty("failed", out var failed)) throw new ExpressionException($"JavaScript of {scope.Current.Activity.Title} failed: {failed.GetString()}");
        throw Stopped(scope, answer.TryGetProperty("stopped", out var stopped) ? stopped.GetString()! : "its host does not keep to the form.");
    }

    private ExpressionException Ended(Scope scope) => Stopped(scope, _overstepped ?? "it takes more stack or memory than it may.");

    private static ExpressionException Stopped(Scope scope, string reason) => new($"JavaScript of {scope.Current.Activity.Title} was stopped: {reason}");

    /// <summary>A process that a script has ended, or blown up, is replaced at once, so that nobody waits for that later.</summary>
    private void Retire(Guid tenantId)
    {
        // A process that was killed may still look as if it ran.
        if (_overstepped is null && Seen(Memory) < options.MemoryMegabytes * 1024L * 1024 * 3 / 4) return;
        BrokenBy = tenantId;
        Launch();
    }
}
