using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using LeadSens.Server.Data;
using LeadSens.Server.Tests.Campaigns;
using LeadSens.Server.Tests.Support;
using Npgsql;

namespace LeadSens.Server.Tests.Data;

/// <summary>A statement that forgot to name its workspace sees and changes nothing of another's.</summary>
public sealed class RowSecurityTests : DatabaseTest
{
    /// <summary>Tables of the installation or of accounts: no row of them is a workspace's.</summary>
    private static readonly string[] OfNoWorkspace =
    [
        "account_links", "audit_unsealed", "clock_seen", "clock_shift", "data_protection_keys", "known_devices", "limit_slots", "limits", "nodes", "recovery_codes", "refresh_tokens", "retired_keys",
        "schema_migrations", "sealing_keys", "second_factors", "workflow_definition_stamps",
    ];

    /// <summary>The files that work over all workspaces. Whoever adds one says why: it claims or writes for many workspaces at once, or asks before it is known whose the work is.</summary>
    private static readonly string[] PlacesOfSystemWork =
    [
        // The ground: nodes, keys, health.
        "Data/AddData.cs", "Data/ClockWatch.cs", "Data/Database.cs", "Data/NodeSession.cs", "Data/Nodes.cs", "Operations/DatabaseHealth.cs", "Secrets/BindAnew.cs", "Secrets/RetiredKeys.cs", "Secrets/RotateKeysCommand.cs", "Web/Keys/FirstKey.cs",
        "Web/Keys/StoredKeys.cs", "Identity/Access/AccessNews.cs",
        // Bursts that are written together, leases, triggers, ages.
        "Workflows/DefinitionStore.cs", "Workflows/Http/ForgottenRequests.cs", "Workflows/Leases.cs", "Workflows/Orphans.cs", "Workflows/PostgresWorkflowStore.cs",
        "Workflows/Retention.cs", "Workflows/ShippedDefinitions.cs", "Workflows/Triggers/DueTriggers.cs", "Workflows/Triggers/TriggeredStarts.cs", "Workflows/Triggers/UnreadTriggers.cs",
        // Claims and results of jobs, accounts' limits, the outbox, prices, seals.
        "Ai/AiEventSql.cs", "Ai/AiEventWriter.cs", "Audit/AuditSeals.cs", "Jobs/JobBudget.cs", "Jobs/Limits/AccountHealth.cs", "Jobs/Limits/FailureConsequences.cs", "Jobs/Limits/Limits.cs",
        "Jobs/Outbox/OutboxDispatcher.cs", "Jobs/Worker/BatchCare.cs", "Jobs/Worker/Claimer.cs", "Jobs/Worker/Housekeeping.cs", "Jobs/Worker/JobLeaseRenewal.cs", "Jobs/Worker/JobRounds.cs", "Jobs/Worker/Leases.cs", "Jobs/Worker/KindRunnerOf.cs",
        "Jobs/Worker/ResultWriter.cs",
        // Loops that find out in which workspaces there is something to do, and then do it in each; what is old or old-fashioned in all of them.
        "Campaigns/RunWishes.cs", "Campaigns/StartUnstarted.cs", "Changes/ChangeHub.cs", "Connections/AddConnections.cs",
        "Connections/ConnectionCare.cs", "Identity/Access/OpenStreams.cs",
        "Identity/DemoWorkspace.cs", "Mail/ForgetMails.cs",
        "Rights/EraseSweep.cs", "Rights/ForgetByAge.cs", "Campaigns/FoldCounts.cs", "Studio/Instances/InstanceHub.cs", "Webhooks/ProcessWebhooks.cs",
    ];

    /// <summary>The files where a scope spans workspaces. Whoever adds one says why.</summary>
    private static readonly string[] PlacesOfWideScopes =
    [
        "Data/DatabaseScope.cs",
        // A request before it is known whose it is.
        "Identity/Access/AccessGuard.cs",
        // Jobs of no workspace: mails of accounts.
        "Jobs/Worker/KindRunner.cs",
        // The language of somebody who is invited and no member yet.
        "Identity/Workspaces/Invitations.cs",
        // What a workspace's run was sent is of none; ids of runs are of the whole installation.
        "Rights/ScrubTexts.cs", "Studio/Instances/RunDefinition.cs",
    ];

    [Fact]
    public async Task Every_table_is_secured_or_of_no_workspace()
    {
        (await Db.ListAsync<string>("select relname::text from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace and not relrowsecurity order by 1"))
            .ShouldBe(OfNoWorkspace, false, "a new table needs workspace_id, a line in RowSecurity.sql, or a reason here");
        (await Db.ListAsync<string>("""
            select c.relname::text from pg_class c where c.relkind = 'r' and c.relrowsecurity and (
                select count(distinct r.rolname) from pg_policy p cross join unnest(p.polroles) u join pg_roles r on r.oid = u
                where p.polrelid = c.oid and r.rolname in ('leadsens_workspace', 'leadsens_system')) <> 2
            """)).ShouldBeEmpty();
        (await Db.ListAsync<string>("""
            select c.relname::text from pg_class c where c.relkind = 'v' and c.relnamespace = 'public'::regnamespace and not coalesce(c.reloptions @> array['security_invoker=true'], false)
                and not exists (select from pg_depend d where d.objid = c.oid and d.deptype = 'e')
            """)).ShouldBeEmpty("a view without security_invoker reads as its owner");
        (await Db.ListAsync<string>("select proname::text from pg_proc where prosecdef and pronamespace = 'public'::regnamespace")).ShouldBeEmpty("such a function runs as its owner");
    }

    [Fact]
    public async Task The_runtime_is_no_superuser_and_owns_nothing()
    {
        var login = new NpgsqlConnectionStringBuilder(Db.ConnectionString).Username!;
        foreach (var role in (string[])[login, Pools.WorkspaceRole, Pools.SystemRole])
        {
            (await Db.ScalarAsync<bool>("select rolsuper or rolbypassrls or rolcreaterole or rolcreatedb or rolreplication from pg_roles where rolname = $1", role)).ShouldBeFalse(role);
            (await Db.ScalarAsync<long>("select count(*) from pg_class c join pg_roles r on r.oid = c.relowner where r.rolname = $1", role)).ShouldBe(0, role);
            (await Db.ScalarAsync<bool>("select has_schema_privilege($1, 'public', 'create')", role)).ShouldBeFalse(role);
        }
        await using var pools = new Pools(Db.ConnectionString, new());
        await using var connection = await pools.OpenWorkspaceAsync(Guid.CreateVersion7(), true, CancellationToken.None);
        (await connection.FirstAsync("select current_user::text", row => row.GetString(0), CancellationToken.None)).ShouldBe(Pools.WorkspaceRole);
        await using var system = await pools.OpenSystemAsync(true, CancellationToken.None);
        (await system.FirstAsync("select current_user::text", row => row.GetString(0), CancellationToken.None)).ShouldBe(Pools.SystemRole);
    }

    [Fact]
    public async Task A_stranger_sees_and_changes_no_row_of_any_table()
    {
        await using var sandbox = await TestSandbox.StartAsync();
        await using var app = await TestApp.StartAsync(sandbox.BaseUrl);
        using var run = new CampaignRun(app);
        var id = await run.StartAsync();
        await run.DecideAsync(id);
        await run.UntilAsync(id, "Completed");

        await using var pools = new Pools(app.Database.ConnectionString, new());
        var filled = 0;
        foreach (var table in await app.Database.ListAsync<string>("select relname::text from pg_class where relkind = 'r' and relrowsecurity and relnamespace = 'public'::regnamespace order by 1"))
        {
            // Shipped definitions are everybody's to read, and nobody's to change.
            var rows = table switch
            {
                "workflow_definitions" => "where workspace_id is not null",
                "workflow_version_triggers" => "where version_id in (select version_id from workflow_definitions where workspace_id is not null)",
                _ => "",
            };
            if (await app.Database.ScalarAsync<long>($"select count(*) from {table} {rows}") > 0) filled++;
            foreach (var stranger in (Guid[])[Guid.CreateVersion7(), Guid.Empty])
            {
                await using var connection = await pools.OpenWorkspaceAsync(stranger, false, CancellationToken.None);
                if (stranger == Guid.Empty) await connection.ExecuteAsync("select set_config('leadsens.workspace', '', false)", CancellationToken.None);
                (await connection.FirstAsync($"select count(*) from {table} {rows}", row => row.GetInt64(0), CancellationToken.None)).ShouldBe(0, table);
                var column = await app.Database.ScalarAsync<string>("select attname::text from pg_attribute where attrelid = $1::regclass and attnum > 0 and not attisdropped and attidentity = '' order by attnum limit 1", table);
                (await TouchedAsync(connection, $"update {table} set {column} = {column}")).ShouldBe(0, table);
                (await TouchedAsync(connection, $"delete from {table}")).ShouldBe(0, table);
                if (stranger == Guid.Empty) await connection.ExecuteAsync("select set_config('leadsens.workspace', $1, false)", CancellationToken.None, stranger.ToString());
            }
        }
        filled.ShouldBeGreaterThan(15, "a campaign leaves rows in most tables, or this test shows nothing");

        await using var stranger2 = await pools.OpenWorkspaceAsync(Guid.CreateVersion7(), false, CancellationToken.None);
        var victim = await app.Database.ScalarAsync<Guid>("select workspace_id from campaigns where id = $1", id);
        var refused = await Should.ThrowAsync<PostgresException>(() => stranger2.ExecuteAsync(
            "insert into style_samples (id, workspace_id, lead_id, step, original, edited, created_at) values ($1, $2, $1, 1, '', '', now())", CancellationToken.None, Guid.CreateVersion7(), victim));
        refused.SqlState.ShouldBe(PostgresErrorCodes.InsufficientPrivilege);
    }

    [Fact]
    public async Task A_workspace_sees_no_secret_of_accounts_or_of_the_installation()
    {
        await using var pools = new Pools(Db.ConnectionString, new());
        await using var connection = await pools.OpenWorkspaceAsync(Guid.CreateVersion7(), false, CancellationToken.None);
        string[] secrets = ["account_links", "data_protection_keys", "known_devices", "recovery_codes", "refresh_tokens", "retired_keys", "second_factors"];
        foreach (var sql in (string[])[.. secrets.Select(table => $"select 1 from {table}"), .. secrets.Select(table => $"delete from {table}"), "select password_hash from users", "select u from users u", "update users set language = 'fr'", "delete from users", "delete from sealing_keys", "update sealing_keys set closed_at = null"])
            (await Should.ThrowAsync<PostgresException>(() => connection.ExecuteAsync(sql, CancellationToken.None))).SqlState.ShouldBe(PostgresErrorCodes.InsufficientPrivilege, sql);
        await connection.ExecuteAsync("select id, email, language from users", CancellationToken.None);
        OfNoWorkspace.Except(secrets).ShouldBe(["audit_unsealed", "clock_seen", "clock_shift", "limit_slots", "limits", "nodes", "schema_migrations", "sealing_keys", "workflow_definition_stamps"],
            false, "a new table of no workspace is one that a workspace may read and change, or one of secrets");
    }

    [Fact]
    public async Task A_workspace_sees_its_members_accounts_and_the_sessions_that_look_at_it()
    {
        var (mine, theirs) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        foreach (var (workspace, name) in new[] { (mine, "ada"), (theirs, "ben") })
        {
            var user = Guid.CreateVersion7();
            await Db.ExecuteAsync("insert into workspaces (id, name) values ($1, $2)", workspace, name);
            await Db.ExecuteAsync("insert into users (id, email, email_key, first_name, last_name, password_hash, created_at) values ($1, $2, $2, '', '', '', now())", user, $"{name}@example.com");
            await Db.ExecuteAsync("insert into workspace_members (workspace_id, user_id, role, created_at) values ($1, $2, 'owner', now())", workspace, user);
            await Db.ExecuteAsync("""
                insert into user_sessions (id, user_id, workspace_id, kind, device, created_at, last_seen_at, expires_at) values ($1, $1, $2, 'bearer', $3, now(), now(), now() + interval '1 day')
                """, user, workspace, name);
        }

        await using var pools = new Pools(Db.ConnectionString, new());
        await using var connection = await pools.OpenWorkspaceAsync(mine, false, CancellationToken.None);
        (await connection.ListAsync("select email_key from users", row => row.GetString(0), CancellationToken.None)).ShouldBe(["ada@example.com"]);
        (await connection.ListAsync("select device from user_sessions", row => row.GetString(0), CancellationToken.None)).ShouldBe(["ada"]);
        (await TouchedAsync(connection, "update user_sessions set ended_at = now()")).ShouldBe(1);
        await Should.ThrowAsync<PostgresException>(() => connection.ExecuteAsync("update user_sessions set workspace_id = $1", CancellationToken.None, theirs));
    }

    [Fact]
    public async Task Each_scope_sees_its_workspace_however_the_connections_are_shared()
    {
        var workspaces = Enumerable.Range(0, 5).Select(_ => Guid.CreateVersion7()).ToArray();
        foreach (var workspace in workspaces) await Db.ExecuteAsync("insert into workspaces (id, name) values ($1, $1::text)", workspace);
        await using var pools = new Pools(Db.ConnectionString, new() { WorkConnections = 4 });
        var database = new ScopedDatabase(pools);

        await Task.WhenAll(Enumerable.Range(0, 200).Select(async number =>
        {
            var workspace = workspaces[number % workspaces.Length];
            using var scope = DatabaseScope.Work(workspace);
            (await database.ListAsync("select id from workspaces", row => row.GetGuid(0), CancellationToken.None)).ShouldBe([workspace]);
        }));

        (await database.FirstAsync("select count(*) from workspaces", row => row.GetInt64(0), CancellationToken.None)).ShouldBe(0, "the scopes were left");
    }

    [Fact]
    public async Task Who_entered_no_scope_sees_and_changes_nothing_of_any_workspace()
    {
        var workspace = Guid.CreateVersion7();
        await Db.ExecuteAsync("insert into workspaces (id, name) values ($1, 'theirs')", workspace);
        await using var pools = new Pools(Db.ConnectionString, new() { WorkConnections = 4 });
        var database = new ScopedDatabase(pools);
        async Task<long> SeenAsync() => await database.FirstAsync("select count(*) from workspaces", row => row.GetInt64(0), CancellationToken.None);

        (await SeenAsync()).ShouldBe(0);
        using (DatabaseScope.Work(workspace)) (await SeenAsync()).ShouldBe(1);
        (await SeenAsync()).ShouldBe(0, "the session that named a workspace is somebody else's now");
        (await database.ExecuteAsync("update workspaces set name = 'taken'", CancellationToken.None)).ShouldBe(0);
        (await database.FirstAsync("select current_user::text", row => row.GetString(0), CancellationToken.None)).ShouldBe(Pools.WorkspaceRole);
        using (DatabaseScope.AllWorkspaces()) (await SeenAsync()).ShouldBe(1, "who spans workspaces says so");
    }

    [Fact]
    public async Task A_request_of_a_workspace_and_the_work_that_it_sets_going_keep_to_it()
    {
        var mine = Guid.CreateVersion7();
        await Db.ExecuteAsync("insert into workspaces (id, name) values ($1, 'mine'), ($2, 'theirs')", mine, Guid.CreateVersion7());
        await using var pools = new Pools(Db.ConnectionString, new());
        var database = new ScopedDatabase(pools);
        async Task<long> CountAsync() => await database.FirstAsync("select count(*) from workspaces", row => row.GetInt64(0), CancellationToken.None);

        using var turn = new RequestTurn(keeps: true, from: "test");
        turn.LetIn();
        using (DatabaseScope.Begin(turn))
        {
            (await CountAsync()).ShouldBe(2, "before it is known whose it is");
            using (DatabaseScope.Narrow(mine))
            {
                (await CountAsync()).ShouldBe(1);
                (await Task.Run(CountAsync)).ShouldBe(1);
            }
        }
    }

    [Fact]
    public void System_work_is_done_in_the_listed_places_alone()
    {
        Saying(text => text.Contains("SystemDatabase", StringComparison.Ordinal)).ShouldBe(PlacesOfSystemWork.Order(StringComparer.Ordinal));
        Saying(text => Regex.IsMatch(text, @"\b(AllWorkspaces|DatabaseScope\.Begin)\(")).ShouldBe(PlacesOfWideScopes.Order(StringComparer.Ordinal));
    }

    /// <summary>Who asks for a <see cref="Database"/> without having entered a scope sees nothing.</summary>
    [Fact]
    public void What_runs_by_itself_says_for_whom() => Saying(text => Regex.IsMatch(text, @": *(BackgroundService|StartingService|IHostedService)\b")
        && Regex.IsMatch(text, @"[(\s]Database \w+") && !text.Contains("DatabaseScope.Work", StringComparison.Ordinal)).ShouldBeEmpty("take SystemDatabase, or enter the scope of each workspace");

    /// <summary>The Server's files whose text is so, in order.</summary>
    private static IEnumerable<string> Saying(Func<string, bool> so)
    {
        var root = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(Here())!, "../../../src/LeadSens.Server"));
        return Directory.EnumerateFiles(root, "*.cs", SearchOption.AllDirectories).Where(file => !file.Contains("/obj/", StringComparison.Ordinal) && so(File.ReadAllText(file)))
            .Select(file => Path.GetRelativePath(root, file)).Order(StringComparer.Ordinal);
    }

    private static string Here([CallerFilePath] string file = "") => file;

    /// <summary>0 as well where the table refuses any change.</summary>
    private static async Task<int> TouchedAsync(NpgsqlConnection connection, string sql)
    {
        await using var transaction = await connection.BeginTransactionAsync();
        try
        {
            return await connection.ExecuteAsync(sql, CancellationToken.None);
        }
        catch (PostgresException refused) when (refused.SqlState is PostgresErrorCodes.RestrictViolation or PostgresErrorCodes.InsufficientPrivilege)
        {
            return 0;
        }
    }
}
