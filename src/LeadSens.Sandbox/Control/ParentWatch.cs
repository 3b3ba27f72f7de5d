using System.Diagnostics;

namespace LeadSens.Sandbox.Control;

/// <summary>Ends the Sandbox ten minutes after the process it belongs to: long enough for a restarted Server to adopt it.</summary>
internal sealed class ParentWatch(SandboxOptions options, TimeProvider clock, IHostApplicationLifetime lifetime) : BackgroundService
{
    private static readonly TimeSpan Grace = TimeSpan.FromMinutes(10);

    /// <summary>Null when nobody's end matters.</summary>
    public int? Pid { get; set; } = options.ParentPid;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(5), clock);
        var lastSeen = clock.GetTimestamp();
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            if (Pid is not { } pid || IsRunning(pid))
            {
                lastSeen = clock.GetTimestamp();
            }
            else if (clock.GetElapsedTime(lastSeen) > Grace)
            {
                lifetime.StopApplication();
                return;
            }
        }
    }

    private static bool IsRunning(int pid)
    {
        try
        {
            using var process = Process.GetProcessById(pid);
            return !process.HasExited;
        }
        catch (Exception gone) when (gone is ArgumentException or InvalidOperationException)
        {
            return false;
        }
    }
}
