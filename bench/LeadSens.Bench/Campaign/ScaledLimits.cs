using System.Globalization;
using LeadSens.Demo;

namespace LeadSens.Bench.Campaign;

/// <summary>Provider limits scaled down, so that they and not the machine decide how long a campaign takes.</summary>
internal static class ScaledLimits
{
    private const double ModelPerSecond = 60;
    private const double ScrapesPerSecond = 25;

    public static IReadOnlyDictionary<string, string?> Settings => new Dictionary<string, string?>
    {
        ["Limits__mistral__RequestsPerSecond"] = Text(ModelPerSecond),
        ["Limits__mistral__Burst"] = "5",
        ["Limits__jina__RequestsPerSecond"] = Text(ScrapesPerSecond),
        ["Limits__jina__Burst"] = "3",
    };

    /// <summary>The sum over the stages of each stage's binding limit.</summary>
    public static double BindingSeconds(CampaignView campaign)
    {
        var score = campaign.Count("scored") / ModelPerSecond;
        var enrich = Math.Max(campaign.Count("qualified") / ScrapesPerSecond, campaign.Count("enriched") / ModelPerSecond);
        var draft = 3 * campaign.Count("drafted") / ModelPerSecond;
        return score + enrich + draft;
    }

    private static string Text(double value) => value.ToString(CultureInfo.InvariantCulture);
}
