using LeadSens.Server.Data;
using LeadSens.Server.Operations;
using Microsoft.Extensions.Options;
using Npgsql;

namespace LeadSens.Server.Secrets;

/// <summary><c>rotate-keys</c>: the Server's program with its settings, that seals everything again and ends. It uses the database that the settings name, a
/// running Server's embedded one, or starts that by itself.</summary>
internal static class RotateKeysCommand
{
    public const string Name = "rotate-keys";

    /// <returns>0: no previous key is needed any more. 1: something cannot be opened, or the database cannot be used.</returns>
    public static async Task<int> RotateKeysAsync(this WebApplication app)
    {
        var options = app.Configuration.GetSection(LeadSensOptions.Section).Get<DataOptions>() ?? new DataOptions();
        try
        {
            var address = options.DatabaseOwner ?? options.Database ?? await EmbeddedPostgres.RunningAddressAsync(options, CancellationToken.None);
            if (address is not null) return await RotateAsync(app, address);
            await using var postgres = await EmbeddedPostgres.StartAsync(options, CancellationToken.None);
            return await RotateAsync(app, postgres.ConnectionString);
        }
        catch (PostgresException missing) when (missing.SqlState is PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.UndefinedColumn)
        {
            await Console.Error.WriteLineAsync("The database has no such tables yet: start the Server once, which makes them.");
        }
        catch (Exception away) when (away is NpgsqlException or DatabaseException)
        {
            await Console.Error.WriteLineAsync($"The database cannot be used: {away.Message}. Run the command again; it goes on where it stopped.");
        }

        return 1;
    }

    private static async Task<int> RotateAsync(WebApplication app, string address)
    {
        await using var pool = Pools.Plain(address);
        var keys = new MasterKeys(app.Services.GetRequiredService<IOptions<LeadSensOptions>>());
        return await new RotateKeys(new SystemDatabase(pool), keys, Console.Out).ExecuteAsync(CancellationToken.None) ? 0 : 1;
    }
}
