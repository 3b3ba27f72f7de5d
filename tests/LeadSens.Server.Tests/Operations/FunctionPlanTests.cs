using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using LeadSens.Engine;
using LeadSens.Server.Data;
using LeadSens.Server.Tests.Support;
using LeadSens.Server.Tests.Workflows;
using LeadSens.Server.Workflows;
using Npgsql;

namespace LeadSens.Server.Tests.Operations;

/// <summary>What runs inside functions of the database is planned by what the tables hold: explained as it runs, beside years of what ended.</summary>
public sealed partial class FunctionPlanTests : DatabaseTest
{
    private const int Ended = 100_000;

    /// <summary>Set up, under way, or explained by who calls them.</summary>
    private static readonly string[] Small = ["limits", "limit_slots", "workflow_resumptions", "workflow_triggers", "workflow_definitions",
        "workflow_version_triggers", "workflow_starts", "clock_shift", "nodes", "workspace_watches"];

    /// <summary>Read no table that grows, or are called by a person once in a while (an import, a rotation of keys).</summary>
    private static readonly string[] Apart = ["workflow_lock_keys", "workflow_restore", "workflow_index_triggers", "sealed_with_closed_key"];

    private readonly Guid _workspace = Guid.CreateVersion7(), _run = Guid.CreateVersion7(), _bookmark = Guid.CreateVersion7(), _token = Guid.CreateVersion7(), _node = Guid.CreateVersion7();
    private readonly ConcurrentQueue<string> _plans = [];
    private readonly HashSet<string> _called = [];

    [Fact]
    public async Task No_statement_inside_a_function_reads_the_whole_of_a_table_that_grows()
    {
        await FillAsync();
        await using var connection = await Db.Owner.OpenConnectionAsync();
        connection.Notice += (_, notice) => _plans.Enqueue(notice.Notice.MessageText);
        await connection.ExecuteAsync("load 'auto_explain'", default);
        foreach (var setting in (string[])["log_min_duration = 0", "log_nested_statements = on", "log_level = notice"]) await connection.ExecuteAsync($"set auto_explain.{setting}", default);

        await CallAsync(connection, "select * from workflow_take_turns(16, 12, true, '{}', '{}', $1, $2, '1 minute')", _token, _node);
        await CallAsync(connection, "select * from workflow_acquire(null, 16, $1, $2, '1 minute')", _token, _node);
        await CallAsync(connection, "select * from workflow_acquire($3, 1, $1, $2, '1 minute')", _token, _node, _run);
        await CallAsync(connection, "select workflow_fire_due(1000)");
        foreach (var which in (string[])["any", "waiting", "revive"]) await CallAsync(connection, "select * from workflow_seize($1, $2, $3, '1 minute', $4)", _run, _token, _node, which);
        await CallAsync(connection, "select workflow_send(array[gen_random_uuid()], array['event:other'], array['one'], array[true], array[null::text], array[null::uuid], array[null::text])");
        await CallAsync(connection, "select workflow_resume(gen_random_uuid(), $1, $2, 'two', null)", _bookmark, _run);
        await CallAsync(connection, "select * from workflow_resume(array[gen_random_uuid()], array['event:open'], array['three'], array[null::text], $1, $2, '1 minute')", _token, _node);
        await CallAsync(connection, "update workflow_instances set claim_token = $2 where id = $1", _run, _token);
        await CallAsync(connection, "select workflow_hold($1, $2, 1, array['event:x'])", _run, _token);
        var lease = new InstanceLease(_run, 1, _token);
        await using (var command = new NpgsqlCommand { Connection = connection })
        {
            var burst = StoreTest.Burst(lease, StoreTest.Wait("event:next")) with { BookmarksBurned = [_bookmark], Stimuli = [new("event:told", "four", StimulusKind.Broadcast)] };
            (await BurstCommand.ExecuteAsync(command, [burst], _node, default))[0].Committed.ShouldBeTrue();
            _called.UnionWith(["workflow_commit", "workflow_wait"]);
        }

        await CallAsync(connection, "select workflow_close($1, 'over')", _run);
        await CallAsync(connection, "select * from take_limits(array['acme:x'], array[1], array[0], 1, '1 second', $1, false)", _node);
        await CallAsync(connection, "select audit_forget('1 day', 50)");

        for (var time = 0; time < 2; time++)
        {
            await CallAsync(connection, """
                select * from contacts_write($1, 'acme', 1::smallint, null, '{1,2,3}', array_fill(now(), array[3]), array['{"email":"a@acme.example","linkedIn":"ann"}',
                    '{"email":"b@acme.example","phone":"+4915112345678"}', '{"email":"a@acme.example","verification":"1"}']::jsonb[], '{x,y,z}', ''::bytea, ''::bytea)
                """, _workspace);
        }

        await CallAsync(connection, "select contacts_merge($1, gen_random_uuid(), gen_random_uuid())", _workspace);

        var functions = await Db.ListAsync<string>("""
            select distinct p.proname::text from pg_proc p join pg_language l on l.oid = p.prolang
            where p.pronamespace = 'public'::regnamespace and l.lanname = 'plpgsql' and p.prorettype <> 'trigger'::regtype order by 1
            """);
        functions.Except(_called).Except(Apart).ShouldBeEmpty("each function is called here, or stands apart");
        _plans.Count.ShouldBeGreaterThan(functions.Count);
        _plans.SelectMany(plan => Scan().Matches(plan).Where(scan => !Small.Contains(scan.Groups[1].Value)).Select(scan => $"{scan.Value}: {plan}")).ShouldBeEmpty();
    }

    private async Task CallAsync(NpgsqlConnection connection, string sql, params object[] values)
    {
        _called.UnionWith(Function().Matches(sql).Select(match => match.Groups[1].Value));
        await connection.ExecuteAsync(sql, default, values);
    }

    private async Task FillAsync()
    {
        await Db.ExecuteAsync("insert into workspaces (id, name) values ($1, 'Old')", _workspace);
        await Db.ExecuteAsync("""
            insert into workflow_instances (id, workspace_id, definition_id, definition_version_id, definition_version, status, sub_status, state, version, runnable, created_at, updated_at, finished_at)
            select gen_random_uuid(), $1, 'old', 'old:1', 1, 'Finished', 'Finished', '{}', 1, false, now() - n * interval '1 minute', now(), now() from generate_series(1, $2) n
            """, _workspace, Ended);
        await Db.ExecuteAsync("""
            insert into workflow_instances (id, workspace_id, definition_id, definition_version_id, definition_version, status, sub_status, state, version, runnable, created_at, updated_at)
            select case n when 1 then $2 else gen_random_uuid() end, $1, 'old', 'old:1', 1, 'Running', case when n < 50 then 'Suspended' else 'Pending' end, '{}', 1, n >= 50, now(), now() from generate_series(1, 60) n
            """, _workspace, _run);
        await Db.ExecuteAsync("""
            insert into workflow_bookmarks (id, instance_id, name, key, node_id, activity_id, activity_type, execution_id, state, created_at)
            select gen_random_uuid(), gen_random_uuid(), 'event', 'event:' || n, 'n', 'a', 'Elsa.Event', gen_random_uuid(), 2, now() - n * interval '1 minute' from generate_series(1, $1) n
            """, Ended);
        await Db.ExecuteAsync("""
            insert into workflow_bookmarks (id, instance_id, name, key, node_id, activity_id, activity_type, execution_id, state, created_at, due_at)
            values ($1, $2, 'event', 'event:open', 'n', 'a', 'Elsa.Event', gen_random_uuid(), 0, now(), now() + interval '1 hour')
            """, _bookmark, _run);
        await Db.ExecuteAsync("""
            insert into stimuli (id, key, dedupe_key, broadcast, status, created_at) select gen_random_uuid(), 'event:' || n, 'old ' || n, false, 'Delivered', now() - n * interval '1 minute' from generate_series(1, $1) n
            """, Ended);
        await Db.ExecuteAsync("""
            insert into workflow_bursts (instance_id, first_sequence, at, entries) select gen_random_uuid(), 1, now() - n * interval '1 minute', '{}' from generate_series(1, $1) n
            """, Ended);
        await Db.ExecuteAsync("""
            insert into audit_entries (id, workspace_id, actor_kind, action, at) select new_id(), $1, 'system', 'old.thing', now() from generate_series(1, $2)
            """, _workspace, Ended / 4);
        await Db.ExecuteAsync("""
            insert into audit_seals (workspace_id, sequence, entries, content_hash, mac, at, newest, forgotten_at)
            select $1, n, '{}', '', '', now(), now() - n * interval '1 minute', case when n > 20000 then now() end from generate_series(1, $2) n
            """, _workspace, Ended / 4);
        await Db.ExecuteAsync("""
            with people as (select n, gen_random_uuid() as id from generate_series(1, $2) n),
            made as (insert into contacts (workspace_id, id, created_at, updated_at) select $1, id, now(), now() from people),
            written as (insert into contact_emails (workspace_id, address, contact_id) select $1, n || '@old.example', id from people),
            called as (insert into contact_phones (workspace_id, contact_id, number) select $1, id, '+' || n from people),
            summed as (insert into contact_enrichments (workspace_id, contact_id, enriched_at) select $1, id, now() from people),
            named as (insert into contact_identities (workspace_id, provider, provider_id, contact_id) select $1, 'acme', 'old ' || n, id from people)
            insert into source_records (workspace_id, provider, provider_id, said_at, received_at, rank, fields) select $1, 'acme', 'old ' || n, now(), now(), 1, '{}' from people
            """, _workspace, Ended / 10);
        await Db.ExecuteAsync("insert into limits (key, per_second, burst, tat) values ('acme:x', 5, 1, now())");
        await Db.ExecuteAsync("analyze");
    }

    [GeneratedRegex(@"Seq Scan on (\w+)")]
    private static partial Regex Scan();

    [GeneratedRegex(@"\b(workflow_\w+|take_limits|audit_\w+|contacts_\w+)\(")]
    private static partial Regex Function();
}
