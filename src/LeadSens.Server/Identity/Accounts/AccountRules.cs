using LeadSens.Server.Api;

namespace LeadSens.Server.Identity;

/// <summary>What may stand in an account. A password may hold any characters and is taken exactly as it comes; what counts is its length.</summary>
internal static class AccountRules
{
    public const int ShortestPassword = 12, LongestPassword = 128;
    private const int LongestName = 100, FewestLetters = 5, FewestOwn = 8, ShortestWord = 3;

    /// <summary>Words that anybody thinks of first here; the parts of the person's address count as well.</summary>
    private static readonly string[] Expected = ["leadsens", "lead", "sens", "sales", "outbound"];

    public static void CheckName(FieldErrors errors, string field, string? name) =>
        errors.Require(name?.Trim() is { Length: > 0 and <= LongestName } text && !text.Any(char.IsControl), field, $"1 to {LongestName} characters, no control characters.");

    public static void CheckEmail(FieldErrors errors, string? email) =>
        errors.Require(EmailAddress.KeyOf(email) is not null, "email", "An e-mail address such as ada@example.com, in ASCII (a domain with other letters in its xn-- form).");

    public static void CheckPassword(FieldErrors errors, string field, string? password, string? email)
    {
        errors.Require(password?.Length is >= ShortestPassword and <= LongestPassword, field, $"{ShortestPassword} to {LongestPassword} characters.");
        if (password is null) return;
        errors.Require(password.Distinct().Count() >= FewestLetters, field, $"At least {FewestLetters} different characters.");
        errors.Require(!CommonPasswords.Has(password), field, "Not one of those that are tried first: a common password or word, with or without digits around it.");
        errors.Require(!IsContained(password, email), field, "Not your e-mail address.");
        errors.Require(password.Length < ShortestPassword || OwnCharacters(password, email) >= FewestOwn, field, $"At least {FewestOwn} characters beside our name and the parts of your address.");
    }

    private static int OwnCharacters(string password, string? email)
    {
        var parts = (email ?? "").Split(['@', '.', '-', '_', '+'], StringSplitOptions.RemoveEmptyEntries).Where(part => part.Length >= ShortestWord);
        return Expected.Concat(parts).OrderByDescending(word => word.Length)
            .Aggregate(password, (rest, word) => rest.Replace(word, "", StringComparison.OrdinalIgnoreCase)).Length;
    }

    private static bool IsContained(string password, string? email) =>
        EmailAddress.KeyOf(email) is { } key && (password.Contains(key, StringComparison.OrdinalIgnoreCase) || key.Contains(password, StringComparison.OrdinalIgnoreCase));
}
