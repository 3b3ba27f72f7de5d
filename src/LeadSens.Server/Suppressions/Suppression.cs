using System.Buffers;
using System.ComponentModel.DataAnnotations;
using LeadSens.Server.Api;
using LeadSens.Server.Data;
using LeadSens.Server.Leads;
using Npgsql;

namespace LeadSens.Server.Suppressions;

/// <summary>An address or a domain that is never contacted.</summary>
/// <param name="Value">Null for an erased person: only a keyed hash is kept, which nobody can read.</param>
/// <param name="Source">manual, import, unsubscribe, complaint, bounce, erasure.</param>
internal sealed record Suppression(
    Guid Id, [property: OneOf("SuppressionKind", "address", "domain")] string Kind, string? Value, [property: OneOf(typeof(SuppressionSource))] string Source, string? Reason, DateTimeOffset CreatedAt)
{
    public const string Columns = "id, kind, value, source, reason, created_at";

    public static Suppression Read(NpgsqlDataReader row) =>
        new(row.GetGuid(0), row.GetString(1), row.Text(2), row.GetString(3), row.Text(4), row.GetFieldValue<DateTimeOffset>(5));
}

/// <param name="Value">An e-mail address or a domain, which then holds for its subdomains too; which of the two is seen by the @.</param>
/// <param name="Source">manual when absent; erasure comes from erasing alone.</param>
internal sealed record SuppressionRequest(
    [property: Required] string? Value, [property: Multiline] string? Reason = null,
    [property: OneOf(typeof(SuppressionSource), nameof(SuppressionSource.ByHand), Name = "GivenSuppressionSource")] string? Source = null)
{
    public const int LongestReason = 500;

    /// <summary>What separates or wraps addresses is in none.</summary>
    private static readonly SearchValues<char> OfLists = SearchValues.Create(",;<>\"()[]\\:");

    /// <summary>As the list keeps it; null for what is neither an address nor a domain.</summary>
    public static string? Normalise(string? value)
    {
        var key = LeadAddress.KeyOf(value);
        if (key is null || key.Length > 254 || key.StartsWith('@') || key.AsSpan().ContainsAny(OfLists) || key.Count(letter => letter == '@') > 1) return null;
        var domain = LeadAddress.DomainOf(key[(key.LastIndexOf('@') + 1)..]);
        var isHost = domain.Contains('.', StringComparison.Ordinal) && Uri.CheckHostName(domain) == UriHostNameType.Dns;
        return !isHost ? null : key.Contains('@', StringComparison.Ordinal) ? key : domain;
    }

    public static void CheckRest(FieldErrors errors, string? reason, string? source)
    {
        errors.Require(reason is not { Length: > LongestReason } && reason?.Contains('\0', StringComparison.Ordinal) != true, "reason", $"The reason may have at most {LongestReason} characters.");
        errors.Require(source is null || SuppressionSource.ByHand.Contains(source), "source", $"One of {string.Join(", ", SuppressionSource.ByHand)}.");
    }
}

/// <summary>Who put an entry on the list.</summary>
internal static class SuppressionSource
{
    public const string Manual = "manual", Import = "import", Unsubscribe = "unsubscribe", Complaint = "complaint", Bounce = "bounce", Erasure = "erasure";

    public static readonly IReadOnlyList<string> ByHand = [Manual, Import, Unsubscribe, Complaint, Bounce];

    public static readonly IReadOnlyList<string> All = [.. ByHand, Erasure];

    /// <summary>The person wanted it: taking the entry off needs to be meant.</summary>
    public static readonly IReadOnlyList<string> OfThePerson = [Unsubscribe, Complaint, Erasure];
}
