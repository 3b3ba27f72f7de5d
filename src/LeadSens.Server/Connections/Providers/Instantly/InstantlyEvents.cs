using System.Security.Cryptography;
using System.Text.Json;
using LeadSens.Server.Leads;
using LeadSens.Server.Webhooks;

namespace LeadSens.Server.Connections.Providers.Instantly;

/// <summary>Reads Instantly's calls: one event each, without an id, so the same body is the same event.</summary>
internal static class InstantlyEvents
{
    private const int LongestType = 100;

    /// <summary>Null for what is no event.</summary>
    public static IncomingEvent? Read(byte[] body, DateTimeOffset now)
    {
        try
        {
            using var json = JsonDocument.Parse(body);
            if (Text(json.RootElement, "event_type") is not { Length: > 0 and <= LongestType } type) return null;
            var at = DateTimeOffset.TryParse(Text(json.RootElement, "timestamp"), System.Globalization.CultureInfo.InvariantCulture, System.Globalization.DateTimeStyles.AssumeUniversal, out var told) && told < now ? told : now;
            return new(Convert.ToHexStringLower(SHA256.HashData(body)), type, Text(json.RootElement, "campaign_id") ?? Text(json.RootElement, "campaign"),
                LeadAddress.KeyOf(Text(json.RootElement, "lead_email") ?? Text(json.RootElement, "email")), at.ToUniversalTime(), body);
        }
        catch (Exception broken) when (broken is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    private static string? Text(JsonElement json, string name) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()?.Replace("\0", "", StringComparison.Ordinal) : null;
}
