using System.ComponentModel.DataAnnotations;
using LeadSens.Server.Api;
using LeadSens.Server.Data;
using LeadSens.Server.Identity;
using LeadSens.Server.UseCases;
using Npgsql;

namespace LeadSens.Server.Leads;

/// <summary>A lead in a list.</summary>
internal sealed record LeadSummary(
    Guid Id, Guid CampaignId, string? Email, string? FirstName, string? LastName, string? JobTitle, string? CompanyName, string? Country,
    [property: OneOf(typeof(LeadStatus))] string Status, [property: OneOf(typeof(EnrichmentStatus))] string EnrichmentStatus,
    [property: OneOf(typeof(VerificationStatus))] string VerificationStatus, int? Score, [property: OneOf(typeof(ScoreBand))] string? ScoreBand, DateTimeOffset UpdatedAt);

/// <summary>Which leads to list.</summary>
internal readonly record struct LeadFilter(Guid? CampaignId, [OneOf(typeof(LeadStatus))] string? Status, [Range(1, 10)] int? MinScore, string? Q);

/// <summary>The workspace's leads in the order of their creation.</summary>
internal sealed class ListLeads(Database database) : IUseCase<ListLeads, ListLeads.Request, Page<LeadSummary>>
{
    public sealed record Request(LeadFilter Filter, PageRequest Page);

    private const string Sql = """
        select id, campaign_id, email, first_name, last_name, job_title, company_name, country, status, enrichment_status, verification_status, score, score_band, updated_at
        from leads
        where workspace_id = $1 and id > $2 and erased_at is null and ($3::uuid is null or campaign_id = $3) and ($4::text is null or status = $4) and ($5::int is null or score >= $5)
          and ($6::text is null or concat_ws(' ', first_name, last_name, email, company_name, job_title) ilike $6)
        order by id limit $7
        """;

    public static UseCase Declaration { get; } = new("listLeads", "Leads in the order of their creation", Permission.Read);

    public async Task<Outcome<Page<LeadSummary>>> RunAsync(Caller caller, Request request, CancellationToken cancellationToken)
    {
        var (filter, page) = (request.Filter, request.Page);
        if (filter.MinScore is not (null or (>= 1 and <= 10))) return Refusal.Invalid("minScore", "A score is 1 to 10.");
        if (Refusal.UnlessOneOf(LeadStatus.All, "status", filter.Status) is { } unknown) return unknown;
        var rows = await database.ListAsync(Sql, Read, cancellationToken,
            caller.WorkspaceId, page.After, filter.CampaignId, filter.Status, filter.MinScore, LikePattern.Anywhere(filter.Q), page.Size + 1);
        return Page<LeadSummary>.Of(rows, page.Size, lead => lead.Id.ToString());
    }

    private static LeadSummary Read(NpgsqlDataReader row) => new(
        row.GetGuid(0), row.GetGuid(1), row.Text(2), row.Text(3), row.Text(4), row.Text(5), row.Text(6), row.Text(7), row.GetString(8),
        row.GetString(9), row.GetString(10), row.Maybe<int>(11), row.Text(12), row.GetFieldValue<DateTimeOffset>(13));
}
