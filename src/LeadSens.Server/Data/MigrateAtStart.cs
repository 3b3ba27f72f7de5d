using Npgsql;

namespace LeadSens.Server.Data;

/// <summary>Migrates before anything else looks at the database.</summary>
internal sealed class MigrateAtStart(DatabaseLogins logins) : StartingService
{
    public override async Task StartingAsync(CancellationToken cancellationToken)
    {
        // A pool of its own: the one connection is gone when the work of the Server begins.
        await using var owner = Pools.Plain(logins.Owner + ";Pooling=false");
        var runtime = new NpgsqlConnectionStringBuilder(logins.Runtime);
        await new Migrator(owner, runtime.Username, runtime.Password).MigrateAsync(cancellationToken);
    }
}
