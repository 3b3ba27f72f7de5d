using System.Text.Json;
using LeadSens.Server.Api;

namespace LeadSens.Server.Campaigns;

/// <summary>What a campaign must say before anything runs; every fault is named by its field.</summary>
internal static class CampaignRules
{
    public const string DefaultWorkflow = "campaign";
    public const int DefaultThreshold = 5;
    public const int LargestLimit = 1_000_000;
    private const int LongestName = 200;
    private const int LongestDescription = 4_000;
    private const int LongestList = 100;

    public static FieldErrors Check(CampaignRequest request, CampaignTargets targets)
    {
        var errors = new FieldErrors();
        errors.Require(!string.IsNullOrWhiteSpace(request.Name), "name", "Give the campaign a name.");
        errors.Require(request.Name is not { Length: > LongestName }, "name", $"The name may have at most {LongestName} characters.");
        errors.Require(IsWhole(request.Limit, 1, LargestLimit), "limit", "The limit is a whole number from 1 to 1,000,000.");
        errors.Require(request.Threshold is null || IsWhole(request.Threshold, 1, 10), "threshold", "The threshold is a whole number from 1 to 10.");
        errors.Require(request.BudgetUsd is null or (> 0 and <= 999_999), "budgetUsd", "The budget is more than 0 and at most 999,999 USD.");
        targets.Check(request.Targets, errors);
        CheckIcp(request.Icp, errors);
        return errors;
    }

    public static string ToJson(Icp icp) => JsonSerializer.Serialize(icp.Normalised(), IcpJson.Default.Icp);

    private static bool IsWhole(decimal? value, int least, int most) => value is { } number && number == decimal.Truncate(number) && number >= least && number <= most;

    private static void CheckIcp(Icp? icp, FieldErrors errors)
    {
        errors.Require(icp is { IsEmpty: false }, "icp", "Say whom to reach: a description or at least one job title, industry, country or company size.");
        if (icp is null) return;
        errors.Require(icp.Description is not { Length: > LongestDescription }, "icp.description", $"The description may have at most {LongestDescription} characters.");
        foreach (var (field, values) in icp.Lists)
        {
            errors.Require(values is not { Count: > LongestList }, $"icp.{field}", $"At most {LongestList} values.");
            errors.Require(values is null || values.All(value => !string.IsNullOrWhiteSpace(value) && value.Length <= LongestName), $"icp.{field}", $"Every value has 1 to {LongestName} characters.");
        }
    }
}
