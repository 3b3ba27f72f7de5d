using LeadSens.Server.Data;
using Npgsql;

namespace LeadSens.Server.Approvals;

/// <summary>A part of an approval, small enough for a browser and for a form's fields.</summary>
/// <param name="Number">1, 2, … <paramref name="Pages"/>.</param>
internal sealed record ReviewPage(ApprovalItem Approval, int Number, int Pages, IReadOnlyList<ReviewedLead> Leads)
{
    private const int LeadsPerPage = 50;

    public int FirstLead => (Number - 1) * LeadsPerPage + 1;

    public static async Task<ReviewPage> ReadAsync(Database database, ApprovalItem approval, int number, CancellationToken cancellationToken)
    {
        var pages = Math.Max(1, (approval.Leads + LeadsPerPage - 1) / LeadsPerPage);
        number = Math.Clamp(number, 1, pages);
        var leads = await ApprovalLeads.ReadAsync(database, approval.Id, Guid.Empty, (number - 1) * LeadsPerPage, LeadsPerPage, cancellationToken);
        return new(approval, number, pages, leads);
    }
}
