namespace LeadSens.Server.Leads;

/// <summary>The score in three parts.</summary>
internal static class ScoreBand
{
    public static readonly IReadOnlyList<string> All = ["LOW", "MEDIUM", "HIGH"];
}
