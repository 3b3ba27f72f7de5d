using System.Globalization;
using System.Text;
using System.Text.Json;
using LeadSens.Server.Webhooks;

namespace LeadSens.Server.Connections.Providers.HubSpot;

/// <summary>Reads HubSpot's calls: a list of events, of several accounts at once, in no order, some of them twice.</summary>
internal static class HubSpotEvents
{
    private const int LongestType = 100;

    /// <summary>Null for what is no list of events. One without a type or an account is nobody's and is left out.</summary>
    public static IReadOnlyList<IncomingEvent>? Read(byte[] body, DateTimeOffset now)
    {
        try
        {
            using var json = JsonDocument.Parse(body);
            return json.RootElement.ValueKind == JsonValueKind.Array
                ? [.. json.RootElement.EnumerateArray().Select(one => Read(one, now)).OfType<IncomingEvent>()] : null;
        }
        catch (Exception broken) when (broken is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    private static IncomingEvent? Read(JsonElement one, DateTimeOffset now)
    {
        if (one.ValueKind != JsonValueKind.Object || Value(one, "subscriptionType") is not { Length: > 0 and <= LongestType } type || Value(one, "portalId") is not { } portal) return null;
        var at = long.TryParse(Value(one, "occurredAt"), NumberStyles.None, CultureInfo.InvariantCulture, out var ms) && ms <= now.ToUnixTimeMilliseconds() ? DateTimeOffset.FromUnixTimeMilliseconds(ms) : now;
        return new(KeyOf(one, type), type, Value(one, "objectId"), null, at.ToUniversalTime(), Encoding.UTF8.GetBytes(one.GetRawText()), portal);
    }

    /// <summary>Ids of events are not promised to be unique, nor to be there: two events that tell of different things at different times are two. A repetition differs in its attempt alone.</summary>
    private static string KeyOf(JsonElement one, string type) =>
        $"{Value(one, "eventId")}:{Value(one, "subscriptionId")}:{type}:{Value(one, "objectId")}:{Value(one, "occurredAt")}:{Value(one, "propertyName")}";

    /// <summary>Numbers and texts alike: the ids are numbers in the examples.</summary>
    private static string? Value(JsonElement one, string name) => !one.TryGetProperty(name, out var value) ? null : value.ValueKind switch
    {
        JsonValueKind.String => value.GetString()?.Replace("\0", "", StringComparison.Ordinal),
        JsonValueKind.Number => value.GetRawText(),
        _ => null,
    };
}
