namespace LeadSens.Server.Data;

/// <summary>Starts the embedded PostgreSQL again when its postmaster died under the living Server (killed, out of memory): the pool's
/// next connections find it at the same address, and leases and retries do the rest.</summary>
internal sealed class PostgresWatch(EmbeddedPostgres postgres, TimeProvider time, ILogger<PostgresWatch> log) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
                await LookAsync(stoppingToken);
        }
        catch (OperationCanceledException)
        {
            // The Server stops.
        }
    }

    private async Task LookAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (await postgres.ReviveAsync(cancellationToken))
                log.PostgresRevived(postgres.Root);
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
        {
            log.PostgresNotRevived(failure, postgres.Root);
        }
    }
}
