namespace LeadSens.Server.Jobs;

/// <summary>Where a job is.</summary>
internal static class JobState
{
    public static readonly IReadOnlyList<string> All = ["Queued", "Running", "Completed", "Skipped", "Failed", "Cancelled"];
}
