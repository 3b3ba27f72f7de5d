using System.Text;
using LeadSens.Server.Connections.Providers.Slack;
using LeadSens.Server.Data;
using LeadSens.Server.Operations;
using LeadSens.Server.Secrets;
using LeadSens.Server.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace LeadSens.Server.Tests.Providers;

/// <summary>What the versions kept in columns and tables that were named after vendors.</summary>
public sealed class UpgradeTests
{
    private const string Url = "https://hooks.slack.com/services/T0/B0/x";

    [Fact]
    public async Task Channels_and_contacts_of_the_version_before_are_there_after_the_upgrade()
    {
        await using var db = await TestPostgres.BlankDatabaseAsync();
        await new Migrator(db.Owner).MigrateAsync(
            [.. Migration.Embedded().Where(migration => string.CompareOrdinal(migration.Name, "0105") < 0)], CancellationToken.None);
        var campaign = await ReviewedCampaign.CreateAsync(db, 2);
        await db.ExecuteAsync(
            "update leads set status = 'Synced', hubspot_id = '4711' where campaign_id = $1 and email_key = 'lead1@example.com'", campaign.Id);
        var sealedUrl = new SecretBox(new MasterKeys(LeadSensOptions.DevelopmentEncryptionKey))
            .Seal(Encoding.UTF8.GetBytes(Url), $"workspace_slack.sealed_url/{campaign.WorkspaceId}");
        await db.ExecuteAsync(
            "insert into workspace_slack (workspace_id, sealed_url, set_by, set_at) values ($1, $2, 'somebody', now())", campaign.WorkspaceId, sealedUrl);

        await using var app = TestApp.QuietBeside(db);

        (await db.ListAsync<string>("select concat_ws(' ', email_key, crm, crm_id) from leads order by email_key"))
            .ShouldBe(["lead1@example.com hubspot 4711", "lead2@example.com"]);
        var envelope =
            await db.ScalarAsync<byte[]>("select sealed_url from notice_channels where workspace_id = $1 and provider = 'slack'", campaign.WorkspaceId);
        SlackChannel.Open(app.Services.GetRequiredService<SecretBox>(), campaign.WorkspaceId, envelope.ShouldNotBeNull()).ShouldBe(Url);
    }
}
