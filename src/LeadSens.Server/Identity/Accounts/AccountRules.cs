using LeadSens.Server.Api;

namespace LeadSens.Server.Identity;

/// <summary>What may stand in an account. A password may hold any characters and is taken exactly as it comes; what counts is its length.</summary>
internal static class AccountRules
{
    public const int ShortestPassword = 12, LongestPassword = 128;
    private const int LongestName = 100, FewestLetters = 5;

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
    }

    private static bool IsContained(string password, string? email) =>
        EmailAddress.KeyOf(email) is { } key && (password.Contains(key, StringComparison.OrdinalIgnoreCase) || key.Contains(password, StringComparison.OrdinalIgnoreCase));
}
