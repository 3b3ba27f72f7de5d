namespace LeadSens.Engine;

/// <summary>How long a text may be by which others are found: the key of a stimulus or a wait, a correlation id. Stores keep it in indexes, whose rows are short.</summary>
public static class KeyLength
{
    /// <summary>Characters, of whatever script.</summary>
    public const int Longest = 600;

    /// <summary>Whether a store can find it again.</summary>
    public static bool Fits(string? key) => key is not { Length: > Longest };

    /// <summary>What is wrong with one that does not fit.</summary>
    /// <param name="what">For a person: what it is.</param>
    public static string Problem(string what) => $"{what} has at most {Longest} characters.";
}
