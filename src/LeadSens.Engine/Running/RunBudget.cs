namespace LeadSens.Engine;

/// <summary>What one instance may spend. One that has spent it stops with an incident, wherever it is; whoever retries it grants it the same again.</summary>
/// <param name="Activities">Activities that it executes or resumes.</param>
/// <param name="JournalBytes">What its journal takes, roughly.</param>
/// <param name="Per">After this time it begins anew.</param>
public sealed record RunBudget(int Activities, long JournalBytes, TimeSpan Per)
{
    /// <summary>The fault of an instance that has spent its budget.</summary>
    public const string Exceeded = "BudgetExceeded";

    internal Fault Fault => new(
        Exceeded, $"The run has spent what a run may spend within {Per.TotalHours:0.#} hours: {Activities} activities or {JournalBytes / 1_000_000} MB of journal. Check whether it loops without end; a retry lets it go on.");
}

/// <summary>What an instance has spent since a moment.</summary>
internal record struct Spent(DateTimeOffset Since, int Activities, long JournalBytes)
{
    public readonly bool Reaches(RunBudget budget) => Activities >= budget.Activities || JournalBytes >= budget.JournalBytes;
}
