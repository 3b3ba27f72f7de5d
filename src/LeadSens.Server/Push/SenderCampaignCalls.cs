using System.Text.Json;
using LeadSens.Server.Connections;

namespace LeadSens.Server.Push;

/// <summary>Creates the campaign at the sender with the three-step sequence; the mails' texts are each lead's own.</summary>
internal sealed class CreateCampaignCall(ProviderFor<CampaignSender> sender, Reads reads) : IntentCall
{
    private static readonly SenderStep[] Steps = [new(1, 3), new(2, 4), new(3, 0)];

    public override string Kind => "campaign.create";

    /// <param name="Name">The campaign's own name; the intent's tag is added to it.</param>
    internal sealed record Wanted(string Name);

    public override async Task<ProviderResult<Found>> LookUpAsync(Intent intent, CancellationToken cancellationToken)
    {
        var account = await sender.ForAsync(intent, cancellationToken);
        if (!account.Succeeded) return account.Failure;
        var walk = new PageWalk(sender.Name, PageWalk.FewPages);
        string? after = null;
        do
        {
            var from = after;
            var page = await reads.ReadAsync(() => sender.Part.ListAsync(account.Value, intent.Tag, from, cancellationToken), cancellationToken);
            if (!page.Succeeded) return page.Failure;
            if (page.Value.Items.FirstOrDefault(campaign =>
                campaign.Name?.Contains(intent.Tag, StringComparison.Ordinal) == true) is { } campaign) return new Found(campaign.Id);
            after = walk.After(page.Value);
        }
        while (after is not null);
        return walk.Failure is { } endless ? endless : Found.Nothing;
    }

    public override async Task<ProviderResult<string>> WriteAsync(Intent intent, CancellationToken cancellationToken)
    {
        var account = await sender.ForAsync(intent, cancellationToken);
        if (!account.Succeeded) return account.Failure;
        var name = intent.Request.Deserialize<Wanted>(JsonSerializerOptions.Web)!.Name;
        return await sender.Part.CreateAsync(account.Value, $"{name} [{intent.Tag}]", Steps, cancellationToken);
    }

    public override Task<ProviderResult<Found>> ReadBackAsync(Intent intent, string providerId, CancellationToken cancellationToken) =>
        SenderCampaigns.FindAsync(sender, reads, intent, providerId, _ => true, cancellationToken);
}

/// <summary>Starts the sending of a campaign. Its state at the provider says whether it took effect.</summary>
internal sealed class ActivateCampaignCall(ProviderFor<CampaignSender> sender, Reads reads) : IntentCall
{
    public override string Kind => "campaign.activate";

    internal sealed record Wanted(string ProviderCampaignId);

    public override Task<ProviderResult<Found>> LookUpAsync(Intent intent, CancellationToken cancellationToken) =>
        SenderCampaigns.FindAsync(sender, reads, intent, Campaign(intent), campaign => campaign.HasBegun, cancellationToken);

    public override async Task<ProviderResult<string>> WriteAsync(Intent intent, CancellationToken cancellationToken)
    {
        var account = await sender.ForAsync(intent, cancellationToken);
        return account.Succeeded ? await sender.Part.ActivateAsync(account.Value, Campaign(intent), cancellationToken) : account.Failure;
    }

    private static string Campaign(Intent intent) => intent.Request.Deserialize<Wanted>(JsonSerializerOptions.Web)!.ProviderCampaignId;
}

internal static class SenderCampaigns
{
    public static async Task<ProviderResult<Found>> FindAsync(
        ProviderFor<CampaignSender> sender, Reads reads, Intent intent, string id, Func<SenderCampaign, bool> counts, CancellationToken cancellationToken)
    {
        var account = await sender.ForAsync(intent, cancellationToken);
        if (!account.Succeeded) return account.Failure;
        var campaign = await reads.ReadAsync(() => sender.Part.GetAsync(account.Value, id, cancellationToken), cancellationToken);
        if (campaign.Succeeded) return counts(campaign.Value) ? new Found(campaign.Value.Id) : Found.Nothing;
        return campaign.Failure.Kind == ProviderFailureKind.NotFound ? Found.Nothing : campaign.Failure;
    }

    /// <summary>The account that the intent was opened for; another one knows nothing of it.</summary>
    public static async Task<ProviderResult<ProviderAccount>> ForAsync(
        this ProviderFor<CampaignSender> sender, Intent intent, CancellationToken cancellationToken)
    {
        var account = await sender.ForAsync(intent.WorkspaceId, cancellationToken);
        if (!account.Succeeded || account.Value.AccountKey == intent.Account) return account;
        return new ProviderFailure(
            ProviderFailureKind.Unauthorized, sender.Name, "Another account was connected meanwhile; connect the one that the campaign began with.");
    }
}
