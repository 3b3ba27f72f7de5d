namespace LeadSens.Server.Approvals;

/// <summary>The SHA-256 that an approval signs, computed where the text is, so that 20,000 leads cost one statement.</summary>
internal static class ContentHash
{
    /// <summary>SQL for what a reviewer signs for one lead: recipient, and per step subject, body and prompt version.</summary>
    /// <param name="lead">The alias of the <c>leads</c> row.</param>
    public static string OfLead(string lead) => $"""
        (select sha256(canon({lead}.email) || string_agg(int4send(d.step) || canon(d.subject) || canon(d.body) || canon(d.prompt_version), ''::bytea order by d.step))
         from drafts d where d.lead_id = {lead}.id)
        """;

    /// <summary>SQL aggregate for the whole set: the leads' hashes in order of their ids.</summary>
    public static string OfSet(string hash, string leadId) => $"sha256(coalesce(string_agg({hash}, ''::bytea order by {leadId}), ''::bytea))";

    public static string ToText(byte[] hash) => Convert.ToHexStringLower(hash);

    /// <summary>Null when the text is no hash: then it cannot be the hash of what is shown.</summary>
    public static byte[]? Parse(string text) =>
        text.Length == 64 && text.All(char.IsAsciiHexDigit) ? Convert.FromHexString(text) : null;
}
