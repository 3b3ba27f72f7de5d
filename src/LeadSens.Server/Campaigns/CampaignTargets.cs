using LeadSens.Server.Api;
using LeadSens.Server.Connections;

namespace LeadSens.Server.Campaigns;

/// <summary>Where a campaign's approved leads can go: the providers that say so.</summary>
internal sealed class CampaignTargets(ProviderRegistry providers) : KnownWords
{
    public override IReadOnlyList<string> All => [.. providers.With<CampaignUse>().Where(one => one.Part.IsTarget).Select(one => one.Provider.Name)];

    /// <summary>What is wrong is named at the field <c>targets</c>.</summary>
    public void Check(IReadOnlyList<string?>? targets, FieldErrors errors)
    {
        var known = All;
        errors.Require(targets is not { Count: 0 }, "targets", $"Name at least one target: {string.Join(", ", known)}.");
        foreach (var unknown in (targets ?? []).Where(target => !known.Contains(target)))
            errors.Add("targets", $"'{unknown}' is no target; known are {string.Join(" and ", known)}.");
    }

    /// <summary>Those that a request names; all where it names none.</summary>
    public string[] Of(CampaignRequest request) => request.Targets is null ? [.. All] : [.. request.Targets.Select(target => target!).Distinct()];
}
