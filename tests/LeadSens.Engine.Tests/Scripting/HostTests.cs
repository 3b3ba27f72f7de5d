using System.Diagnostics;

namespace LeadSens.Engine.Tests.Scripting;

/// <summary>The processes that evaluate scripts.</summary>
[Collection(nameof(HostileScriptTests))]
public sealed class HostTests
{
    private const string Unbounded = "[20, 1].map(x => x * 2)[0] + 2";

    [Fact]
    public async Task One_workspace_never_keeps_another_from_the_hosts()
    {
        using var pool = new ScriptHosts(new ScriptOptions { Hosts = 2, Time = TimeSpan.FromMilliseconds(300), Queue = TimeSpan.FromMinutes(2) });
        var (hostile, customer) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        var loops = Enumerable.Range(0, 12).Select(_ => Task.Factory.StartNew(() => Script.RunAsync("while (true) { }", tenant: hostile, scripts: pool), TaskCreationOptions.LongRunning).Unwrap()).ToList();
        await Task.WhenAny(loops);

        (await Script.RunAsync(Unbounded, tenant: customer, scripts: pool)).ShouldBe("42");

        loops.Count(loop => !loop.IsCompleted).ShouldBeGreaterThan(0, "the customer had to wait for all of them");
        foreach (var stopped in await Task.WhenAll(loops)) stopped.ShouldStartWith("! ExpressionError: JavaScript of box 'set' was stopped:");
    }

    [Fact]
    public async Task Whoever_waits_for_a_host_waits_for_its_turn_and_holds_no_thread()
    {
        using var pool = new ScriptHosts(new ScriptOptions { Hosts = 1, Time = TimeSpan.FromMilliseconds(300), Queue = TimeSpan.FromSeconds(1) });
        var loops = Enumerable.Range(0, 4).Select(_ => Task.Run(() => Script.RunAsync("while (true) { }", scripts: pool)));
        foreach (var stopped in await Task.WhenAll(loops)) stopped.ShouldStartWith("! ExpressionError: JavaScript of box 'set' was stopped:", Case.Sensitive, "a thread would have waited a second and given up");
    }

    [Fact]
    public void Nobody_looks_at_the_process_of_a_host_that_is_given_up()
    {
        var host = new ScriptHost(new ScriptOptions());
        host.Launch();
        ScriptWatch.Add(host);
        ScriptWatch.Watches(host).ShouldBeTrue();

        host.Dispose();

        ScriptWatch.Watches(host).ShouldBeFalse("it would break the watch, and that the service");
    }

    [Fact]
    public void A_process_may_end_while_one_looks_at_it()
    {
        using var host = new ScriptHost(new ScriptOptions());
        for (var round = 0; round < 20; round++)
        {
            host.Launch();
            using (var process = Process.GetProcessById(host.ProcessId!.Value)) process.Kill();
            while (host.IsRunning) host.Check();
            host.Check();
        }
    }

    [Fact]
    public async Task A_host_has_nothing_of_our_environment_and_no_root()
    {
        using var pool = new ScriptHosts(new ScriptOptions { Hosts = 1 });
        Environment.SetEnvironmentVariable("LeadSens__EncryptionKey", "a secret");
        try
        {
            (await Script.RunAsync(Unbounded, scripts: pool)).ShouldBe("42");
        }
        finally
        {
            Environment.SetEnvironmentVariable("LeadSens__EncryptionKey", null);
        }

        var id = pool.ProcessIds.ShouldHaveSingleItem();
        File.ReadAllText($"/proc/{id}/environ").ShouldNotContain("LeadSens", Case.Insensitive);
        var user = File.ReadAllLines($"/proc/{id}/status").Single(line => line.StartsWith("Uid:", StringComparison.Ordinal)).Split('\t')[2];
        user.ShouldNotBe("0");
        File.ReadAllLines($"/proc/{id}/limits").Single(line => line.StartsWith("Max core", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[4].ShouldBe("0");
    }

    [Fact]
    public async Task A_host_that_ended_is_replaced()
    {
        using var pool = new ScriptHosts(new ScriptOptions { Hosts = 1 });
        (await Script.RunAsync(Unbounded, scripts: pool)).ShouldBe("42");
        using (var process = Process.GetProcessById(pool.ProcessIds.ShouldHaveSingleItem()))
        {
            process.Kill();
            await process.WaitForExitAsync();
        }

        (await Script.RunAsync(Unbounded, scripts: pool)).ShouldBe("42");
    }

    [Fact]
    public async Task A_host_ends_when_nobody_is_left_to_ask_it()
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardInput = true, RedirectStandardOutput = true };
        foreach (var argument in (string[])[Path.Combine(AppContext.BaseDirectory, "LeadSens.Scripts.dll"), "1000", "64", "1000"]) start.ArgumentList.Add(argument);
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        await process.WaitForExitAsync(new CancellationTokenSource(TimeSpan.FromMinutes(1)).Token);
        process.ExitCode.ShouldBe(0);
    }
}
