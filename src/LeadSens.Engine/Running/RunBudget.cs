namespace LeadSens.Engine;

/// <summary>What one instance may spend. One that has spent it stops with an incident, wherever it is; whoever retries it grants it the same again.</summary>
/// <param name="Activities">Activities that it executes or resumes.</param>
/// <param name="JournalBytes">What its journal takes, roughly.</param>
/// <param name="Per">After this time it begins anew.</param>
public sealed record RunBudget(int Activities, long JournalBytes, TimeSpan Per)
{
    /// <summary>Runs that a run may start, and those start, all together.</summary>
    public int Descendants { get; init; } = int.MaxValue;

    /// <summary>How many runs may have started one another in a row.</summary>
    public int Depth { get; init; } = int.MaxValue;

    /// <summary>The fault of an instance that has spent its budget.</summary>
    public const string Exceeded = "BudgetExceeded";

    internal Fault Fault => new(
        Exceeded, $"The run has spent what a run may spend within {Per.TotalHours:0.#} hours: {Activities} activities or {JournalBytes / 1_000_000} MB of journal. Check whether it loops without end; a retry lets it go on.");

    internal string TooMany => $"The run, and what it belongs to, has started what may be started within {Per.TotalHours:0.#} hours: {Descendants} runs. Check whether it starts others without end; a retry lets it go on.";

    internal string TooDeep => $"{Depth} runs have started one another in a row, which is as many as may within {Per.TotalHours:0.#} hours. Check whether they do so without end; a retry lets it go on.";
}

/// <summary>What an instance has spent since a moment.</summary>
internal record struct Spent(DateTimeOffset Since, int Activities, long JournalBytes)
{
    public readonly bool Reaches(RunBudget budget) => Activities >= budget.Activities || JournalBytes >= budget.JournalBytes;
}

/// <summary>Which runs an instance belongs to.</summary>
/// <param name="Root">The one that started the first of them; empty: itself.</param>
/// <param name="Depth">How many have started one another since, down to it.</param>
internal record struct Family(Guid Root, int Depth, DateTimeOffset Since);

/// <summary>What a box wants exceeds the budget of its run.</summary>
internal sealed class BudgetException(string message) : Exception(message);
