using System.Text.Json;
using LeadSens.Server.Connections;
using LeadSens.Server.Connections.Providers.Instantly;

namespace LeadSens.Server.Push;

/// <summary>Creates the campaign at Instantly with the three-step sequence; the mails' texts are each lead's own variables.</summary>
internal sealed class CreateCampaignCall(InstantlyClient instantly, ConnectionSource connections, Reads reads) : IntentCall
{
    private const int DaysToSecond = 3, DaysToThird = 4;

    public override string Kind => "campaign.create";

    /// <param name="Name">The campaign's own name; the intent's tag is added to it.</param>
    internal sealed record Wanted(string Name);

    public override async Task<ProviderResult<Found>> LookUpAsync(Intent intent, CancellationToken cancellationToken)
    {
        var account = await connections.ForAsync(intent, cancellationToken);
        if (!account.Succeeded) return account.Failure;
        var walk = new PageWalk(PageWalk.FewPages);
        string? after = null;
        do
        {
            var from = after;
            var page = await reads.ReadAsync(() => instantly.ListCampaignsAsync(account.Value, intent.Tag, from, cancellationToken), cancellationToken);
            if (!page.Succeeded) return page.Failure;
            if (page.Value.Items.FirstOrDefault(campaign => campaign.Name?.Contains(intent.Tag, StringComparison.Ordinal) == true) is { } campaign) return new Found(campaign.Id);
            after = walk.After(page.Value);
        }
        while (after is not null);
        return walk.Failure is { } endless ? endless : Found.Nothing;
    }

    public override async Task<ProviderResult<string>> WriteAsync(Intent intent, CancellationToken cancellationToken)
    {
        var account = await connections.ForAsync(intent, cancellationToken);
        if (!account.Succeeded) return account.Failure;
        var name = intent.Request.Deserialize<Wanted>(JsonSerializerOptions.Web)!.Name;
        var created = await instantly.CreateCampaignAsync(account.Value, new($"{name} [{intent.Tag}]",
            [Step(1, DaysToSecond), Step(2, DaysToThird), Step(3, 0)]), cancellationToken);
        return created.Succeeded ? created.Value.Id : created.Failure;
    }

    public override Task<ProviderResult<Found>> ReadBackAsync(Intent intent, string providerId, CancellationToken cancellationToken) =>
        InstantlyCampaigns.FindAsync(instantly, connections, reads, intent, providerId, _ => true, cancellationToken);

    private static InstantlyStep Step(int step, int daysToNext) => new($"{{{{subject_{step}}}}}", $"{{{{body_{step}}}}}", daysToNext);
}

/// <summary>Starts the sending of a campaign. Its state at the provider says whether it took effect.</summary>
internal sealed class ActivateCampaignCall(InstantlyClient instantly, ConnectionSource connections, Reads reads) : IntentCall
{
    public override string Kind => "campaign.activate";

    internal sealed record Wanted(string ProviderCampaignId);

    /// <summary>Every state but draft: an active campaign may be paused or completed by the time somebody looks.</summary>
    public override Task<ProviderResult<Found>> LookUpAsync(Intent intent, CancellationToken cancellationToken) =>
        InstantlyCampaigns.FindAsync(instantly, connections, reads, intent, Campaign(intent), campaign => campaign.Status is { } status and not 0, cancellationToken);

    public override async Task<ProviderResult<string>> WriteAsync(Intent intent, CancellationToken cancellationToken)
    {
        var account = await connections.ForAsync(intent, cancellationToken);
        if (!account.Succeeded) return account.Failure;
        var activated = await instantly.ActivateAsync(account.Value, Campaign(intent), cancellationToken);
        return activated.Succeeded ? activated.Value.Id : activated.Failure;
    }

    private static string Campaign(Intent intent) => intent.Request.Deserialize<Wanted>(JsonSerializerOptions.Web)!.ProviderCampaignId;
}

internal static class InstantlyCampaigns
{
    public static async Task<ProviderResult<Found>> FindAsync(
        InstantlyClient instantly, ConnectionSource connections, Reads reads, Intent intent, string id, Func<InstantlyCampaign, bool> counts, CancellationToken cancellationToken)
    {
        var account = await connections.ForAsync(intent, cancellationToken);
        if (!account.Succeeded) return account.Failure;
        var campaign = await reads.ReadAsync(() => instantly.GetCampaignAsync(account.Value, id, cancellationToken), cancellationToken);
        if (campaign.Succeeded) return counts(campaign.Value) ? new Found(campaign.Value.Id) : Found.Nothing;
        return campaign.Failure.Kind == ProviderFailureKind.NotFound ? Found.Nothing : campaign.Failure;
    }

    /// <summary>The account that the intent was opened for; another one knows nothing of it.</summary>
    public static async Task<ProviderResult<ProviderAccount>> ForAsync(this ConnectionSource connections, Intent intent, CancellationToken cancellationToken)
    {
        var account = await connections.ForAsync(intent.WorkspaceId, ProviderNames.Instantly, cancellationToken);
        if (!account.Succeeded || account.Value.AccountKey == intent.Account) return account;
        return new ProviderFailure(ProviderFailureKind.Unauthorized, ProviderNames.Instantly, "Another account was connected meanwhile; connect the one that the campaign began with.");
    }
}
