using LeadSens.Sandbox;

if (SandboxOptions.Read(args, out var options) is { } mistake)
{
    await Console.Error.WriteLineAsync(mistake);
    return 2;
}

await using var host = await SandboxHost.StartAsync(options);
await Console.Out.WriteLineAsync($"Sandbox listening on {host.Url}");
await host.WaitForShutdownAsync();
return 0;
