using LeadSens.Server.Api;
using LeadSens.Server.Data;
using LeadSens.Server.Identity;
using LeadSens.Server.Leads;
using LeadSens.Server.UseCases;
using Npgsql;

namespace LeadSens.Server.Campaigns;

/// <summary>A lead that the campaign does not write to, and why.</summary>
internal sealed record Exclusion(
    Guid LeadId, string? Email, string? FirstName, string? LastName, string? CompanyName, [property: OneOf(typeof(LeadStatus))] string Status,
    [property: OneOf(typeof(VerificationStatus))] string VerificationStatus, string Reason);

/// <summary>Who is left out of a campaign, and why.</summary>
internal sealed class ListExclusions(Database database) : IUseCase<ListExclusions, ListExclusions.Request, Page<Exclusion>>
{
    public sealed record Request(Guid Id, PageRequest Page);

    private const string Sql = """
        select id, email, first_name, last_name, company_name, status, verification_status, coalesce(exclusion_reason, failure, status)
        from leads
        where workspace_id = $1 and campaign_id = $2 and id > $3
          and (exclusion_reason is not null or status in ('Duplicate', 'Suppressed', 'Skipped', 'Rejected', 'Failed') or verification_status in ('NotVerified', 'NeedsReview'))
        order by id limit $4
        """;

    private const string CampaignSql = "select true from campaigns where workspace_id = $1 and id = $2";

    public static UseCase Declaration { get; } = new("listCampaignExclusions", "Whom a campaign does not write to, and why", Permission.Read);

    public async Task<Outcome<Page<Exclusion>>> RunAsync(Caller caller, Request request, CancellationToken cancellationToken)
    {
        if (!await database.FirstAsync(CampaignSql, row =>
            row.GetBoolean(0), cancellationToken, caller.WorkspaceId, request.Id)) return CampaignRefusals.NotFound();
        var rows = await database.ListAsync(Sql, Read, cancellationToken, caller.WorkspaceId, request.Id, request.Page.After, request.Page.Size + 1);
        return Page<Exclusion>.Of(rows, request.Page.Size, lead => lead.LeadId.ToString());
    }

    private static Exclusion Read(NpgsqlDataReader row) =>
        new(row.GetGuid(0), row.Text(1), row.Text(2), row.Text(3), row.Text(4), row.GetString(5), row.GetString(6), row.GetString(7));
}
