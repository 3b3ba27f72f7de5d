using LeadSens.Demo;

if (DemoArguments.Parse(args) is not { } arguments)
{
    await Console.Error.WriteLineAsync(DemoArguments.Usage);
    return 2;
}
using var interrupted = new CancellationTokenSource();
Console.CancelKeyPress += (_, key) => { key.Cancel = true; interrupted.Cancel(); };
try
{
    await using var server = await RunningServer.FindOrStartAsync(arguments.Port, interrupted.Token);
    var view = new ProgressView(terminal: !Console.IsOutputRedirected && !arguments.Json);
    var result = await new DemoRun(server, arguments, view).RunAsync(interrupted.Token);
    var faults = result.Faults();
    foreach (var fault in faults) await Console.Error.WriteLineAsync($"not as it should be: {fault}");
    Console.WriteLine(arguments.Json ? result.ToJson().ToJsonString() : result.ToSummary());
    return faults.Count == 0 ? 0 : 1;
}
catch (OperationCanceledException) when (interrupted.IsCancellationRequested)
{
    await Console.Error.WriteLineAsync("interrupted; the campaign goes on when the Server starts again");
    return 130;
}
catch (Exception fault) when (fault is InvalidOperationException or HttpRequestException)
{
    await Console.Error.WriteLineAsync(fault.Message);
    return 1;
}
