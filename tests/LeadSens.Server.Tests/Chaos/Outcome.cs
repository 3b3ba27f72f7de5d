extern alias Demo;

using System.Text.Json;
using Demo::LeadSens.Demo;

namespace LeadSens.Server.Tests.Chaos;

/// <summary>What must hold however often Servers died on the way.</summary>
internal static class Outcome
{
    /// <summary>A node has at most so many calls of one kind under way, and loses at most 250 ms of what they brought.</summary>
    private const int InFlight = 64;
    private const int DoneIn250Ms = 64 * 250 / 30;

    public static async Task ShouldBeOnceAsync(ApiClient api, SandboxControl sandbox, Guid id, int leads, int kills)
    {
        var campaign = await api.GetCampaignAsync(id, CancellationToken.None);
        campaign.Status.ShouldBe("Completed", campaign.Fault);
        campaign.Count("sourced").ShouldBe(leads);
        (campaign.Count("pushed") + campaign.Push("refused")).ShouldBe(campaign.Count("approved"));
        campaign.Count("approved").ShouldBe(campaign.Count("drafted"));
        campaign.Count("pushed").ShouldBeGreaterThan(0);

        var writes = await sandbox.WritesAsync(CancellationToken.None);
        writes.Where(write => write.Kind == "lead.created").Select(write => write.Count).ShouldAllBe(count => count == 1);
        writes.Count(write => write.Kind == "lead.created").ShouldBe((int)campaign.Count("pushed"));
        writes.Where(write => write.Kind == "campaign.created").ShouldHaveSingleItem().Count.ShouldBe(1);
        writes.Where(write => write.Kind == "credits.spent").ShouldHaveSingleItem().Count.ShouldBe(1);

        await ShouldHaveOneReceiptPerLeadAsync(api, id, campaign);
        await ShouldRepeatFewCallsAsync(sandbox, campaign, kills);
    }

    private static async Task ShouldHaveOneReceiptPerLeadAsync(ApiClient api, Guid id, CampaignView campaign)
    {
        var receipts = await api.ListAsync($"/api/campaigns/{id}/receipts", CancellationToken.None);
        var leads = receipts.Where(receipt => receipt.TryGetProperty("leadId", out var lead) && lead.ValueKind == JsonValueKind.String)
            .Select(receipt => receipt.GetProperty("leadId").GetGuid()).ToList();
        leads.Count.ShouldBe((int)campaign.Count("pushed"));
        leads.ShouldBeUnique();
        (await api.ReceiptsVerifyAsync(id, CancellationToken.None)).ShouldBeTrue();
    }

    /// <summary>Answers that were paid for and lost: what a node had in flight, and 250 ms of results that it had not stored.</summary>
    private static async Task ShouldRepeatFewCallsAsync(SandboxControl sandbox, CampaignView campaign, int kills)
    {
        var counts = await sandbox.CountsAsync(CancellationToken.None);
        var answered = counts.Where(count => count.Vendor == "mistral").Sum(count => count.Statuses.GetValueOrDefault(200));
        var demanded = campaign.Count("scored") + campaign.Count("enriched") + 3 * campaign.Count("drafted");
        (answered - demanded).ShouldBeInRange(0, (long)kills * (InFlight + DoneIn250Ms));
    }
}
