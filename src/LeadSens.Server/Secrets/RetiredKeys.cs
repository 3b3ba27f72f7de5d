using LeadSens.Server.Data;

namespace LeadSens.Server.Secrets;

/// <summary>Signing keys of master keys that may be gone, as the last rotation left them. Read at the start: a Server that runs through a rotation
/// has the replaced key in its configuration.</summary>
internal sealed class RetiredKeys
{
    private volatile ILookup<string, byte[]> _keys = Enumerable.Empty<byte[]>().ToLookup(_ => "");

    private volatile HashSet<string> _ids = [];

    public IEnumerable<byte[]> Of(string use) => _keys[use];

    /// <summary>Whether a rotation has replaced this key: it seals, signs and opens nothing new, even where it still is configured.</summary>
    public bool Has(MasterKey key) => _ids.Contains(key.ToString());

    public void Take(IEnumerable<(string Use, string Id, byte[] Key)> keys)
    {
        var all = keys.ToList();
        _ids = all.Select(key => key.Id).ToHashSet();
        _keys = all.ToLookup(key => key.Use, key => key.Key);
    }
}

/// <summary>Opens the retired keys once the database is migrated. One that cannot be opened ends the start: receipts would look forged.</summary>
internal sealed class ReadRetiredKeys(SystemDatabase database, SecretBox box, RetiredKeys retired) : StartingService
{
    public override async Task StartingAsync(CancellationToken cancellationToken) => retired.Take(
        (await database.ListAsync("select use, key_id, sealed_key from retired_keys", row => (Use: row.GetString(0), Id: row.GetString(1), Sealed: row.GetFieldValue<byte[]>(2)), cancellationToken))
        .Select(row => (row.Use, row.Id, box.Open(row.Sealed, SealedColumns.RetiredKeys.ContextOf(row.Use, row.Id)))));
}
