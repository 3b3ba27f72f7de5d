using Npgsql;

namespace LeadSens.Server.Data;

/// <summary>Brings a database to the newest schema: numbered SQL files, each applied once, in order, in one transaction together with
/// its checksum, and then the functions whose text is another. Servers that start at the same time take turns.</summary>
/// <param name="database">As the owner of the tables; the runtime's login does where nothing is to be changed.</param>
/// <param name="runtimeLogin">As whom the Server works; null: as the owner's login.</param>
/// <param name="runtimePassword">Given to that login where it has to be made; null: it is there.</param>
internal sealed class Migrator(NpgsqlDataSource database, string? runtimeLogin = null, string? runtimePassword = null)
{
    /// <summary>Any constant: the key of the advisory lock that the migrating Server holds.</summary>
    private const long LockKey = 0x4c656164_53656e73;

    public Task MigrateAsync(CancellationToken cancellationToken) => MigrateAsync(Migration.Embedded(), Migration.Functions(), cancellationToken);

    public Task MigrateAsync(IReadOnlyList<Migration> migrations, CancellationToken cancellationToken) => MigrateAsync(migrations, [], cancellationToken);

    /// <exception cref="DatabaseException">An applied migration was edited, or the database is newer than this Server.</exception>
    public async Task MigrateAsync(IReadOnlyList<Migration> migrations, IReadOnlyList<Migration> functions, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await ExecuteAsync(connection, $"select pg_advisory_lock({LockKey})", cancellationToken);
        try
        {
            var applied = await AppliedAsync(connection, cancellationToken);
            Verify(migrations, applied);
            var owner = await MayOwnAsync(connection, cancellationToken);
            foreach (var migration in migrations.Where(migration => !applied.ContainsKey(migration.Name)))
            {
                if (!owner) throw NotOwner(migration);
                await ApplyAsync(connection, [migration], cancellationToken);
            }

            var changed = functions.Where(function => applied.GetValueOrDefault(function.Name) != function.Checksum).ToList();
            if (changed.Count > 0 && !owner) throw NotOwner(changed[0]);
            await ApplyAsync(connection, changed, cancellationToken);
            if (owner) await SecureAsync(connection, cancellationToken);
        }
        finally
        {
            await ExecuteAsync(connection, $"select pg_advisory_unlock({LockKey})", CancellationToken.None);
        }
        // Types that the migrations made are known to connections that open from now on.
        await database.ReloadTypesAsync(cancellationToken);
    }

    private static void Verify(IReadOnlyList<Migration> migrations, Dictionary<string, string> applied)
    {
        foreach (var migration in migrations)
        {
            if (applied.TryGetValue(migration.Name, out var checksum) && checksum != migration.Checksum)
            {
                throw new DatabaseException(
                    $"Migration {migration.Name} was edited after it was applied to this database (checksum {checksum[..8]} then, {migration.Checksum[..8]} now). "
                    + "Restore the file and put the change into a new migration.");
            }
        }
        var unknown = applied.Keys.Except(migrations.Select(migration => migration.Name))
            .Where(name => !name.StartsWith(Migration.FunctionPrefix, StringComparison.Ordinal)).Order(StringComparer.Ordinal).ToList();
        if (unknown.Count > 0)
            throw new DatabaseException($"The database has migrations that this Server does not know ({string.Join(", ", unknown)}): it belongs to a newer version.");
    }

    private static DatabaseException NotOwner(Migration migration) =>
        new($"Migration {migration.Name} has to be applied, and the login of LeadSens__Database owns no tables: set LeadSens__DatabaseOwner.");

    private static async Task<Dictionary<string, string>> AppliedAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        if (!await IsTrueAsync(connection, "select to_regclass('schema_migrations') is not null", cancellationToken))
        {
            if (!await MayOwnAsync(connection, cancellationToken)) throw new DatabaseException("The database has no tables yet, and the login of LeadSens__Database may make none: set LeadSens__DatabaseOwner.");
            await ExecuteAsync(connection, "create table schema_migrations (name text primary key, checksum text not null, applied_at timestamptz not null default now())", cancellationToken);
        }
        await using var command = new NpgsqlCommand("select name, checksum from schema_migrations", connection);
        await using var rows = await command.ExecuteReaderAsync(cancellationToken);
        var applied = new Dictionary<string, string>(StringComparer.Ordinal);
        while (await rows.ReadAsync(cancellationToken))
            applied.Add(rows.GetString(0), rows.GetString(1));
        return applied;
    }

    private static async Task ApplyAsync(NpgsqlConnection connection, List<Migration> together, CancellationToken cancellationToken)
    {
        if (together.Count == 0) return;
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        // Functions call each other, in whichever order they come.
        if (together.Count > 1) await ExecuteAsync(connection, "set local check_function_bodies = off", cancellationToken);
        foreach (var migration in together) await ApplyAsync(connection, migration, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    private static async Task ApplyAsync(NpgsqlConnection connection, Migration migration, CancellationToken cancellationToken)
    {
        try
        {
            await ExecuteAsync(connection, migration.Sql, cancellationToken);
        }
        catch (PostgresException error)
        {
            throw new DatabaseException($"Migration {migration.Name} failed: {error.MessageText}", error);
        }

        await using var record = new NpgsqlCommand(
            """
            insert into schema_migrations (name, checksum) values ($1, $2)
            on conflict (name) do update set checksum = excluded.checksum, applied_at = now()
            """, connection)
        {
            Parameters = { new() { Value = migration.Name }, new() { Value = migration.Checksum } }
        };
        await record.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Whether the login may make tables here, as their owner does.</summary>
    private static Task<bool> MayOwnAsync(NpgsqlConnection connection, CancellationToken cancellationToken) =>
        IsTrueAsync(connection, "select has_schema_privilege(current_schema(), 'create') and (to_regclass('schema_migrations') is null or pg_has_role((select relowner from pg_class where oid = to_regclass('schema_migrations')), 'usage'))", cancellationToken);

    /// <summary>Roles, rights and row-level security (RowSecurity.sql), and what PostgreSQL's planner knows of tables that were never analysed
    /// (FirstStatistics.sql).</summary>
    private async Task SecureAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using (var login = new NpgsqlCommand("select set_config('leadsens.runtime_login', coalesce($1, session_user::text), true), set_config('leadsens.runtime_password', coalesce($2, ''), true)", connection))
        {
            login.Parameters.Add(new NpgsqlParameter { Value = (object?)runtimeLogin ?? DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Text });
            login.Parameters.Add(new NpgsqlParameter { Value = (object?)runtimePassword ?? DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Text });
            await login.ExecuteNonQueryAsync(cancellationToken);
        }
        try
        {
            await ExecuteAsync(connection, Migration.Afterwards("RowSecurity"), cancellationToken);
            await ExecuteAsync(connection, Migration.Afterwards("FirstStatistics"), cancellationToken);
        }
        catch (PostgresException refused) when (refused.SqlState == PostgresErrorCodes.InsufficientPrivilege)
        {
            throw new DatabaseException(
                $"The roles {Pools.WorkspaceRole} and {Pools.SystemRole} cannot be made or granted by this login ({refused.MessageText}). "
                + "Let it make roles (CREATEROLE), or make them once as an administrator: docs/operations.md has the statements.", refused);
        }
        catch (PostgresException missing) when (missing.SqlState == PostgresErrorCodes.UndefinedObject)
        {
            throw new DatabaseException($"The login of LeadSens__Database is not there, and cannot be made without a password in it ({missing.MessageText}).", missing);
        }
        await transaction.CommitAsync(cancellationToken);
    }

    private static async Task<bool> IsTrueAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync(cancellationToken) is true;
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
