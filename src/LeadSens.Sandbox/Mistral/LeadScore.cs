using System.Text.Json;
using LeadSens.Sandbox.Data;
using LeadSens.Sandbox.Http;

namespace LeadSens.Sandbox.Mistral;

/// <summary>Scores by rule: 9 or 10 on a match, 2 or 3 on none, 4 where the lead says nothing; the score is the rounded mean.
/// What the ICP leaves open takes the mean of what it asks for.</summary>
internal static class LeadScore
{
    private const int Exact = 10;
    private const int Near = 9;
    private const int Unknown = 4;
    private const int SameRegion = 3;
    private const int None = 2;

    public static string Answer(Prompt prompt)
    {
        var icp = prompt.Json("icp");
        var lead = prompt.Json("lead");
        int?[] asked =
        [
            Fit(icp.Texts("jobTitles"), lead.Text("jobTitle"), Words),
            Fit(icp.Texts("companySizes"), lead.Text("companySize"), Sizes),
            Fit(icp.Texts("industries"), lead.Text("industry"), Words),
            Fit(icp.Texts("countries"), lead.Text("country"), Places),
        ];
        var open = asked.Any(fit => fit is not null) ? (int)Math.Round(asked.Average()!.Value) : Described(icp, lead);
        int[] fits = [.. asked.Select(fit => fit ?? open)];
        return Write(fits, (int)Math.Round(fits.Average()));
    }

    private static string Write(int[] fits, int score)
    {
        string[] names = ["job title", "company", "industry", "location"];
        var strongest = names[Array.IndexOf(fits, fits.Max())];
        var weakest = names[Array.LastIndexOf(fits, fits.Min())];
        var reason = fits.Max() == fits.Min()
            ? $"All four fits are {fits[0]} of 10."
            : $"The {strongest} fits best ({fits.Max()} of 10), the {weakest} least ({fits.Min()} of 10).";
        return $$"""{"score":{{score}},"jobTitleFit":{{fits[0]}},"companyFit":{{fits[1]}},"industryRelevance":{{fits[2]}},"locationFit":{{fits[3]}},"reason":"{{reason}}"}""";
    }

    private static int? Fit(string[] wanted, string? actual, Func<string, string, int> compare) =>
        wanted.Length == 0 ? null : string.IsNullOrWhiteSpace(actual) ? Unknown : wanted.Max(item => compare(item, actual));

    private static int Words(string wanted, string actual) => Matching.Equal(wanted, actual) ? Exact : Matching.Overlap(wanted, actual) ? Near : None;

    private static int Sizes(string wanted, string actual) => Matching.Equal(wanted, actual) ? Exact : Matching.SizesOverlap(wanted, actual) ? Near : None;

    private static int Places(string wanted, string actual) =>
        Matching.Equal(wanted, actual) ? Exact
        : Matching.CountriesEqual(wanted, actual) ? Near
        : Countries.Find(wanted)?.Region is { } region && Countries.Find(actual)?.Region == region ? SameRegion
        : None;

    /// <summary>An ICP that is only a description is compared with all that is known about the lead.</summary>
    private static int Described(JsonElement icp, JsonElement lead)
    {
        var about = string.Join(' ', lead.Text("jobTitle"), lead.Text("industry"), lead.Text("country"));
        return Matching.Overlap(icp.Text("description") ?? "", about) ? Near : None;
    }
}
