using System.Text;

namespace LeadSens.Server.Leads;

/// <summary>A move that leads may make, as parts of the one statement that makes it for many of them, beside whatever else that statement writes. The
/// condition belongs into the update's own <c>where</c>: there PostgreSQL asks it again of a lead that it had to wait for, so nobody moves back what moved meanwhile.</summary>
/// <param name="From">None where it makes the lead.</param>
/// <param name="OrFailed">Takes up as well what failed in one of these states.</param>
internal sealed record LeadMove(IReadOnlyList<string> From, IReadOnlyList<string> To, bool OrFailed = false)
{
    /// <summary>For the <c>where</c>: this lead may make the move.</summary>
    /// <param name="lead">The table, or what the statement calls it.</param>
    public string Takes(string lead)
    {
        var states = string.Join(", ", From.Select(state => $"'{state}'"));
        return OrFailed
            ? $"({lead}.status in ({states}) or {lead}.status = '{LeadStatus.Failed}' and {lead}.failed_from in ({states}))"
            : $"{lead}.status in ({states})";
    }

    /// <summary>For the <c>set</c> of a move that has one end.</summary>
    public string Set() => Set(To.Single());

    /// <summary>For the <c>set</c>: the first end whose condition holds, else this one.</summary>
    public string Set(string otherwise, params ReadOnlySpan<(string When, string End)> ends) => $"status = {Value(otherwise, ends)}";

    /// <summary>For the <c>set</c> of a statement that writes to other leads, too; those keep their state.</summary>
    public string SetWhere(string condition) => $"status = case when {condition} then {End(To.Single())} else status end";

    /// <summary>For an insert: the state of a lead that is made.</summary>
    public string Value(string otherwise, params ReadOnlySpan<(string When, string End)> ends)
    {
        if (ends.Length == 0) return End(otherwise);
        var text = new StringBuilder("case");
        foreach (var (when, end) in ends) text.Append(" when ").Append(when).Append(" then ").Append(End(end));
        return text.Append(" else ").Append(End(otherwise)).Append(" end").ToString();
    }

    private string End(string state) => To.Contains(state) ? $"'{state}'" : throw new ArgumentException($"The move ends in {string.Join(", ", To)}, not in {state}.", nameof(state));
}
