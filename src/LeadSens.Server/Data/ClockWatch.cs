using Npgsql;

namespace LeadSens.Server.Data;

/// <summary>Notices when the database's clock jumps. One that went ahead makes things happen early, which nobody can take back; after one that went back
/// everything written meanwhile would wait for as long as the jump was, so it is brought back.</summary>
internal sealed class ClockWatch(SystemDatabase database, TimeProvider time, ILogger<ClockWatch> log) : BackgroundService
{
    /// <summary>More than clocks that are set by the network step.</summary>
    private static readonly TimeSpan Jump = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(1);

    /// <summary>Any constant: who brings times back holds it.</summary>
    private const long LockKey = 0x636c6f636b;

    private const string LookSql = "select extract(epoch from at - clock_now())::float8, extract(epoch from clock_now())::float8 from clock_seen";

    private const string SeenSql = "update clock_seen set at = clock_now() where at < clock_now() - interval '500 milliseconds' or at > clock_now() + $1";

    private (double Shown, long At)? last;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, time);
        do
        {
            try
            {
                await LookAsync(stoppingToken);
            }
            catch (Exception failure) when (!stoppingToken.IsCancellationRequested)
            {
                log.ClockNotLookedAt(failure);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    /// <summary>Brings back what waits for a time that the clock no longer nears.</summary>
    public async Task LookAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var ahead = await AheadAsync(connection, cancellationToken);
        if (ahead > Jump)
        {
            if (!await connection.Sql("select pg_try_advisory_lock($1)", LockKey).FirstAsync(row => row.GetBoolean(0), cancellationToken)) return;
            try
            {
                // Another node may have done it since.
                ahead = await AheadAsync(connection, cancellationToken);
                if (ahead > Jump) await BringBackAsync(connection, ahead, cancellationToken);
            }
            finally
            {
                await connection.Sql("select pg_advisory_unlock($1)", LockKey).RunAsync(CancellationToken.None);
            }
        }

        await connection.Sql(SeenSql, Jump).RunAsync(cancellationToken);
    }

    /// <summary>How far the clock once was ahead of now.</summary>
    private async Task<TimeSpan> AheadAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var (seen, shown) = await connection.Sql(LookSql).FirstAsync(row => (row.GetDouble(0), row.GetDouble(1)), cancellationToken);
        var now = time.GetTimestamp();
        if (last is { } before && shown - before.Shown - time.GetElapsedTime(before.At, now).TotalSeconds is var jumped && jumped > Jump.TotalSeconds)
            log.ClockWentAhead(TimeSpan.FromSeconds(Math.Round(jumped)));
        last = (shown, now);
        return TimeSpan.FromSeconds(seen);
    }

    /// <summary>Each in a transaction of its own: nothing else is held up, and what an interruption leaves is done again.</summary>
    private async Task BringBackAsync(NpgsqlConnection connection, TimeSpan by, CancellationToken cancellationToken)
    {
        var moved = new List<string>();
        foreach (var column in ClockColumns.All)
            if (await connection.Sql(column.Statement, by).RunAsync(cancellationToken) is var rows and > 0) moved.Add($"{column} {rows}");
        log.ClockWentBack(TimeSpan.FromSeconds(Math.Round(by.TotalSeconds)), moved.Count == 0 ? "nothing" : string.Join(", ", moved));
    }
}
