using LeadSens.Sandbox.Http;

namespace LeadSens.Sandbox.Instantly;

/// <summary>The Instantly workspace that a key belongs to.</summary>
internal static class InstantlyAccount
{
    public static Reply Answer(int seed) => Reply.Json(200, json =>
    {
        json.WriteStartObject();
        json.WriteString("id", $"0195a1b2-0000-7000-8000-{seed:x12}");
        json.WriteString("name", "Sandbox workspace");
        json.WriteEndObject();
    });
}
