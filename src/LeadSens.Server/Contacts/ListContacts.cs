using LeadSens.Server.Api;
using LeadSens.Server.Data;
using LeadSens.Server.Identity;
using LeadSens.Server.UseCases;
using Npgsql;

namespace LeadSens.Server.Contacts;

/// <summary>A person in a list.</summary>
/// <param name="Leads">In how many campaigns.</param>
internal sealed record ContactSummary(
    Guid Id, string? Email, string? FirstName, string? LastName, string? JobTitle, string? CompanyName, string? Country, long Leads, DateTimeOffset UpdatedAt);

/// <summary>The workspace's people in the order in which they became known.</summary>
internal sealed class ListContacts(Database database) : IUseCase<ListContacts, ListContacts.Request, Page<ContactSummary>>
{
    /// <param name="Q">A text anywhere in names, address, company or title.</param>
    public sealed record Request(PageRequest Page, string? Q);

    private const string Sql = """
        select c.id, c.email, c.first_name, c.last_name, c.job_title, c.company_name, c.country,
            (select count(*) from leads l where l.workspace_id = c.workspace_id and l.contact_id = c.id and l.erased_at is null), c.updated_at
        from contacts c
        where c.workspace_id = $1 and c.id > $2
          and ($3::text is null or concat_ws(' ', c.first_name, c.last_name, c.email, c.company_name, c.job_title) ilike $3)
        order by c.id limit $4
        """;

    public static UseCase Declaration { get; } = new("listContacts", "People in the order in which they became known", Permission.Read);

    public async Task<Outcome<Page<ContactSummary>>> RunAsync(Caller caller, Request request, CancellationToken cancellationToken)
    {
        var page = request.Page;
        var rows = await database.Sql(Sql, caller.WorkspaceId, page.After, LikePattern.Anywhere(request.Q), page.Size + 1).ListAsync(Read, cancellationToken);
        return Page<ContactSummary>.Of(rows, page.Size, contact => contact.Id.ToString());
    }

    private static ContactSummary Read(NpgsqlDataReader row) => new(
        row.GetGuid(0), row.Text(1), row.Text(2), row.Text(3), row.Text(4), row.Text(5), row.Text(6), row.GetInt64(7), row.GetFieldValue<DateTimeOffset>(8));
}
