using LeadSens.Server.Api;
using LeadSens.Server.Data;
using LeadSens.Server.Identity;
using Npgsql;

namespace LeadSens.Server.Approvals;

/// <summary>An approval in a list.</summary>
/// <param name="Leads">How many leads it holds.</param>
/// <param name="BySomebodyElse">It confirms what another box of the run approved: not by those who decided there, and without edits.</param>
internal sealed record ApprovalItem(
    Guid Id, Guid CampaignId, [property: OneOf(typeof(ApprovalStatus))] string Status, string ContentHash, DateTimeOffset ExpiresAt, int Leads, int Round, DateTimeOffset CreatedAt,
    DateTimeOffset? DecidedAt, string? DecidedBy, string? Comment, string? DecidedHash, bool BySomebodyElse);

/// <summary>An approval with a page of its leads.</summary>
/// <param name="Differing">What is not as the rest: leads that the caller chose something for, and leads whose mails were edited; at most a hundred.</param>
internal sealed record ApprovalDetail(ApprovalItem Approval, IReadOnlyList<ReviewedLead> Items, string? NextCursor, IReadOnlyList<DifferingLead> Differing);

/// <summary>Reads approvals of a workspace.</summary>
internal sealed class ReadApprovals(Database database)
{
    private const string Columns =
        "id, campaign_id, status, content_hash, expires_at, lead_count, round, created_at, decided_at, decided_by, comment, decided_hash, by_somebody_else";

    public async Task<Page<ApprovalItem>> ListAsync(Guid workspaceId, Guid? campaignId, string? status, PageRequest page, CancellationToken cancellationToken)
    {
        var items = await database.Sql($"""
            select {Columns} from approvals
            where workspace_id = $1 and id > $2 and campaign_id = coalesce($3::uuid, campaign_id) and status = coalesce($4::text, status) order by id limit $5
            """, workspaceId, page.After, campaignId, status, page.Size + 1).ListAsync(Read, cancellationToken);
        return Page<ApprovalItem>.Of(items, page.Size, item => item.Id.ToString());
    }

    public async Task<ApprovalDetail?> GetAsync(Caller caller, Guid id, PageRequest page, CancellationToken cancellationToken)
    {
        if (await FindAsync(caller.WorkspaceId, id, cancellationToken) is not { } approval) return null;
        var leads = await ApprovalLeads.ReadAsync(database, caller.WorkspaceId, id, caller.Name, page.After, 0, page.Size + 1, cancellationToken);
        var items = Page<ReviewedLead>.Of(leads, page.Size, lead => lead.LeadId.ToString());
        var differing = approval.Status == ApprovalStatus.Pending
            ? await ReviewChoices.ReadAsync(database, caller.WorkspaceId, id, caller.Name, cancellationToken) : [];
        return new(approval, items.Items, items.NextCursor, differing);
    }

    public Task<ApprovalItem?> FindAsync(Guid workspaceId, Guid id, CancellationToken cancellationToken) =>
        database.Sql($"select {Columns} from approvals where id = $1 and workspace_id = $2", id, workspaceId).FirstAsync(Read, cancellationToken);

    private static ApprovalItem Read(NpgsqlDataReader row) => new(
        row.GetGuid(0), row.GetGuid(1), row.GetString(2), ContentHash.ToText(row.GetFieldValue<byte[]>(3)), row.GetFieldValue<DateTimeOffset>(4), row.GetInt32(5),
        row.GetInt32(6), row.GetFieldValue<DateTimeOffset>(7), row.IsDBNull(8) ? null : row.GetFieldValue<DateTimeOffset>(8), row.Nullable<string>(9),
        row.Nullable<string>(10), row.Nullable<byte[]>(11) is { } hash ? ContentHash.ToText(hash) : null, row.GetBoolean(12));
}
