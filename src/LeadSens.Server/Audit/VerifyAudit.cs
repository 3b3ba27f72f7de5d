using LeadSens.Server.Data;
using LeadSens.Server.Identity;
using LeadSens.Server.Secrets;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace LeadSens.Server.Audit;

/// <summary>Whether the log is what was written.</summary>
/// <param name="Unsealed">Entries of the last seconds that no seal covers yet.</param>
/// <param name="Forgotten">Seals whose entries went by age.</param>
/// <param name="Fault">What is wrong with the first bad seal; null when the chain holds.</param>
internal sealed record AuditVerdict(bool Valid, long Seals, long Entries, long Unsealed, long Forgotten, string? Fault);

/// <summary>Walks the chain of a workspace's seals: none is missing, each fits the one before and the entries that it covers, and no entry is without one.</summary>
internal static class VerifyAudit
{
    private const string SealsSql = """
        select sequence, cardinality(entries), content_hash, mac, forgotten_at is not null, case when forgotten_at is null then audit_content(entries) = content_hash else true end
        from audit_seals where workspace_id = $1 order by sequence
        """;

    private const string CountSql = """
        select count(*), count(u.entry_id), (select coalesce(sum(cardinality(entries)), 0)::bigint from audit_seals s where s.workspace_id = $1 and s.forgotten_at is null)
        from audit_entries e left join audit_unsealed u on u.entry_id = e.id where e.workspace_id = $1
        """;

    public static async Task<Ok<AuditVerdict>> HandleAsync(WorkspaceContext caller, Database database, SigningKeys keys, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var snapshot = await connection.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead, cancellationToken);
        var (before, sequence, forgotten, fault) = (AuditSeals.Genesis, 0L, 0L, (string?)null);
        await using (var command = connection.Sql(SealsSql, caller.WorkspaceId))
        {
            await using var rows = await command.ExecuteReaderAsync(cancellationToken);
            while (fault is null && await rows.ReadAsync(cancellationToken))
            {
                fault = FaultOf(rows, caller.WorkspaceId, before, sequence, keys);
                (before, sequence, forgotten) = (rows.GetFieldValue<byte[]>(3), sequence + 1, forgotten + (rows.GetBoolean(4) ? 1 : 0));
            }
        }

        var (entries, unsealed, sealedOnes) = await connection.Sql(CountSql, caller.WorkspaceId).FirstAsync(row => (row.GetInt64(0), row.GetInt64(1), row.GetInt64(2)), cancellationToken);
        if (fault is null && entries != unsealed + sealedOnes) fault = "There are more or fewer entries than seals cover.";
        return TypedResults.Ok(new AuditVerdict(fault is null, sequence, entries, unsealed, forgotten, fault));
    }

    private static string? FaultOf(NpgsqlDataReader row, Guid workspace, byte[] before, long sequence, SigningKeys keys)
    {
        var (number, entries, content) = (row.GetInt64(0), row.GetInt32(1), row.GetFieldValue<byte[]>(2));
        if (number != sequence + 1) return $"Seal {sequence + 1} is missing.";
        if (!keys.Verify(SigningUse.Audit, row.GetFieldValue<byte[]>(3), key => AuditSeals.Mac(key, before, workspace, number, entries, content))) return $"Seal {number} was changed, or the one before it.";
        return row.GetBoolean(5) ? null : $"The entries of seal {number} were changed.";
    }
}
