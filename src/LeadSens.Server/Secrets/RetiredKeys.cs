using LeadSens.Server.Data;
using Npgsql;

namespace LeadSens.Server.Secrets;

/// <summary>Signing keys of master keys that may be gone, as the last rotation left them. Read at the start: a Server that runs through a rotation
/// has the replaced key in its configuration.</summary>
internal sealed class RetiredKeys
{
    private volatile ILookup<string, byte[]> _keys = Enumerable.Empty<byte[]>().ToLookup(_ => "");

    public IEnumerable<byte[]> Of(string use) => _keys[use];

    public void Take(IEnumerable<(string Use, byte[] Key)> keys) => _keys = keys.ToLookup(key => key.Use, key => key.Key);
}

/// <summary>Opens the retired keys once the database is migrated. One that cannot be opened ends the start: receipts would look forged.</summary>
internal sealed class ReadRetiredKeys(NpgsqlDataSource database, SecretBox box, RetiredKeys retired) : StartingService
{
    public override async Task StartingAsync(CancellationToken cancellationToken) => retired.Take(
        (await database.ListAsync("select use, key_id, sealed_key from retired_keys", row => (Use: row.GetString(0), Id: row.GetString(1), Sealed: row.GetFieldValue<byte[]>(2)), cancellationToken))
        .Select(row => (row.Use, box.Open(row.Sealed, SealedColumns.RetiredKeys.ContextOf(row.Use, row.Id)))));
}
