namespace LeadSens.Engine;

/// <summary>A failure as data: shown as an incident, retried by a user or a policy.</summary>
/// <param name="Type">A stable code or an exception's type name.</param>
/// <param name="Message">What happened, for a person.</param>
public sealed record Fault(string Type, string Message)
{
    /// <summary>Where an exception came from; null when no exception was involved.</summary>
    public string? StackTrace { get; init; }
}
