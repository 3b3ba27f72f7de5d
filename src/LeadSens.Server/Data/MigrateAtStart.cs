using Npgsql;

namespace LeadSens.Server.Data;

/// <summary>Migrates before anything else looks at the database.</summary>
internal sealed class MigrateAtStart(DatabaseLogins logins) : StartingService
{
    public override async Task StartingAsync(CancellationToken cancellationToken)
    {
        // A pool of its own: the one connection is gone when the work of the Server begins.
        await using var owner = Pools.Plain(logins.Owner + ";Pooling=false");
        await new Migrator(owner, new NpgsqlConnectionStringBuilder(logins.Runtime).Username).MigrateAsync(cancellationToken);
    }
}
