using LeadSens.Server.Audit;
using LeadSens.Server.Data;
using Npgsql;

namespace LeadSens.Server.Secrets;

/// <summary>Seals everything again with the key of today, and closes the keys before it once nothing needs them. It can be stopped at any moment, run again, and run beside Servers that
/// know both keys: until the end the previous keys open what they sealed.</summary>
internal sealed class RotateKeys(Database database, MasterKeys keys, TextWriter output)
{
    private readonly RetiredKeys _retired = new();

    /// <returns>True when no value needs a previous key any more, and none opens anything.</returns>
    public async Task<bool> ExecuteAsync(CancellationToken cancellationToken)
    {
        await output.WriteLineAsync($"The key of today is {keys.Current}; {keys.Previous.Count} previous: {(keys.Previous.Count == 0 ? "none" : string.Join(", ", keys.Previous))}");
        var box = new SecretBox(keys, _retired);
        if (!await BeginAsync(box, cancellationToken)) return false;
        var broken = 0;
        foreach (var column in SealedColumns.All)
        {
            var walked = await new SealedWalk(database, box).ExecuteAsync(column, keys.Current, (connection, sealedAgain) => NoteAsync(connection, column, sealedAgain, cancellationToken), cancellationToken);
            broken += walked.Broken.Count;
            foreach (var reason in walked.Broken) await output.WriteLineAsync(reason);
            await output.WriteLineAsync($"{column.Table}.{column.Column}: {walked.Sealed} sealed again, {walked.Broken.Count} cannot be opened");
        }

        var obstacle = broken > 0
            ? $"{broken} value(s) cannot be opened: leave the previous keys where they are, and add the missing ones."
            : await SealingKeys.CloseAsync(database, keys, cancellationToken);
        await output.WriteLineAsync(obstacle
            ?? "Nothing needs a previous key any more, and none opens anything: they may be removed from LeadSens__PreviousEncryptionKeys.");
        return obstacle is null;
    }

    /// <summary>What a previous key signed of what was goes on to verify when it is gone; links and exports of it end here.</summary>
    /// <returns>False where the key of today is none.</returns>
    private async Task<bool> BeginAsync(SecretBox box, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        if (await SealingKeys.IsClosedAsync(connection, keys.Current, cancellationToken))
        {
            await output.WriteLineAsync(SealingKeys.Closed(keys.Current));
            return false;
        }

        _retired.Close(await SealingKeys.ClosedAsync(database, cancellationToken));
        await SealingKeys.NoteAsync(connection, [keys.Current.ToString()], cancellationToken);
        foreach (var previous in keys.Previous)
        foreach (var use in SigningUse.Lasting)
        {
            var sealedKey = box.Seal(previous.Derive(use), SealedColumns.RetiredKeys.ContextOf(use, previous.ToString()));
            await connection.Sql("insert into retired_keys (use, key_id, sealed_key, retired_at) values ($1, $2, $3, clock_now()) on conflict do nothing", use, previous.ToString(), sealedKey)
                .RunAsync(cancellationToken);
        }

        return true;
    }

    /// <summary>The keys have been in use, and the workspaces see that their credentials have another.</summary>
    private static async Task NoteAsync(NpgsqlConnection connection, SealedColumn column, IReadOnlyList<(string[] Keys, byte[] Envelope)> sealedAgain, CancellationToken cancellationToken)
    {
        await SealingKeys.NoteAsync(connection, [.. sealedAgain.Select(value => SecretBox.KeyOf(value.Envelope)).Distinct()], cancellationToken);
        if (column != SealedColumns.Credentials) return;
        foreach (var (place, _) in sealedAgain)
            await AuditLog.AppendAsync(connection, new(Guid.Parse(place[0]), AuditActor.System, "connection.rotated", "connection", Guid.Parse(place[1])), cancellationToken);
    }
}
