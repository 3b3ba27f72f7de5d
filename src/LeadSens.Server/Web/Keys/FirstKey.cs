using LeadSens.Server.Data;
using Microsoft.AspNetCore.DataProtection;

namespace LeadSens.Server.Web;

/// <summary>Sees to it that nodes which start together agree on a key: whoever comes first makes it, and the others find it.</summary>
internal sealed class FirstKey(SystemDatabase database, IDataProtectionProvider protection) : StartingService
{
    /// <summary>Any constant: the key of the advisory lock.</summary>
    private const long LockKey = 0x6b657973_776562;

    public override async Task StartingAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await connection.Sql("select pg_advisory_xact_lock($1)", LockKey).RunAsync(cancellationToken);
        // The first use reads the ring and makes a key where there is none that is good.
        protection.CreateProtector("LeadSens.FirstKey").Protect([]);
        await transaction.CommitAsync(cancellationToken);
    }
}
