using LeadSens.Server.Data;
using Npgsql;

namespace LeadSens.Server.Identity;

/// <summary>Hears from the database when somebody's right ends or changes, on whatever node (the triggers of migration 0018), and forgets what
/// hangs on it. A connection that is silent is asked every second; one that does not answer counts as lost.</summary>
internal sealed class AccessNews(SystemDatabase database, AccessCache cache, TimeProvider time, ILogger<AccessNews> log) : BackgroundService
{
    private const string Channel = "leadsens_access";
    private const int AnswerSeconds = 2;
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(1);

    /// <summary>How long after its last answer the connection counts as there.</summary>
    public static readonly TimeSpan Silence = TimeSpan.FromSeconds(4);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await ListenAsync(stoppingToken);
            }
            catch (Exception) when (stoppingToken.IsCancellationRequested)
            {
                // The Server stops.
            }
            catch (Exception lost)
            {
                log.AccessNewsLost(lost);
            }
            finally
            {
                cache.Lose();
            }

            await Task.Delay(Every, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task ListenAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        connection.Notification += (_, notice) => Receive(notice.Payload);
        try
        {
            await RunAsync(connection, $"listen {Channel}", cancellationToken);
            // What changed before this connection listened is not told by it.
            cache.Forget();
            while (true)
            {
                cache.Hear();
                if (!await connection.WaitAsync(Every, cancellationToken)) await RunAsync(connection, "select 1", cancellationToken);
            }
        }
        finally
        {
            // It goes back to the pool, where nobody listens.
            await RunAsync(connection, $"unlisten {Channel}", CancellationToken.None);
        }
    }

    private static async Task RunAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = AnswerSeconds };
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private void Receive(string payload) => cache.Forget(Guid.TryParse(payload.AsSpan(payload.IndexOf(':', StringComparison.Ordinal) + 1), out var id) ? id : null);
}
