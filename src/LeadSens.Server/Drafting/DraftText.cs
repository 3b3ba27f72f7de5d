using System.Text.RegularExpressions;

namespace LeadSens.Server.Drafting;

/// <summary>One e-mail as the model wrote it.</summary>
internal sealed record DraftText(string Subject, string Body)
{
    public DraftText Trimmed() => new(Subject.Trim(), Body.Trim());
}

/// <summary>A rule that a draft breaks.</summary>
/// <param name="Flag">Stable code, kept on the draft when the redo breaks it too.</param>
/// <param name="Problem">What the model is told.</param>
internal sealed record BrokenRule(string Flag, string Problem);

/// <summary>What a draft is checked against.</summary>
/// <param name="Facts">Short texts about the person and the company; the draft must use one.</param>
internal sealed record DraftBrief(SequenceStep Step, string? FirstName, IReadOnlyList<string> Facts, IReadOnlyList<string> PreviousSubjects);

/// <summary>Splits text the way a reader counts.</summary>
internal static partial class Words
{
    public static int Count(string text) => Word().Count(text);

    /// <summary>The words, in lower case and without what is too short to mean something.</summary>
    public static IEnumerable<string> Significant(string text) =>
        Word().Matches(text.ToLowerInvariant()).Select(match => match.Value).Where(word => word.Length >= 4);

    [GeneratedRegex(@"[\p{L}\p{N}][\p{L}\p{N}\p{M}'’\-]*", RegexOptions.None, Timeout.Infinite)]
    private static partial Regex Word();
}
