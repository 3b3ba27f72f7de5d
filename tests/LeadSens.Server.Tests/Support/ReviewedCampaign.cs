using LeadSens.Activities;
using LeadSens.Server.Approvals;
using LeadSens.Server.Data;
using LeadSens.Server.Jobs;
using LeadSens.Server.Mail;
using LeadSens.Server.Operations;
using LeadSens.Server.Secrets;
using LeadSens.Server.Suppressions;
using LeadSens.Server.Workflows;
using Microsoft.Extensions.Options;

namespace LeadSens.Server.Tests.Support;

/// <summary>A campaign whose leads are verified and drafted, ready for review.</summary>
internal sealed class ReviewedCampaign(TestDatabase db, Guid workspaceId)
{
    public Guid Id { get; } = Guid.CreateVersion7();
    public Guid WorkspaceId => workspaceId;
    public Guid InstanceId { get; } = Guid.CreateVersion7();

    public static async Task<ReviewedCampaign> CreateAsync(TestDatabase db, int leads, Guid? workspaceId = null, string domain = "example.com")
    {
        var campaign = new ReviewedCampaign(db, workspaceId ?? Guid.CreateVersion7());
        await db.ExecuteAsync("insert into workspaces (id, name) values ($1, 'Test') on conflict do nothing", campaign.WorkspaceId);
        await db.ExecuteAsync("""
            insert into campaigns (id, workspace_id, name, status, icp, lead_limit, threshold, targets, workflow, workflow_instance_id, created_at)
            values ($1, $2, 'Spring', 'Running', '{}', 100, 5, '{instantly,hubspot}', 'campaign', $3, now())
            """, campaign.Id, campaign.WorkspaceId, campaign.InstanceId);
        // A run that waits; without one the Server takes the campaign for one that it has yet to start.
        await db.ExecuteAsync("""
            insert into workflow_instances (id, workspace_id, definition_id, definition_version_id, definition_version, status, sub_status, state, version, runnable, created_at, updated_at)
            values ($1, $2, 'campaign', 'campaign:1', 1, 'Running', 'Suspended', '{}', 1, false, now(), now())
            """, campaign.InstanceId, campaign.WorkspaceId);
        await db.ExecuteAsync("""
            insert into leads (id, workspace_id, campaign_id, source, source_id, email, email_key, first_name, last_name, company_name, status, verification_status, created_at, updated_at)
            select new_id(), $1, $2, 'instantly', n::text, 'Lead' || n || '@' || $4, 'lead' || n || '@' || $4, 'Lead', n::text, 'Acme', 'Drafted', 'Verified', now(), now()
            from generate_series(1, $3) n
            """, campaign.WorkspaceId, campaign.Id, leads, domain);
        await db.ExecuteAsync("""
            update leads l set contact_id = (w.contact).id
            from (
                    select array_agg(id) as ids, array_agg(now()) as said, array_agg(null::text) as raws,
                        array_agg(jsonb_build_object('email', email_key, 'firstName', first_name, 'lastName', last_name)) as fields
                    from leads where campaign_id = $2 having count(*) > 0) p,
                contacts_write($1, 'test', 1::smallint, null, p.ids::text[], p.said, p.fields, p.raws, null, null) w
            where l.id = p.ids[w.place]
            """, campaign.WorkspaceId, campaign.Id);
        await db.ExecuteAsync("""
            insert into drafts (lead_id, step, workspace_id, campaign_id, subject, body, language, prompt_version, created_at)
            select l.id, s, l.workspace_id, l.campaign_id, 'Subject ' || s, 'Hello there' || E',\n\nmail <b>' || s || '</b>', 'en', 'email_step.v1', now()
            from leads l, generate_series(1, 3) s where l.campaign_id = $1
            """, campaign.Id);
        return campaign;
    }

    /// <summary>Asks for a round, as the box does.</summary>
    public async Task<Guid> AskAsync(TimeSpan? timeOut = null, string node = "approval", string? notBy = null, bool bySomebodyElse = false)
    {
        var id = Guid.CreateVersion7();
        await using var connection = await db.DataSource.OpenConnectionAsync(CancellationToken.None);
        await using var transaction = await connection.BeginTransactionAsync();
        await OpenApproval.ExecuteAsync(connection, new(id, new(workspaceId, Id), InstanceId, node, timeOut ?? TimeSpan.FromDays(7), [], notBy, bySomebodyElse), await Keys().OfAsync(workspaceId, default), CancellationToken.None);
        await transaction.CommitAsync();
        return id;
    }

    public async Task<Guid> ApprovedAsync()
    {
        var id = await AskAsync();
        (await Decide().ExecuteAsync(id, new("approve", null, []), new("anna", workspaceId, await HashAsync(id)), CancellationToken.None)).ShouldBeOfType<DecisionResult.Decided>();
        return id;
    }

    public DecideApproval Decide() => new(db.DataSource, Signals(), Keys());

    public WorkflowApprovals Workflow() => new(db.DataSource, Notices(), Signals(), Keys());

    private SuppressionKeys Keys() => new(db.DataSource, new SecretBox(new MasterKeys(LeadSensOptions.DevelopmentEncryptionKey)));

    public Task<List<Guid>> LeadsAsync() => db.ListAsync<Guid>("select id from leads where campaign_id = $1 order by id", Id);

    public Task<List<string>> StatusesAsync() => db.ListAsync<string>("select distinct status from leads where campaign_id = $1 order by status", Id);

    public Task<long> CountAsync(string status) => db.ScalarAsync<long>("select count(*) from leads where campaign_id = $1 and status = $2", Id, status);

    public async Task<byte[]> HashAsync(Guid approval) => (await db.ScalarAsync<byte[]>("select content_hash from approvals where id = $1", approval))!;

    private ApprovalNotices Notices()
    {
        var settings = Options.Create(new LeadSensOptions { PublicUrl = "http://localhost" });
        var mails = new Mails(new SecretBox(new MasterKeys(LeadSensOptions.DevelopmentEncryptionKey)), new MailServers(Options.Create(new MailOptions()), settings, new TestEnvironment("Development")), new JobSignal(new Wakeups()));
        return new(mails, new ApprovalLinks(db.DataSource, new PublicAddress(settings, null!)), new([], []));
    }

    private static ApprovalSignals Signals()
    {
        var wakeups = new Wakeups();
        return new(new WorkflowSignal(wakeups), new OutboxSignal(wakeups));
    }
}
