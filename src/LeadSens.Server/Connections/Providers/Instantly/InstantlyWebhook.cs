using LeadSens.Server.Webhooks;
using Npgsql;

namespace LeadSens.Server.Connections.Providers.Instantly;

/// <summary>Instantly signs nothing: it sends the headers that it was given, so one of them is a secret.</summary>
internal sealed class InstantlyWebhook(LeadAnswers answers, TimeProvider time) : ProviderWebhook
{
    /// <summary>Both names of a reply arrive, whichever was subscribed to.</summary>
    private static readonly Dictionary<string, LeadAnswer> Answers = new(StringComparer.Ordinal)
    {
        ["reply_received"] = LeadAnswer.Replied, ["auto_reply_received"] = LeadAnswer.Replied, ["email_bounced"] = LeadAnswer.Bounced,
            ["lead_unsubscribed"] = LeadAnswer.Unsubscribed,
    };

    public override string SecretHeader => "X-LeadSens-Webhook-Secret";

    public override IReadOnlyList<IncomingEvent>? Read(byte[] body, DateTimeOffset now) => InstantlyEvents.Read(body, now) is { } told ? [told] : null;

    public override async Task<WebhookEffect> ApplyAsync(NpgsqlConnection connection, TakenWebhook told, byte[] body, CancellationToken cancellationToken) =>
        InstantlyEvents.Read(body, time.GetUtcNow())?.Address is { } address
            ? await answers.ApplyAsync(connection, told, address, Answers.GetValueOrDefault(told.Type), cancellationToken)
            : new(Known: false);
}
