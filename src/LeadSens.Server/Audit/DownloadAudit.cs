using System.Globalization;
using System.Text;
using System.Text.Json;
using LeadSens.Server.Api;
using LeadSens.Server.Data;
using LeadSens.Server.Identity;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadSens.Server.Audit;

/// <summary>All lines that the filter lets through, the oldest first, row by row as they come from the database: CSV for a spreadsheet, or JSON lines.</summary>
internal static class DownloadAudit
{
    private const string Sql = $"select {AuditView.Columns} from audit_entries where {AuditFilter.Sql} order by id";

    public static async Task<Results<EmptyHttpResult, ProblemHttpResult>> HandleAsync(
        [AsParameters] AuditFilter filter, string? format, WorkspaceContext caller, HttpResponse response, Database database, CancellationToken cancellationToken)
    {
        if (format is not (null or "csv" or "jsonl")) return Problems.Validation(new Dictionary<string, string[]> { ["format"] = ["csv or jsonl."] });
        Func<AuditView, string> line = format == "jsonl" ? JsonLine : CsvLine;
        response.ContentType = format == "jsonl" ? "application/jsonl; charset=utf-8" : "text/csv; charset=utf-8";
        response.Headers.ContentDisposition = $"attachment; filename=\"audit.{format ?? "csv"}\"";
        await using var text = new StreamWriter(response.Body, new UTF8Encoding(false), leaveOpen: true);
        if (format != "jsonl") await text.WriteAsync(Csv.Line("id", "at", "actorKind", "actorId", "action", "subjectKind", "subjectId", "address", "details"));
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var command = connection.Sql(Sql, filter.Values(caller.WorkspaceId));
        await using var rows = await command.ExecuteReaderAsync(cancellationToken);
        while (await rows.ReadAsync(cancellationToken)) await text.WriteAsync(line(AuditView.Read(rows)).AsMemory(), cancellationToken);
        return TypedResults.Empty;
    }

    private static string CsvLine(AuditView entry) => Csv.Line(
        entry.Id.ToString(), entry.At.ToString("O", CultureInfo.InvariantCulture), entry.ActorKind, entry.ActorId, entry.Action, entry.SubjectKind, entry.SubjectId, entry.Address,
        entry.Details?.GetRawText());

    private static string JsonLine(AuditView entry) => JsonSerializer.Serialize(entry, JsonSerializerOptions.Web) + "\n";
}
