using System.Buffers.Binary;
using System.Security.Cryptography;
using LeadSens.Server.Data;
using LeadSens.Server.Secrets;

namespace LeadSens.Server.Audit;

/// <summary>Chains what was noted, a few seconds after it was: each round one seal per workspace over the new entries and the seal before, under a key that the database does not
/// have. A chain inside the writers' transactions would have them wait for each other until the slowest has committed; so one node at a time does it for all.</summary>
internal sealed class AuditSeals(SystemDatabase database, SigningKeys keys, TimeProvider time, ILogger<AuditSeals> log) : BackgroundService
{
    public static readonly byte[] Genesis = new byte[32];

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    private const string TakeSql = """
        with taken as (delete from audit_unsealed where entry_id in (select entry_id from audit_unsealed order by entry_id limit 5000) returning entry_id),
        chains as (
            select coalesce(e.workspace_id, '00000000-0000-0000-0000-000000000000') as workspace_id, array_agg(e.id order by e.id) as entries, max(e.at) as newest
            from audit_entries e join taken t on t.entry_id = e.id group by 1)
        select c.workspace_id, c.entries, c.newest, audit_content(c.entries), coalesce(s.sequence, 0), coalesce(s.mac, $1)
        from chains c left join lateral (select sequence, mac from audit_seals where workspace_id = c.workspace_id order by sequence desc limit 1) s on true
        """;

    public async Task<int> SealAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        if (!await connection.Sql("select pg_try_advisory_xact_lock(hashtextextended('audit-seals', 0))").FirstAsync(row => row.GetBoolean(0), cancellationToken)) return 0;
        var chains = await connection.Sql(TakeSql, Genesis).ListAsync(row => (Workspace: row.GetGuid(0), Entries: row.GetFieldValue<Guid[]>(1), Newest: row.GetFieldValue<DateTimeOffset>(2),
            Content: row.GetFieldValue<byte[]>(3), Sequence: row.GetInt64(4) + 1, Before: row.GetFieldValue<byte[]>(5)), cancellationToken);
        foreach (var chain in chains)
        {
            var mac = Mac(keys.Current(SigningUse.Audit), chain.Before, chain.Workspace, chain.Sequence, chain.Entries.Length, chain.Content);
            await connection.Sql("insert into audit_seals (workspace_id, sequence, entries, content_hash, mac, at, newest) values ($1, $2, $3, $4, $5, clock_now(), $6)",
                chain.Workspace, chain.Sequence, chain.Entries, chain.Content, mac, chain.Newest).RunAsync(cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
        return chains.Sum(chain => chain.Entries.Length);
    }

    public static byte[] Mac(byte[] key, byte[] before, Guid workspace, long sequence, int entries, byte[] content)
    {
        using var hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key);
        Span<byte> numbers = stackalloc byte[12];
        BinaryPrimitives.WriteInt64BigEndian(numbers, sequence);
        BinaryPrimitives.WriteInt32BigEndian(numbers[8..], entries);
        hmac.AppendData("leadsens-audit-1"u8);
        hmac.AppendData(before);
        hmac.AppendData(workspace.ToByteArray(bigEndian: true));
        hmac.AppendData(numbers);
        hmac.AppendData(content);
        return hmac.GetHashAndReset();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                while (await SealAsync(stoppingToken) > 0) ;
            }
            catch (Exception failure) when (!stoppingToken.IsCancellationRequested)
            {
                log.SealingInterrupted(failure);
            }
        }
    }
}
