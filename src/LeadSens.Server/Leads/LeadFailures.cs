using LeadSens.Server.Data;
using Npgsql;

namespace LeadSens.Server.Leads;

/// <summary>Marks leads that a stage could not take further. They keep the status that they came from, so that a retry of the box finds them.</summary>
internal static class LeadFailures
{
    private static readonly string Sql = $"""
        update leads l set failed_from = case when l.status = 'Failed' then l.failed_from else l.status end, {LeadMoves.Fail.Set()}, failure = f.message, updated_at = now()
        from unnest($1::uuid[], $2::text[]) as f (id, message)
        where l.id = f.id and {SqlText.Check("l.workspace_id = $3")} and {LeadMoves.Fail.Takes("l")}
        """;

    public static Task SaveAsync(NpgsqlConnection connection, Guid workspaceId, IReadOnlyCollection<(Guid LeadId, ProviderFailure Failure)> failed, CancellationToken cancellationToken) =>
        failed.Count == 0
            ? Task.CompletedTask
            : connection.ExecuteAsync(Sql, cancellationToken, failed.Select(lead => lead.LeadId).ToArray(), failed.Select(lead => lead.Failure.Message).ToArray(), workspaceId);
}
