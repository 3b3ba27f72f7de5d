namespace LeadSens.Server.Data;

/// <summary>Patterns of <c>like</c>.</summary>
internal static class LikePattern
{
    /// <summary>The text anywhere, taken literally; null for none.</summary>
    public static string? Anywhere(string? text) => string.IsNullOrWhiteSpace(text)
        ? null
        : $"%{text.Trim().Replace(@"\", @"\\", StringComparison.Ordinal).Replace("%", @"\%", StringComparison.Ordinal).Replace("_", @"\_", StringComparison.Ordinal)}%";
}
