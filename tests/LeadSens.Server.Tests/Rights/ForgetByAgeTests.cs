using LeadSens.Server.Audit;
using LeadSens.Server.Campaigns;
using LeadSens.Server.Rights;
using LeadSens.Server.Secrets;
using LeadSens.Server.Operations;
using LeadSens.Server.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace LeadSens.Server.Tests.Rights;

public sealed class ForgetByAgeTests : DatabaseTest
{
    private readonly SigningKeys keys = new(new MasterKeys(LeadSensOptions.DevelopmentEncryptionKey), new RetiredKeys());

    [Fact]
    public async Task What_is_old_enough_goes_and_the_rest_stays()
    {
        var campaign = await ReviewedCampaign.CreateAsync(Db, 3);
        await Db.ExecuteAsync("update campaigns set status = 'Completed', finished_at = now()");
        await Db.ExecuteAsync("""
            insert into webhook_events (id, workspace_id, provider, dedupe_key, event_type, occurred_at, received_at, sealed_body, state, run_after)
            values (new_id(), $1, 'instantly', 'a', 'email_sent', now(), now(), 'x', 'done', now())
            """, campaign.WorkspaceId);
        await Db.ExecuteAsync("insert into outbox_events (id, workspace_id, type, payload, status, run_after, created_at, sent_at) select new_id(), $1, 'Told', '{}', s, now(), now(), now() from unnest('{sent,dead_letter}'::text[]) s", campaign.WorkspaceId);
        await AuditAsync(campaign.WorkspaceId);
        var (forget, seals) = (Forget(), Seals());
        await seals.SealAsync(default);

        await forget.ForgetAsync(default);
        (await CountAsync("webhook_events where sealed_body is not null"), await CountAsync("outbox_events"), await CountAsync("leads where erased_at is null"), await CountAsync("audit_entries")).ShouldBe((1, 2, 3, 1));

        await Db.ShiftClockAsync(TimeSpan.FromDays(100));
        await forget.ForgetAsync(default);
        (await CountAsync("webhook_events where sealed_body is not null"), await CountAsync("webhook_events"), await CountAsync("outbox_events"), await CountAsync("leads where erased_at is null")).ShouldBe((0, 1, 1, 3));

        await Db.ShiftClockAsync(TimeSpan.FromDays(700));
        await AuditAsync(campaign.WorkspaceId);
        await forget.ForgetAsync(default);
        (await CountAsync("webhook_events"), await CountAsync("drafts"), await CountAsync("leads where erased_at is null"), await CountAsync("leads"), await CountAsync("suppressions")).ShouldBe((0, 0, 0, 3, 0));
        (await CountAsync("audit_entries"), await CountAsync("audit_seals"), await CountAsync("audit_seals where forgotten_at is not null")).ShouldBe((1, 1, 1));
    }

    [Fact]
    public async Task Batches_go_with_their_jobs_and_the_times_of_their_stages_stay()
    {
        var (ended, goesOn) = (await ReviewedCampaign.CreateAsync(Db, 1), await ReviewedCampaign.CreateAsync(Db, 1));
        await Db.ExecuteAsync("update campaigns set status = 'Completed', finished_at = now() where id = $1", ended.Id);
        foreach (var (campaign, kind) in new (ReviewedCampaign?, string)[] { (ended, "lead.score"), (ended, "lead.score"), (ended, "lead.draft"), (goesOn, "lead.score"), (null, "slack.notify"), (null, "mail.send") })
        {
            await Db.ExecuteAsync("""
                with batch as (
                    insert into batches (id, workspace_id, campaign_id, kind, parameters, state, is_open, total, completed, created_at, completed_at)
                    values (new_id(), $1, $2::uuid, $3, '{}', 'Completed', false, 1, 1, now() - interval '7 seconds', now()) returning id)
                insert into jobs (id, batch_id, seq, workspace_id, campaign_id, kind, state, run_after) select new_id(), id, 1, $1, $2::uuid, $3, 'Completed', now() from batch
                """, (campaign ?? ended).WorkspaceId, campaign?.Id.ToString(), kind);
        }

        var times = await TimesAsync(ended);
        await Db.ShiftClockAsync(TimeSpan.FromDays(8));
        await Forget().ForgetAsync(default);
        (await Db.ListAsync<string>("select kind from batches where campaign_id is null")).ShouldBe(["mail.send"]);
        (await CountAsync("batches"), await CountAsync("jobs")).ShouldBe((5, 5));

        await Db.ShiftClockAsync(TimeSpan.FromDays(200));
        await Forget().ForgetAsync(default);
        (await CountAsync("batches where campaign_id is not null"), await CountAsync("jobs where campaign_id is not null")).ShouldBe((1, 0), "the campaign that goes on keeps its batch");
        (times["score"], times["draft"]).ShouldBe((14, 7));
        (await TimesAsync(ended)).ShouldBe(times, ignoreOrder: true);
    }

    [Fact]
    public async Task Every_table_says_what_keeps_it_from_growing() => (await Db.ListAsync<string>("select table_name::text from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE'"))
        .Order(StringComparer.Ordinal).ShouldBe(TableGrowth.Rules.Keys.Order(StringComparer.Ordinal));

    [Fact]
    public async Task A_lead_of_a_campaign_that_has_not_ended_stays()
    {
        await ReviewedCampaign.CreateAsync(Db, 2);
        await Db.ShiftClockAsync(TimeSpan.FromDays(4000));

        await Forget().ForgetAsync(default);

        (await CountAsync("leads where erased_at is null")).ShouldBe(2);
    }

    [Fact]
    public async Task An_audit_entry_that_no_seal_covers_is_not_forgotten()
    {
        var workspace = Guid.CreateVersion7();
        await AuditAsync(workspace);
        await Db.ShiftClockAsync(TimeSpan.FromDays(4000));
        await Forget().ForgetAsync(default);
        (await CountAsync("audit_entries")).ShouldBe(1);

        await Seals().SealAsync(default);
        await Forget().ForgetAsync(default);

        (await CountAsync("audit_entries")).ShouldBe(0);
    }

    private async Task<IReadOnlyDictionary<string, double>> TimesAsync(ReviewedCampaign campaign)
    {
        await using var connection = await DataSource.OpenConnectionAsync(CancellationToken.None);
        return await StageTimes.ReadAsync(connection, campaign.WorkspaceId, campaign.Id, default);
    }

    private ForgetByAge Forget() => new(DataSource, new EraseReceipts(keys), Options.Create(new RetentionOptions()), TimeProvider.System, NullLogger<ForgetByAge>.Instance);

    private AuditSeals Seals() => new(DataSource, keys, TimeProvider.System, NullLogger<AuditSeals>.Instance);

    private async Task AuditAsync(Guid workspace)
    {
        await using var connection = await DataSource.OpenConnectionAsync(CancellationToken.None);
        await AuditLog.AppendAsync(connection, new(workspace, AuditActor.System, "test.noted"), default);
    }

    private Task<long> CountAsync(string from) => Db.ScalarAsync<long>($"select count(*) from {from}");
}
