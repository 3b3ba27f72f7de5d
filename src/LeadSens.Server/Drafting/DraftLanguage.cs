namespace LeadSens.Server.Drafting;

/// <summary>The language that a prospect is written to: French for a French prospect, English otherwise.</summary>
internal static class DraftLanguage
{
    public static string Of(string? country) => country?.Trim().ToLowerInvariant() switch
    {
        "france" or "fr" or "fra" => "fr",
        _ => "en",
    };
}
