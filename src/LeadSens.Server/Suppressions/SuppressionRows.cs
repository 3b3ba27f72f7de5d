using LeadSens.Server.Data;
using Npgsql;

namespace LeadSens.Server.Suppressions;

/// <summary>Puts entries on the list, in the caller's transaction.</summary>
internal static class SuppressionRows
{
    /// <summary>What is there stays there; only the person's own wish replaces a weaker source. Who was erased is not written down again.</summary>
    private const string AddSql = """
        with asked as (
            select distinct on (a.value) a.id, a.value, case when a.value like '%@%' then 'address' else 'domain' end as kind
            from unnest($2::uuid[], $3::text[]) a (id, value)
            where not exists (select from suppressions s where s.workspace_id = $1 and s.hash = address_hash(a.value, $6, $7)) order by a.value)
        insert into suppressions as s (id, workspace_id, kind, value, reason, source, created_at)
        select id, $1, kind, value, $4::text, $5, clock_now() from asked order by value
        on conflict (workspace_id, kind, value) do update set reason = coalesce(excluded.reason, s.reason),
            source = case when s.source in ('unsubscribe', 'complaint') or excluded.source not in ('unsubscribe', 'complaint') then s.source else excluded.source end
        returning s.xmax = 0
        """;

    /// <summary>How many were new.</summary>
    public static async Task<int> AddAsync(
        NpgsqlConnection connection, Guid workspaceId, IReadOnlyCollection<string> values, string? reason, string source, SuppressionKey key, CancellationToken cancellationToken) =>
        (await connection.Sql(AddSql, workspaceId, values.Select(_ => Guid.CreateVersion7()).ToArray(), values.ToArray(), reason, source, key.Inner, key.Outer)
            .ListAsync(row => row.GetBoolean(0), cancellationToken)).Count(isNew => isNew);

    /// <summary>Puts an erased person on the list by the hash alone, and takes the readable entry off.</summary>
    public static async Task EraseAsync(NpgsqlConnection connection, Guid workspaceId, string address, SuppressionKey key, CancellationToken cancellationToken)
    {
        await connection.Sql("delete from suppressions where workspace_id = $1 and kind = 'address' and value = $2", workspaceId, address).RunAsync(cancellationToken);
        await connection.Sql("""
            insert into suppressions (id, workspace_id, kind, hash, source, reason, created_at) values ($1, $2, 'address', $3, 'erasure', 'The person asked to be erased.', clock_now())
            on conflict (workspace_id, hash) where hash is not null do nothing
            """, Guid.CreateVersion7(), workspaceId, key.HashOf(address)).RunAsync(cancellationToken);
    }
}
