namespace LeadSens.Server.Approvals;

/// <summary>What the page's form sent: fields <c>seen</c>, <c>decision</c> (or <c>go</c>: a page to save and go to), <c>comment</c>, and
/// per lead <c>lead</c>, <c>choice.ID</c>, <c>comment.ID</c>, <c>subject.ID.STEP</c>, <c>body.ID.STEP</c>.</summary>
/// <param name="Decision">Null: save only.</param>
/// <param name="All">Whether the leads that were chosen otherwise are decided like the rest; null: that was not asked yet.</param>
internal sealed record ReviewForm(byte[]? Seen, string? Decision, int GoTo, string? Comment, IReadOnlyList<LeadChoice> Choices, string? Error, bool? All)
{
    private const int Steps = 3;

    public static ReviewForm Read(IFormCollection form)
    {
        var seen = form["seen"].ToString();
        var decision = Text(form, "decision");
        var goTo = int.TryParse(form["go"], out var page) ? page : 0;
        var choices = form["lead"].Select(id => Guid.TryParse(id, out var lead) ? Choice(form, lead) : null).OfType<LeadChoice>().ToList();
        return new(seen.Length == 0 ? null : ContentHash.Parse(seen), decision, goTo, Text(form, "comment"), choices, ErrorOf(form, seen, decision, goTo), form["all"].ToString() switch { "true" => true, "false" => false, _ => null });
    }

    private static string? ErrorOf(IFormCollection form, string seen, string? decision, int goTo)
    {
        if (ContentHash.Parse(seen) is null) return "The form does not say which texts it showed. Open the link again.";
        if (decision is null && goTo <= 0) return "Choose: approve, reject or request changes.";
        if (decision is not null && !Approvals.Decision.IsKind(decision)) return "Choose: approve, reject or request changes.";
        return form.Any(field => (field.Key.StartsWith("subject.", StringComparison.Ordinal) || field.Key.StartsWith("body.", StringComparison.Ordinal)) && string.IsNullOrWhiteSpace(field.Value))
            ? "A mail needs a subject and a text." : null;
    }

    /// <summary>Unchanged texts come along as well; the edit leaves them alone.</summary>
    private static LeadChoice Choice(IFormCollection form, Guid lead) => new(
        lead, Approvals.Decision.IsKind(form[$"choice.{lead}"]) ? form[$"choice.{lead}"].ToString() : null, Text(form, $"comment.{lead}"),
        [.. Enumerable.Range(1, Steps).Select(step => new DraftEdit(step, Text(form, $"subject.{lead}.{step}"), Text(form, $"body.{lead}.{step}")))
            .Where(edit => edit.Subject is not null || edit.Body is not null)]);

    /// <summary>Browsers send lines that end with CR LF; the drafts' lines end with LF.</summary>
    private static string? Text(IFormCollection form, string name) =>
        form[name].ToString() is { Length: > 0 } text ? text.Replace("\r\n", "\n", StringComparison.Ordinal) : null;
}
