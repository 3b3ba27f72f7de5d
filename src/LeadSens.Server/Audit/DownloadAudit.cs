using System.Globalization;
using System.Text;
using System.Text.Json;
using LeadSens.Server.Api;
using LeadSens.Server.Data;
using LeadSens.Server.Identity;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadSens.Server.Audit;

/// <summary>All lines that the filter lets through, the oldest first: CSV for a spreadsheet, or JSON lines. Portions are read one by one, so that who reads slowly holds no connection
/// and no turn at the database meanwhile.</summary>
internal static class DownloadAudit
{
    private const int Portion = 1_000;

    /// <summary>How often the next portion asks for its turn at the database, each time as long as a request waits for one.</summary>
    private const int MostAsked = 30;

    private const string Sql = $"select {AuditView.Columns} from audit_entries where {AuditFilter.Sql} and ($7::uuid is null or id > $7) order by id limit $8";

    public static async Task<EmptyHttpResult> HandleAsync(
        [AsParameters] AuditFilter filter, [OneOf("AuditFormat", "csv", "jsonl")] string? format, WorkspaceContext caller, HttpResponse response, Database database, CancellationToken cancellationToken)
    {
        Func<AuditView, string> line = format == "jsonl" ? JsonLine : CsvLine;
        // Before anything is said: until here it may be refused.
        var portion = await ReadAsync(null);
        response.ContentType = format == "jsonl" ? "application/jsonl; charset=utf-8" : "text/csv; charset=utf-8";
        response.Headers.ContentDisposition = $"attachment; filename=\"audit.{format ?? "csv"}\"";
        await using var text = new StreamWriter(response.Body, new UTF8Encoding(false), leaveOpen: true);
        if (format != "jsonl") await text.WriteAsync(Csv.Line("id", "at", "actorKind", "actorId", "action", "subjectKind", "subjectId", "address", "details"));
        while (portion.Count > 0)
        {
            foreach (var entry in portion) await text.WriteAsync(line(entry).AsMemory(), cancellationToken);
            await text.FlushAsync(cancellationToken);
            if (portion.Count < Portion) break;
            var last = portion[^1];
            if (await AgainAsync(last.Id) is not { } next)
            {
                await text.WriteAsync(line(CutOffAfter(last)).AsMemory(), cancellationToken);
                break;
            }

            portion = next;
        }

        return TypedResults.Empty;

        Task<List<AuditView>> ReadAsync(Guid? after) => database.Sql(Sql, [.. filter.Values(caller.WorkspaceId), after, Portion]).ListAsync(AuditView.Read, cancellationToken);

        // What is half said is said to its end when it is its turn; null where that did not come.
        async Task<List<AuditView>?> AgainAsync(Guid after)
        {
            for (var asked = 0; asked < MostAsked; asked++)
            {
                try
                {
                    return await ReadAsync(after);
                }
                catch (DatabaseBusyException)
                {
                    // The next turn, perhaps.
                }
            }

            return null;
        }
    }

    /// <summary>The last line of a download that lacks the others: nobody takes it for the whole.</summary>
    private static AuditView CutOffAfter(AuditView last) => new(
        Guid.Empty, last.At, AuditActor.System.Kind, null, "download.cut_off", null, null, null,
        JsonElement.Parse("""{"code":"database_busy","detail":"Too many requests at once. Later lines are missing: download them from this time on."}"""));

    private static string CsvLine(AuditView entry) => Csv.Line(
        entry.Id.ToString(), entry.At.ToString("O", CultureInfo.InvariantCulture), entry.ActorKind, entry.ActorId, entry.Action, entry.SubjectKind, entry.SubjectId, entry.Address,
        entry.Details?.GetRawText());

    private static string JsonLine(AuditView entry) => JsonSerializer.Serialize(entry, JsonSerializerOptions.Web) + "\n";
}
