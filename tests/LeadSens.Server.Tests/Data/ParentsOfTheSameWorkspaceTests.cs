using LeadSens.Server.Data;
using LeadSens.Server.Tests.Support;
using Npgsql;

namespace LeadSens.Server.Tests.Data;

/// <summary>What names another row of a workspace names it together with the workspace, so that the database itself refuses a stranger's.</summary>
public sealed class ParentsOfTheSameWorkspaceTests
{
    private const string OwnRun = "a run goes by age, and the record of what it did stays (Workflows/Retention)";
    private const string Engine = "written by the functions of the workflow store alone, which take it from the run's own row under its lease";
    private const string Person = "a person's, not a workspace's";
    private const string Node = "a node, box, activity, version or token: no row of a workspace";
    private const string JobPrice = "three checks per job cost more than its insert (docs/decisions/0004-composite-foreign-keys.md); jobs are written with their batch, in one statement";

    private const string AContact = "c as (insert into contacts (workspace_id, id, created_at, updated_at) select workspace_id, id, now(), now() from campaigns where id = $2 returning id)";

    /// <summary>Columns that name something and have no foreign key with the workspace, each with its reason.</summary>
    private static readonly Dictionary<string, string> Excepted = new(StringComparer.Ordinal)
    {
        ["campaign_count_changes.campaign_id"] = "the key would lock the campaign's row after those of its leads; the row that it is folded into has one",
        ["jobs.batch_id"] = JobPrice,
        ["jobs.campaign_id"] = JobPrice,
        ["jobs.lead_id"] = JobPrice,
        ["approval_choices.lead_id"] = "goes with the approval's lead, which has the workspace",
        ["push_writers.job_id"] = "a fence: the job may be forgotten before the campaign",
        ["approvals.instance_id"] = OwnRun,
        ["batches.instance_id"] = OwnRun,
        ["campaigns.workflow_instance_id"] = OwnRun,
        ["workflow_instances.parent_id"] = OwnRun,
        ["workflow_instances.root_id"] = OwnRun,
        ["workflow_orphans.instance_id"] = OwnRun,
        ["workflow_orphans.parent_id"] = OwnRun,
        ["workflow_starts.parent_id"] = OwnRun,
        ["workflow_starts.trigger_id"] = "a start that was decided outlives its trigger",
        ["workflow_starts.stimulus_id"] = "a start that was decided outlives its stimulus",
        ["workflow_bookmarks.instance_id"] = Engine,
        ["workflow_bookmarks.execution_id"] = Engine,
        ["workflow_bursts.instance_id"] = Engine,
        ["workflow_resumptions.instance_id"] = Engine,
        ["workflow_resumptions.bookmark_id"] = Engine,
        ["workflow_resumptions.stimulus_id"] = Engine,
        ["workflow_http_takers.instance_id"] = Engine,
        ["workflow_http_takers.request_id"] = Engine,
        ["refresh_tokens.session_id"] = Person,
        ["audit_unsealed.entry_id"] = "an entry may be of no workspace; written by the trigger of its own insert",
        ["jobs.node_id"] = Node,
        ["limit_slots.node_id"] = Node,
        ["outbox_events.node_id"] = Node,
        ["workflow_start_counts.node_id"] = Node,
    };

    [Fact]
    public async Task Whatever_names_a_row_of_a_workspace_names_its_workspace_too()
    {
        await using var db = await TestPostgres.NewDatabaseAsync();
        var loose = await db.ListAsync<string>("""
            select c.relname || '.' || a.attname
            from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
            where c.relkind in ('r', 'p') and c.relnamespace = 'public'::regnamespace and a.atttypid = 'uuid'::regtype
                and (a.attname like '%\_id' or a.attname like '%\_of') and a.attname <> 'workspace_id'
                and not exists (
                    select from pg_constraint k where k.contype = 'f' and k.convalidated and k.conrelid = c.oid and a.attnum = any(k.conkey)
                        and (exists (select from pg_attribute w where w.attrelid = c.oid and w.attname = 'workspace_id' and w.attnum = any(k.conkey))
                            or not exists (select from pg_attribute w where w.attrelid = k.confrelid and w.attname = 'workspace_id' and not w.attisdropped)))
            order by 1
            """);
        loose.Except(Excepted.Keys).ShouldBeEmpty("each needs a foreign key on (workspace_id, …) to its parent, or a reason here");
        Excepted.Keys.Except(loose).ShouldBeEmpty("these have their key: the exceptions are over");
    }

    [Theory]
    [InlineData("insert into leads (id, workspace_id, campaign_id, source, source_id, status, created_at, updated_at) values (new_id(), $1, $2, 's', 'another', 'Sourced', now(), now())")]
    [InlineData("insert into batches (id, workspace_id, campaign_id, kind, parameters, state, is_open, total, created_at) values (new_id(), $1, $2, 'k', '{}', 'Running', true, 1, now())")]
    [InlineData("insert into batches (id, campaign_id, kind, parameters, state, is_open, total, created_at) select new_id(), $2, 'k', '{}', 'Running', true, 1, now() where $1::uuid is not null")]
    [InlineData($"with {AContact} insert into contact_identities (workspace_id, provider, provider_id, contact_id) select $1, 's', 'x', id from c")]
    [InlineData($"with {AContact} insert into contact_emails (workspace_id, address, contact_id) select $1, 'x', id from c")]
    [InlineData($"with {AContact} insert into contact_enrichments (workspace_id, contact_id, enriched_at) select $1, id, now() from c")]
    [InlineData("insert into drafts (lead_id, step, workspace_id, campaign_id, subject, body, language, prompt_version, created_at) select id, 1, $1, $2, '', '', 'en', '', now() from leads where campaign_id = $2")]
    [InlineData("insert into intents (id, workspace_id, campaign_id, account, kind, subject, state, created_at, updated_at) values (new_id(), $1, $2, 'a', 'lead.add', 's', 'planned', now(), now())")]
    [InlineData("insert into push_writers (campaign_id, workspace_id, fence, job_id, taken_at) values ($2, $1, 1, new_id(), now())")]
    [InlineData("insert into receipt_heads (campaign_id, workspace_id, sequence, mac) values ($2, $1, 0, '')")]
    public async Task A_row_of_one_workspace_cannot_name_anothers(string insert)
    {
        await using var db = await TestPostgres.NewDatabaseAsync();
        var (stranger, campaign) = await TwoWorkspacesAsync(db);
        var refusal = await Should.ThrowAsync<PostgresException>(() => db.ExecuteAsync(insert, stranger, campaign));
        refusal.SqlState.ShouldBeOneOf(PostgresErrorCodes.ForeignKeyViolation, PostgresErrorCodes.CheckViolation);
    }

    [Fact]
    public async Task An_upgrade_keeps_what_is_right_and_names_what_crosses_workspaces()
    {
        await using var db = await TestPostgres.BlankDatabaseAsync();
        var migrator = new Migrator(db.Owner);
        await migrator.MigrateAsync([.. Migration.Embedded().Where(migration => string.CompareOrdinal(migration.Name, "0055") < 0)], CancellationToken.None);
        var (stranger, campaign) = await TwoWorkspacesAsync(db);
        await db.ExecuteAsync("insert into receipt_heads (campaign_id, sequence, mac) values ($1, 0, '')", campaign);
        await db.ExecuteAsync("insert into lead_enrichments (lead_id, workspace_id, enriched_at) select id, $1, now() from leads", stranger);
        (await Should.ThrowAsync<DatabaseException>(() => migrator.MigrateAsync(CancellationToken.None))).Message.ShouldContain("1 rows of lead_enrichments");

        await db.ExecuteAsync("delete from lead_enrichments");
        await migrator.MigrateAsync(CancellationToken.None);
        (await db.ScalarAsync<bool>("select h.workspace_id = c.workspace_id from receipt_heads h join campaigns c on c.id = h.campaign_id")).ShouldBeTrue();
    }

    /// <summary>A campaign with one lead, and a workspace that it is not of.</summary>
    private static async Task<(Guid Stranger, Guid Campaign)> TwoWorkspacesAsync(TestDatabase db)
    {
        var (stranger, owner, campaign) = (Guid.CreateVersion7(), Guid.CreateVersion7(), Guid.CreateVersion7());
        await db.ExecuteAsync("insert into workspaces (id, name) values ($1, 'Stranger'), ($2, 'Owner')", stranger, owner);
        await db.ExecuteAsync("""
            insert into campaigns (id, workspace_id, name, status, icp, lead_limit, threshold, targets, workflow, created_at) values ($1, $2, 'C', 'Running', '{}', 1, 5, '{}', 'w', now())
            """, campaign, owner);
        await db.ExecuteAsync("""
            insert into leads (id, workspace_id, campaign_id, source, source_id, status, created_at, updated_at) values ($1, $2, $3, 's', 'x', 'Sourced', now(), now())
            """, Guid.CreateVersion7(), owner, campaign);
        return (stranger, campaign);
    }
}
