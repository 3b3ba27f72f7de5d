using System.Text.Json;
using LeadSens.Scripts;

// The script host: reads scripts from standard input and answers on standard output, one after the other, until its input ends.
if (args.Length != 3)
{
    Console.Error.WriteLine("LeadSens.Scripts is started by the Server; it is no program of its own.");
    return 2;
}

var limits = HostLimits.Of(args);
var frames = new Frames(Console.OpenStandardInput(), Console.OpenStandardOutput());
var thread = new Thread(Serve, HostLimits.StackMegabytes * 1024 * 1024);
thread.Start();
thread.Join();
return 0;

void Serve()
{
    WarmUp();
    Native.Confine();
    WarmUp();
    var next = new Evaluation(frames, limits);
    frames.Write("{\"ready\":true}"u8);
    while (frames.Read() is { } request)
    {
        Native.LimitCpu(limits.Time);
        using var script = JsonDocument.Parse(request);
        var (answer, fit) = next.Run(script.RootElement);
        frames.Write(answer.Span);
        if (!fit) return;
        next = new Evaluation(frames, limits);
    }
}

// The first evaluation of a process compiles most of the interpreter; nobody should wait for that.
void WarmUp()
{
    using var script = JsonDocument.Parse("""{"names":[],"body":"var o = { a: [1, 'x', null] }; for (const i of [1, 2]) o['k' + i] = JSON.parse('[1]').map(x => x + 1); return o;"}""");
    new Evaluation(frames, limits).Run(script.RootElement);
}
