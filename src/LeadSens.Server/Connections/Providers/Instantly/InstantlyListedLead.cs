using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace LeadSens.Server.Connections.Providers.Instantly;

/// <summary>A lead of a list, with the whole answer that it was read from.</summary>
/// <param name="ToldAt">When Instantly last changed it; null: it does not say.</param>
[JsonConverter(typeof(Reader))]
internal sealed record InstantlyListedLead(InstantlyLead Lead, DateTimeOffset? ToldAt, string Raw)
{
    internal sealed class Reader : JsonConverter<InstantlyListedLead>
    {
        public override InstantlyListedLead Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            using var read = JsonDocument.ParseValue(ref reader);
            var lead = read.RootElement.Deserialize(InstantlyJson.Default.InstantlyLead)!;
            return new(lead, TimeOf(read.RootElement.Text("timestamp_updated")), read.RootElement.GetRawText());
        }

        public override void Write(Utf8JsonWriter writer, InstantlyListedLead value, JsonSerializerOptions options) => writer.WriteRawValue(value.Raw);

        private static DateTimeOffset? TimeOf(string? text) =>
            DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : null;
    }
}
