using LeadSens.Server.Data;
using Npgsql;

namespace LeadSens.Server.Approvals;

/// <summary>What a reviewer is told about an approval before opening it.</summary>
/// <param name="Language">The workspace's.</param>
internal sealed record ApprovalFacts(
    Guid ApprovalId, Guid WorkspaceId, string Workspace, string Language, string Campaign, int Leads, decimal? BudgetUsd, DateTimeOffset ExpiresAt, string Status, TimeSpan Left)
{
    public static Task<ApprovalFacts?> ReadAsync(NpgsqlConnection connection, Guid approvalId, CancellationToken cancellationToken) => connection.Sql("""
        select a.id, w.id, w.name, w.language, c.name, a.lead_count, c.budget_usd, a.expires_at, a.status, greatest(a.expires_at - clock_now(), interval '0')
        from approvals a join campaigns c on c.id = a.campaign_id join workspaces w on w.id = a.workspace_id where a.id = $1
        """, approvalId).FirstAsync(row => new ApprovalFacts(
            row.GetGuid(0), row.GetGuid(1), row.GetString(2), row.GetString(3), row.GetString(4), row.GetInt32(5), row.Maybe<decimal>(6), row.GetFieldValue<DateTimeOffset>(7), row.GetString(8),
            row.GetFieldValue<TimeSpan>(9)), cancellationToken);

    /// <summary>The same in every language, because the process has one culture.</summary>
    public string Until => ExpiresAt.UtcDateTime.ToString("yyyy-MM-dd HH:mm", null) + " UTC";
}

/// <summary>What there is to tell about an approval; the words stand in idempotency keys.</summary>
internal static class Occasion
{
    public const string Requested = "requested", Reminder = "reminder", Expired = "expired";
}
