using LeadSens.Bench;
using LeadSens.Bench.Auth;
using LeadSens.Bench.Campaign;
using LeadSens.Bench.Neighbours;
using LeadSens.Bench.Workflows;

if (args is [Attacks.Role, var server, var attacks, ..]) return await Attacker.RunAsync(new(server), attacks);

Scenario[] scenarios =
[
    new CampaignScenario(), FlowScenario.Plain, FlowScenario.Script, FlowScenario.Host, new SuspendScenario(), new ResumeScenario(), new ScaleScenario(), new TimersScenario(),
    new AuthScenario(), new NeighboursScenario(),
];

var scenario = scenarios.FirstOrDefault(candidate => args.Length > 0 && candidate.Name == args[0]);
if (scenario is null)
{
    Console.WriteLine("./bench.sh <scenario> [options] [--json]");
    foreach (var known in scenarios) Console.WriteLine($"  {known.Name,-15} {known.Summary}\n                  {known.Options}");
    return args.Length == 0 ? 0 : 2;
}
var arguments = BenchArguments.Parse(args.AsSpan(1));
using var interrupted = new CancellationTokenSource();
Console.CancelKeyPress += (_, press) =>
{
    // What was started is ended.
    press.Cancel = true;
    interrupted.Cancel();
};
try
{
    var result = await scenario.RunAsync(arguments, interrupted.Token);
    if (arguments.Json) Console.WriteLine(result.ToJson(scenario.Name).ToJsonString());
    else result.Print(scenario.Name);
    foreach (var fault in result.Faults) await Console.Error.WriteLineAsync($"not as it should be: {fault}");
    return result.Faults.Count == 0 ? 0 : 1;
}
catch (OperationCanceledException) when (interrupted.IsCancellationRequested)
{
    return 130;
}
catch (Exception fault) when (fault is InvalidOperationException or HttpRequestException)
{
    await Console.Error.WriteLineAsync(fault.Message);
    return 1;
}
