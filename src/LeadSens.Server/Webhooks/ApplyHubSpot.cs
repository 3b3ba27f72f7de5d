using LeadSens.Server.Audit;
using LeadSens.Server.Data;
using LeadSens.Server.Rights;
using Npgsql;

namespace LeadSens.Server.Webhooks;

/// <summary>What became of contacts. A deletion for privacy erases the person here as well; the rest is kept as it is for the records of contacts.</summary>
internal sealed class ApplyHubSpot(Erasures erasures)
{
    private static readonly string[] Kept = ["contact.creation", "contact.deletion", "contact.propertyChange", "contact.merge", "contact.restore", "contact.associationChange"];

    public async Task<WebhookEffect> ExecuteAsync(NpgsqlConnection connection, TakenWebhook told, CancellationToken cancellationToken)
    {
        var lead = await connection.Sql("select id from leads where workspace_id = $1 and hubspot_id = $2 and erased_at is null limit 1", told.WorkspaceId, told.ObjectId ?? "")
            .FirstAsync(row => (Guid?)row.GetGuid(0), cancellationToken);
        if (told.Type != "contact.privacyDeletion") return new(Kept.Contains(told.Type), lead);
        // On a connection of its own: it may take longer, and doing it twice does no harm.
        if (lead is { } id) await erasures.EraseAsync(told.WorkspaceId, id, null, AuditActor.System, cancellationToken);
        return new(Known: true, lead, Forgets: true);
    }
}
