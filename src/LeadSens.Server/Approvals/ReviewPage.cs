using LeadSens.Server.Data;

namespace LeadSens.Server.Approvals;

/// <summary>A part of an approval, small enough for a browser and for a form's fields.</summary>
/// <param name="Number">1, 2, … <paramref name="Pages"/>.</param>
/// <param name="Differing">Leads that this reviewer chose something else for, and edited ones, of all pages.</param>
internal sealed record ReviewPage(ApprovalItem Approval, int Number, int Pages, IReadOnlyList<ReviewedLead> Leads, IReadOnlyList<DifferingLead> Differing)
{
    private const int LeadsPerPage = 50;

    public int FirstLead => (Number - 1) * LeadsPerPage + 1;

    public static async Task<ReviewPage> ReadAsync(
        Database database, Guid workspaceId, ApprovalItem approval, string reviewer, int number, CancellationToken cancellationToken)
    {
        var pages = Math.Max(1, (approval.Leads + LeadsPerPage - 1) / LeadsPerPage);
        number = Math.Clamp(number, 1, pages);
        var leads = await ApprovalLeads.ReadAsync(database, workspaceId, approval.Id, reviewer, Guid.Empty, (number - 1) * LeadsPerPage, LeadsPerPage, cancellationToken);
        return new(approval, number, pages, leads, await ReviewChoices.ReadAsync(database, workspaceId, approval.Id, reviewer, cancellationToken));
    }
}
