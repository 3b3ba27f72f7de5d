namespace LeadSens.Demo;

/// <summary>How far a stage is, as far as the funnel tells.</summary>
internal readonly record struct StageProgress(string Name, long Done, long Total);

internal static class Stages
{
    /// <summary>The stages in the order of the data. What a stage has to do is what the one before it let through.</summary>
    public static IReadOnlyList<StageProgress> Of(CampaignView campaign, int limit)
    {
        var counted = campaign.Count("counted");
        var toSource = counted == 0 ? limit : Math.Min(counted, limit);
        return
        [
            new("source", campaign.Count("sourced"), toSource),
            new("score", campaign.Count("scored"), Math.Max(0, campaign.Count("sourced") - campaign.Count("duplicates"))),
            new("enrich", campaign.Count("enriched"), campaign.Count("qualified")),
            new("verify", campaign.Count("verified"), campaign.Count("qualified")),
            new("draft", campaign.Count("drafted"), campaign.Count("verified")),
            new("approve", campaign.Count("approved"), campaign.Count("drafted")),
            new("push", campaign.Count("pushed") + campaign.Push("refused"), campaign.Count("approved")),
            new("sync", campaign.Count("synced"), campaign.Count("pushed")),
        ];
    }
}
