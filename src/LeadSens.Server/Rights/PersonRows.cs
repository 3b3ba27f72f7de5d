using LeadSens.Server.Data;
using Npgsql;

namespace LeadSens.Server.Rights;

/// <summary>A person's rows beyond the leads: the contact and what hangs on it.</summary>
internal static class PersonRows
{
    /// <summary>For a <c>with</c>: the contacts that lead $2 or the addresses $3 of the workspace $1 stand for, and the leads of them all.</summary>
    public const string OfLeadOrAddresses = """
        asked as (
            select id, contact_id from leads where workspace_id = $1 and id = $2::uuid
            union select id, contact_id from leads where workspace_id = $1 and email_key = any($3::text[])),
        person as (
            select contact_id from asked where contact_id is not null
            union select contact_id from contact_emails where workspace_id = $1 and address = any($3::text[])),
        mine as (
            select id from asked
            union select l.id from person p join leads l on l.contact_id = p.contact_id where l.workspace_id = $1)
        """;

    /// <summary>By what a person was called in any record, and all addresses.</summary>
    private const string TextsSql = $"""
        with {OfLeadOrAddresses}
        select address from contact_emails where workspace_id = $1 and contact_id in (select contact_id from person)
        union select text from person p join contacts c on c.workspace_id = $1 and c.id = p.contact_id
            cross join lateral unnest(array[c.linkedin_url, c.phone, c.first_name || ' ' || c.last_name, c.last_name || ' ' || c.first_name]) text
            where text is not null
        union select text from person p
            join contact_identities i on i.workspace_id = $1 and i.contact_id = p.contact_id
            join source_records r on r.workspace_id = $1 and r.provider = i.provider and r.provider_id = i.provider_id
            cross join lateral unnest(array[
                (r.fields ->> 'firstName') || ' ' || (r.fields ->> 'lastName'), (r.fields ->> 'lastName') || ' ' || (r.fields ->> 'firstName'),
                'https://www.linkedin.com/in/' || (r.fields ->> 'linkedIn'), r.fields ->> 'phone']) text where text is not null
        """;

    private const string DeleteSql = """
        delete from contacts where workspace_id = $1 and id in (
            select contact_id from leads where workspace_id = $1 and id = any($2)
            union select contact_id from contact_emails where workspace_id = $1 and address = any($3))
        """;

    /// <summary>Before anything is looked at: no source brings the person back meanwhile, and one that comes afterwards sees the erasure.</summary>
    public static Task LockAsync(NpgsqlConnection connection, Guid workspaceId, CancellationToken cancellationToken) =>
        connection.Sql("select pg_advisory_xact_lock(hashtextextended('contacts:' || $1::uuid, 0))", workspaceId).RunAsync(cancellationToken);

    public static Task<List<string>> TextsAsync(
        NpgsqlConnection connection, Guid workspaceId, Guid? leadId, string[] addresses, CancellationToken cancellationToken) =>
        connection.Sql(TextsSql, workspaceId, leadId, addresses).ListAsync(row => row.GetString(0), cancellationToken);

    /// <summary>With records, ids, addresses, and what is known of the company.</summary>
    public static Task DeleteAsync(NpgsqlConnection connection, Guid workspaceId, Guid[] leads, string[] addresses, CancellationToken cancellationToken) =>
        connection.Sql(DeleteSql, workspaceId, leads, addresses).RunAsync(cancellationToken);
}
