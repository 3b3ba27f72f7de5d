using LeadSens.Server.Data;
using Npgsql;

namespace LeadSens.Server.Tests.Support;

/// <summary>Base of tests that need a migrated database of their own; <see cref="TestDatabase.ShiftClockAsync"/> moves its clock.</summary>
public abstract class DatabaseTest : IAsyncLifetime
{
    internal TestDatabase Db { get; private set; } = null!;
    internal SystemDatabase DataSource => Db.DataSource;

    public virtual async ValueTask InitializeAsync() => Db = await TestPostgres.NewDatabaseAsync();

    public virtual async ValueTask DisposeAsync() => await Db.DisposeAsync();
}
