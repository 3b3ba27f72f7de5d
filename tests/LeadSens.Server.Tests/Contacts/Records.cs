using LeadSens.Server.Contacts;
using LeadSens.Server.Data;
using LeadSens.Server.Suppressions;
using LeadSens.Server.Tests.Support;

namespace LeadSens.Server.Tests.Contacts;

/// <summary>What a source said, as a test writes it down.</summary>
internal sealed record Said(RecordSource Source, string Id, int Day, PersonFields Fields, string? Raw = null)
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public SourceRecord Record => new(Id, Start.AddDays(Day), Fields, Raw);
}

/// <summary>Writes and reads people of a workspace.</summary>
internal static class Records
{
    public static readonly RecordSource Acme = RecordSource.Vendor("acme"), Crm = RecordSource.FileOrCrm("crm");

    private static readonly SuppressionKey Key = SuppressionKey.Of(new byte[32]);

    /// <summary>Everything about people but the ids that were made up for them.</summary>
    private const string PeopleSql = """
        select concat_ws(' | ', concat_ws(',', c.email, c.phone, c.first_name, c.last_name, c.job_title, c.company_name, c.linkedin_url),
            (select string_agg(concat_ws(' ', address, verification, verification_source, verified_at), ',' order by address)
                from contact_emails e where e.workspace_id = c.workspace_id and e.contact_id = c.id),
            (select string_agg(number, ',' order by number) from contact_phones p where p.workspace_id = c.workspace_id and p.contact_id = c.id),
            (select string_agg(provider || ':' || provider_id, ',' order by provider, provider_id)
                from contact_identities i where i.workspace_id = c.workspace_id and i.contact_id = c.id),
            (select string_agg(concat_ws(' ', field, value, provider, provider_id, said_at, replaced, stands), ','
                order by field, provider, provider_id, said_at) from field_facts f where f.workspace_id = c.workspace_id and f.contact_id = c.id))
        from contacts c where c.workspace_id = $1 order by 1
        """;

    /// <summary>Pages of one source each, as they come.</summary>
    /// <returns>The contacts, in the order of the records; null: the person was erased.</returns>
    public static async Task<List<Guid?>> WriteAsync(this TestDatabase db, Guid workspace, params Said[] said)
    {
        var contacts = new List<Guid?>();
        for (var from = 0; from < said.Length;)
        {
            var page = said.Skip(from).TakeWhile(one => one.Source == said[from].Source).ToArray();
            await using var connection = await db.DataSource.OpenConnectionAsync(CancellationToken.None);
            var values = ContactWriter.Values(workspace, page[0].Source, null, [.. page.Select(one => one.Record)], Key.Inner, Key.Outer);
            contacts.AddRange(await connection.Sql($"select (contact).id from ({ContactWriter.Sql}) w order by place", [.. values])
                .ListAsync(row => row.Maybe<Guid>(0), CancellationToken.None));
            from += page.Length;
        }

        return contacts;
    }

    public static Task<List<string>> PeopleAsync(this TestDatabase db, Guid workspace) => db.ListAsync<string>(PeopleSql, workspace);

    public static async Task<Guid> WorkspaceAsync(this TestDatabase db)
    {
        var id = Guid.CreateVersion7();
        await db.ExecuteAsync("insert into workspaces (id, name) values ($1, 'Test')", id);
        return id;
    }

    /// <summary>Puts an erased person on the list.</summary>
    public static Task EraseAsync(this TestDatabase db, Guid workspace, string address) => db.ExecuteAsync(
        "insert into suppressions (id, workspace_id, kind, hash, source, created_at) values (new_id(), $1, 'address', $2, 'erasure', now())",
        workspace, Key.HashOf(address));
}
