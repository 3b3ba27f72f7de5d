using Microsoft.Extensions.Options;

namespace LeadSens.Server.Jobs;

/// <summary>Claims jobs of all kinds for this node: woken by commits, by places that came free, by due times, and every second.</summary>
internal sealed class JobWorker(
    IEnumerable<KindRunner> runners, JobRounds rounds, Housekeeping housekeeping, CapacitySignal capacity, JobSignal signal,
    IOptions<JobsOptions> options, TimeProvider time, ILogger<JobWorker> logger) : BackgroundService
{
    private readonly KindRunner[] runners = [.. runners];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        // Commits and due times ask for a new look, free places for a claim from what the last look saw.
        var looking = ForwardAsync(stoppingToken);
        var (lastSweep, wait) = (0L, TimeSpan.Zero);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                if (lastSweep == 0 || time.GetElapsedTime(lastSweep) >= options.Value.Sweep)
                {
                    lastSweep = time.GetTimestamp();
                    await housekeeping.SweepAsync(stoppingToken);
                    rounds.LookAgain();
                }

                wait = await rounds.RunAsync(runners, stoppingToken);
                var toSweep = options.Value.Sweep - time.GetElapsedTime(lastSweep);
                if (toSweep < wait) wait = toSweep > TimeSpan.Zero ? toSweep : TimeSpan.Zero;
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                break;
            }
            catch (Exception failure)
            {
                Log.RoundFailed(logger, failure);
                wait = options.Value.Sweep;
                rounds.LookAgain();
            }

            await WaitAsync(wait, stoppingToken);
        }

        await looking;
        await Task.WhenAll(runners.Select(runner => runner.StopAsync(options.Value.StopGrace)));
        await housekeeping.LeaveAsync();
    }

    private async Task WaitAsync(TimeSpan wait, CancellationToken stoppingToken)
    {
        try
        {
            await capacity.Signal.WaitAsync(wait, stoppingToken);
        }
        catch (OperationCanceledException)
        {
            // The loop ends by its own condition.
        }
    }

    private async Task ForwardAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (true)
            {
                await signal.Local.WaitAsync(Timeout.InfiniteTimeSpan, stoppingToken);
                rounds.LookAgain();
                capacity.Signal.Wake();
            }
        }
        catch (OperationCanceledException)
        {
            // The node stops.
        }
    }
}
