namespace LeadSens.Server.Jobs;

/// <summary>Where an event is.</summary>
internal static class OutboxStatus
{
    public static readonly IReadOnlyList<string> All = ["pending", "processing", "sent", "failed", "dead_letter"];
}
