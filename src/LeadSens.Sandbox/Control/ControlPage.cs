using System.Net;
using System.Text;
using LeadSens.Sandbox.State;

namespace LeadSens.Sandbox.Control;

/// <summary>The Sandbox at a glance, for a person.</summary>
internal static class ControlPage
{
    private const string Head = """
        <!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>LeadSens Sandbox</title>
        <style>body{font:15px/1.5 system-ui;margin:2rem auto;max-width:60rem;padding:0 1rem}table{border-collapse:collapse;width:100%}
        th,td{text-align:left;padding:.25rem .75rem;border-bottom:1px solid #ddd}td.n{text-align:right}</style></head><body>
        """;

    public static string Of(World world)
    {
        var page = new StringBuilder(Head)
            .Append($"<h1>LeadSens Sandbox</h1><p>Stands in for Instantly, HubSpot, Mistral, Jina, Slack and a mail server. Seed {world.Seed}; {world.Calls.Total} calls so far.</p>")
            .Append("<p><a href='/_sandbox/calls'>calls</a> · <a href='/_sandbox/counts'>counts</a> · <a href='/_sandbox/writes'>writes</a> · ")
            .Append("<a href='/_sandbox/faults'>faults</a> · <a href='/_sandbox/limits'>limits</a> · <a href='/_sandbox/latency'>latency</a> · <a href='/_sandbox/credentials'>credentials</a> · <a href='/_sandbox/mail'>mail</a></p>");
        Table(page, "Calls", ["vendor", "operation", "calls", "faults"], world.Calls.Counts.Select(count => new object[] { count.Vendor, count.Endpoint, count.Calls, count.Faults }));
        Table(page, "Writes that took effect", ["vendor", "kind", "keys", "writes"], world.Ledger.Writes.Kinds().Select(kind => new object[] { kind.Vendor, kind.Kind, kind.Keys, kind.Count }));
        Table(page, "Faults", ["mode", "vendor", "path", "rate"], world.Faults.Rules.Select(rule => new object[] { rule.Mode, rule.Vendor ?? "all", rule.PathPrefix ?? "all", rule.Rate }));
        return page.Append("</body></html>").ToString();
    }

    private static void Table(StringBuilder page, string title, string[] columns, IEnumerable<object[]> rows)
    {
        page.Append($"<h2>{title}</h2><table><tr>").AppendJoin("", columns.Select(column => $"<th>{column}</th>")).Append("</tr>");
        foreach (var row in rows)
        {
            page.Append("<tr>").AppendJoin("", row.Select(Cell)).Append("</tr>");
        }

        page.Append("</table>");
    }

    private static string Cell(object value) => value is long or int or double
        ? $"<td class='n'>{value}</td>"
        : $"<td>{WebUtility.HtmlEncode(value.ToString())}</td>";
}
