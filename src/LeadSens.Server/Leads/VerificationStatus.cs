namespace LeadSens.Server.Leads;

/// <summary>Whether the lead's address takes mail.</summary>
internal static class VerificationStatus
{
    public static readonly IReadOnlyList<string> All = ["Unchecked", "Verifying", "Verified", "NotVerified", "NeedsReview", "CatchAll"];
}
