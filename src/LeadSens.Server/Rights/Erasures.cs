using System.Text.Json;
using System.Text.Json.Nodes;
using LeadSens.Server.Approvals;
using LeadSens.Server.Audit;
using LeadSens.Server.Data;
using LeadSens.Server.Secrets;
using LeadSens.Server.Suppressions;
using LeadSens.Server.UseCases;
using Npgsql;

namespace LeadSens.Server.Rights;

/// <summary>Erases a person from a workspace. One transaction empties the rows that are the person's own, keeps the keyed hash of the address on the suppression list and
/// notes the erasure; from its commit on nobody sees or writes to the person. Then the texts are searched. Something under way at that moment (a model's
/// answer, a push) may still write what it knew, so the same is done again a little later; until then the row keeps, sealed, what to search for. A process that dies anywhere
/// in between loses nothing: the sweep goes on.</summary>
internal sealed class Erasures(Database database, SuppressionKeys salts, SecretBox box, EraseReceipts receipts, ApprovalSignals signals)
{
    /// <summary>Longer than a call to a provider or a burst of a run takes.</summary>
    public static readonly TimeSpan Settling = TimeSpan.FromMinutes(10);

    /// <summary>An account's key begins with its provider's name.</summary>
    private const string RemainingSql = """
        select split_part(r.account, ':', 1), 'lead', r.provider_id, r.lead_id from receipts r where r.workspace_id = $1 and r.kind = 'lead.add' and r.lead_id = any($2)
        union all select l.crm, 'contact', l.crm_id, l.id from leads l where l.workspace_id = $1 and l.id = any($2) and l.crm is not null
        """;

    /// <param name="leadId">One of the person's leads; all others of the person go with it.</param>
    /// <param name="key">The address; whether or not it is known here, it never comes back.</param>
    /// <returns>Null: the workspace has no such lead.</returns>
    public async Task<Erasure?> EraseAsync(Guid workspaceId, Guid? leadId, string? key, AuditActor by, CancellationToken cancellationToken)
    {
        if (Once.Took<Guid>(out var before)) return await GoOnAsync(before, cancellationToken);
        if (leadId is { } id)
        {
            // Before the lock: of two who ask at once the second finds nobody any more, and is right all the same.
            var lead = await database.Sql("select email_key from leads where workspace_id = $1 and id = $2 and erased_at is null", workspaceId, id)
                .FirstAsync(row => (IsThere: true, Key: row.Text(0)), cancellationToken);
            if (!lead.IsThere) return null;
            key = lead.Key;
        }

        var salt = await salts.OfAsync(workspaceId, cancellationToken);
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await PersonRows.LockAsync(connection, workspaceId, cancellationToken);
        string[] keys = key is null ? [] : [key];
        var leads = await EraseRows.FindAsync(connection, workspaceId, leadId, keys, cancellationToken);
        var known = await PersonRows.TextsAsync(connection, workspaceId, leadId, keys, cancellationToken);
        var (erasure, person, ids) = (Guid.CreateVersion7(), ErasedPerson.Of([key, .. leads.SelectMany(lead => lead.Texts), .. known]), leads.Select(lead => lead.Id).ToArray());
        await ApplyAsync(connection, workspaceId, ids, person, salt, cancellationToken);
        await connection.Sql("""
            insert into erasures (id, workspace_id, lead_ids, sealed_person, state, run_after, asked_at) values ($1, $2, $3, $4, 'running', clock_now() + interval '1 minute', clock_now())
            """, erasure, workspaceId, ids, Seal(workspaceId, erasure, person)).RunAsync(cancellationToken);
        await AuditLog.AppendAsync(connection, new(workspaceId, by, "person.erased", "erasure", erasure, new JsonObject { ["leads"] = ids.Length }), cancellationToken);
        await Once.CommitAsync(transaction, erasure, cancellationToken);
        signals.Wake();
        return await GoOnAsync(erasure, cancellationToken);
    }

    public async Task<Erasure> ReadAsync(Guid id, CancellationToken cancellationToken)
    {
        var row = await RowAsync(id, cancellationToken);
        return await AnswerAsync(id, row, row.State, cancellationToken);
    }

    /// <summary>Searches the texts; once it has settled, everything once more.</summary>
    public async Task<Erasure> GoOnAsync(Guid id, CancellationToken cancellationToken)
    {
        var row = await RowAsync(id, cancellationToken);
        if (row.Sealed is null) return await AnswerAsync(id, row, row.State, cancellationToken);
        using var scope = DatabaseScope.Narrow(row.WorkspaceId);
        var person = JsonSerializer.Deserialize<ErasedPerson>(box.Open(row.Sealed, SealedColumns.Erasures, row.WorkspaceId.ToString(), id.ToString()))!;
        if (row.State == "settling") await AgainAsync(row, person, cancellationToken);
        var searched = await ScrubTexts.ExecuteAsync(database, row.WorkspaceId, person, cancellationToken);
        var state = !searched || await IsPushedJustNowAsync(row, cancellationToken) ? row.State : row.State == "running" ? "settling" : "done";
        await database.Sql("""
            update erasures set state = $2, run_after = clock_now() + $3, sealed_person = case when $2 <> 'done' then sealed_person end, done_at = case when $2 = 'done' then clock_now() end where id = $1
            """, id, state, state == row.State ? TimeSpan.FromMinutes(1) : Settling).RunAsync(cancellationToken);
        return await AnswerAsync(id, row, state, cancellationToken);
    }

    private async Task<Row> RowAsync(Guid id, CancellationToken cancellationToken) => (await database
        .Sql("select workspace_id, lead_ids, sealed_person, state from erasures where id = $1", id)
        .FirstAsync(row => new Row(row.GetGuid(0), row.GetFieldValue<Guid[]>(1), row.Nullable<byte[]>(2), row.GetString(3)), cancellationToken))!;

    private async Task AgainAsync(Row row, ErasedPerson person, CancellationToken cancellationToken)
    {
        var salt = await salts.OfAsync(row.WorkspaceId, cancellationToken);
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await PersonRows.LockAsync(connection, row.WorkspaceId, cancellationToken);
        // A page of leads that was being stored when the person was erased may have brought another.
        var late = await EraseRows.FindAsync(connection, row.WorkspaceId, null, person.Addresses, cancellationToken);
        await ApplyAsync(connection, row.WorkspaceId, [.. row.Leads, .. late.Select(lead => lead.Id)], person, salt, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        signals.Wake();
    }

    private async Task ApplyAsync(NpgsqlConnection connection, Guid workspaceId, Guid[] leads, ErasedPerson person, SuppressionKey salt, CancellationToken cancellationToken)
    {
        await EraseRows.ExecuteAsync(connection, workspaceId, leads, cancellationToken);
        await receipts.ExecuteAsync(connection, workspaceId, leads, cancellationToken);
        await PersonRows.DeleteAsync(connection, workspaceId, leads, [.. person.Addresses], cancellationToken);
        foreach (var address in person.Addresses)
        {
            await SuppressionRows.EraseAsync(connection, workspaceId, address, salt, cancellationToken);
            await connection.Sql("update webhook_events set sealed_body = null, address_hash = null where workspace_id = $1 and address_hash = $2", workspaceId, salt.HashOf(address)).RunAsync(cancellationToken);
        }
    }

    /// <summary>The address is needed to find out whether a request under way took effect.</summary>
    private Task<bool> IsPushedJustNowAsync(Row row, CancellationToken cancellationToken) => database.Sql(
        "select exists (select from intents where workspace_id = $1 and lead_id = any($2) and state in ('sending', 'sent'))", row.WorkspaceId, row.Leads).FirstAsync(found => found.GetBoolean(0), cancellationToken);

    private async Task<Erasure> AnswerAsync(Guid id, Row row, string state, CancellationToken cancellationToken) => new(id, state, row.Leads.Length, await database
        .Sql(RemainingSql, row.WorkspaceId, row.Leads).ListAsync(found => new RemainingRecord(found.GetString(0), found.GetString(1), found.Text(2), found.GetGuid(3)), cancellationToken));

    private byte[] Seal(Guid workspaceId, Guid id, ErasedPerson person) => box.Seal(JsonSerializer.SerializeToUtf8Bytes(person), SealedColumns.Erasures, workspaceId.ToString(), id.ToString());

    private sealed record Row(Guid WorkspaceId, Guid[] Leads, byte[]? Sealed, string State);
}
