using LeadSens.Server.Audit;
using LeadSens.Server.Data;
using LeadSens.Server.Rights;
using LeadSens.Server.Webhooks;
using Microsoft.Extensions.Options;
using Npgsql;

namespace LeadSens.Server.Connections.Providers.HubSpot;

/// <summary>What became of contacts. A deletion for privacy erases the person here as well; the rest is kept as it is for the records of contacts.</summary>
[AppWebhook]
internal sealed class HubSpotWebhook(IOptions<HubSpotOptions> options, Erasures erasures) : ProviderWebhook
{
    private static readonly string[] Kept =
        ["contact.creation", "contact.deletion", "contact.propertyChange", "contact.merge", "contact.restore", "contact.associationChange"];

    public override string SecretToBring => "The client secret of the HubSpot app that calls.";

    public override string? AppSecret => options.Value.ClientSecret;

    public override bool Verify(WebhookCall call, IReadOnlyList<string> secrets) => secrets.Any(secret => HubSpotSignature.Holds(
        secret, call.Method, call.Address, call.Body, call.Headers[HubSpotSignature.TimestampHeader], call.Headers[HubSpotSignature.SignatureHeader], call.At));

    public override IReadOnlyList<IncomingEvent>? Read(byte[] body, DateTimeOffset now) => HubSpotEvents.Read(body, now);

    public override async Task<WebhookEffect> ApplyAsync(NpgsqlConnection connection, TakenWebhook told, byte[] body, CancellationToken cancellationToken)
    {
        var lead = await connection.Sql("select id from leads where workspace_id = $1 and crm = $3 and crm_id = $2 and erased_at is null limit 1",
            told.WorkspaceId, told.ObjectId ?? "", told.Provider)
            .FirstAsync(row => (Guid?)row.GetGuid(0), cancellationToken);
        if (told.Type != "contact.privacyDeletion") return new(Kept.Contains(told.Type), lead);
        // On a connection of its own: it may take longer, and doing it twice does no harm.
        if (lead is { } id) await erasures.EraseAsync(told.WorkspaceId, id, null, AuditActor.System, cancellationToken);
        return new(Known: true, lead, Forgets: true);
    }
}
