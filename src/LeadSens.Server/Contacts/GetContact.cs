using LeadSens.Server.Data;
using LeadSens.Server.Identity;
using LeadSens.Server.UseCases;
using Npgsql;

namespace LeadSens.Server.Contacts;

/// <summary>One person with facts, campaigns and receipts.</summary>
internal sealed class GetContact(Database database) : IUseCase<GetContact, GetContact.Request, ContactView>
{
    public sealed record Request(Guid Id);

    private const string ContactSql = """
        select id, email, phone, first_name, last_name, job_title, company_name, website, industry, company_size, country, city, linkedin_url,
            language, time_zone, created_at, updated_at
        from contacts where workspace_id = $1 and id = $2
        """;

    private const string EmailsSql = """
        select address,
            case when verified_at is null then 'Unchecked' when verification = 1 then 'Verified' when verification = -1 then 'NotVerified'
                when verification = -3 then 'CatchAll' else 'NeedsReview' end,
            verification_source, verified_at
        from contact_emails where contact_id = $2 and workspace_id = $1 order by address
        """;

    private const string PhonesSql = "select number from contact_phones where contact_id = $2 and workspace_id = $1 order by number";

    private const string FactsSql = """
        select field, value, stands, replaced, provider, provider_id, said_at, received_at
        from field_facts where workspace_id = $1 and contact_id = $2 order by field, rank, said_at, value collate "C", provider, provider_id
        """;

    private const string LeadsSql = """
        select l.id, l.campaign_id, c.name, l.status, l.score, l.updated_at from leads l join campaigns c on c.id = l.campaign_id
        where l.workspace_id = $1 and l.contact_id = $2 and l.erased_at is null order by l.id
        """;

    private const string ReceiptsSql = """
        select r.campaign_id, r.lead_id, r.sequence, r.kind, r.provider_id, r.at
        from receipts r join leads l on l.workspace_id = r.workspace_id and l.id = r.lead_id
        where r.workspace_id = $1 and l.contact_id = $2 order by r.at, r.campaign_id, r.sequence
        """;

    public static UseCase Declaration { get; } = new("getContact", "A person with where each value comes from, and all campaigns", Permission.Read);

    public async Task<Outcome<ContactView>> RunAsync(Caller caller, Request request, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        if (await connection.Sql(ContactSql, caller.WorkspaceId, request.Id).FirstAsync(ReadContact, cancellationToken) is not { } contact)
            return Refusal.NotFound("contact_not_found");
        return contact with
        {
            Emails = await ListAsync(EmailsSql, row => new ContactEmail(row.GetString(0), row.GetString(1), row.Text(2), row.Maybe<DateTimeOffset>(3))),
            Phones = await ListAsync(PhonesSql, row => row.GetString(0)),
            Facts = await ListAsync(FactsSql, ReadFact),
            Leads = await ListAsync(LeadsSql, row =>
                new ContactLead(row.GetGuid(0), row.GetGuid(1), row.GetString(2), row.GetString(3), row.Maybe<int>(4), row.GetFieldValue<DateTimeOffset>(5))),
            Receipts = await ListAsync(ReceiptsSql, row =>
                new ContactReceipt(row.GetGuid(0), row.GetGuid(1), row.GetInt64(2), row.GetString(3), row.GetString(4), row.GetFieldValue<DateTimeOffset>(5))),
        };

        Task<List<T>> ListAsync<T>(string sql, Func<NpgsqlDataReader, T> read) =>
            connection.Sql(sql, caller.WorkspaceId, request.Id).ListAsync(read, cancellationToken);
    }

    private static ContactView ReadContact(NpgsqlDataReader row) => new(
        row.GetGuid(0), row.Text(1), row.Text(2), row.Text(3), row.Text(4), row.Text(5), row.Text(6), row.Text(7), row.Text(8), row.Text(9), row.Text(10),
        row.Text(11), row.Text(12), row.Text(13), row.Text(14), row.GetFieldValue<DateTimeOffset>(15), row.GetFieldValue<DateTimeOffset>(16));

    private static ContactFact ReadFact(NpgsqlDataReader row) => new(
        row.GetString(0), row.GetString(1), row.GetBoolean(2), row.Text(3), row.GetString(4), row.GetString(5),
        row.GetFieldValue<DateTimeOffset>(6), row.GetFieldValue<DateTimeOffset>(7));
}
