namespace LeadSens.Server.Campaigns;

/// <summary>How large a campaign is expected to be, and where its leads go.</summary>
/// <param name="Qualified">Leads that are expected to reach the threshold.</param>
internal sealed record CampaignSize(long Leads, long Qualified, IReadOnlyCollection<string> Targets)
{
    /// <summary>Requests of so many at a time.</summary>
    public static long Parts(long count, int size) => (count + size - 1) / size;
}

/// <summary>What campaigns use a provider for.</summary>
internal abstract class CampaignUse
{
    /// <summary>Whether a campaign may name it as where its approved leads go.</summary>
    public virtual bool IsTarget => false;

    /// <summary>The calls that a campaign makes there, for the forecast.</summary>
    public abstract long CallsOf(CampaignSize size);
}
