using System.Text.Json.Serialization;

namespace LeadSens.Sandbox.Control;

[JsonConverter(typeof(JsonStringEnumConverter<FaultMode>))]
internal enum FaultMode
{
    /// <summary>The vendor's error body for <c>status</c>, nothing takes effect.</summary>
    [JsonStringEnumMemberName("status")] Status,
    /// <summary>Silence for <c>delayMs</c> (ten minutes without it), nothing takes effect.</summary>
    [JsonStringEnumMemberName("timeout")] Timeout,
    /// <summary>The connection dies at once, nothing takes effect.</summary>
    [JsonStringEnumMemberName("reset")] Reset,
    /// <summary>A good answer, <c>delayMs</c> later.</summary>
    [JsonStringEnumMemberName("slow")] Slow,
    /// <summary>A bad body under a good status, of the kind <c>variant</c> names.</summary>
    [JsonStringEnumMemberName("malformed")] Malformed,
    /// <summary>It takes effect, the connection dies before the answer.</summary>
    [JsonStringEnumMemberName("acceptThenDrop")] AcceptThenDrop,
    /// <summary>The connection dies, it takes effect <c>delayMs</c> later.</summary>
    [JsonStringEnumMemberName("acceptLate")] AcceptLate,
    /// <summary>Reads show a write only after <c>delayMs</c>.</summary>
    [JsonStringEnumMemberName("readLag")] ReadLag,
    /// <summary>Duplicates are accepted whatever the request asks.</summary>
    [JsonStringEnumMemberName("ignoreSkipFlags")] IgnoreSkipFlags,
    /// <summary>An enrichment stays in progress, however often it is asked for.</summary>
    [JsonStringEnumMemberName("stillFilling")] StillFilling,
}

[JsonConverter(typeof(JsonStringEnumConverter<Spoil>))]
internal enum Spoil
{
    /// <summary>The answer's JSON, cut in the middle.</summary>
    [JsonStringEnumMemberName("json")] Json,
    /// <summary>A gateway's HTML page.</summary>
    [JsonStringEnumMemberName("html")] Html,
    [JsonStringEnumMemberName("empty")] Empty,
    /// <summary>200 with an error in the body; nothing takes effect.</summary>
    [JsonStringEnumMemberName("errorInside")] ErrorInside,
    /// <summary>The model's content is not JSON; the completion around it is fine.</summary>
    [JsonStringEnumMemberName("brokenJson")] BrokenJson,
    /// <summary>The model's content is JSON outside the schema that was asked for.</summary>
    [JsonStringEnumMemberName("badSchema")] BadSchema,
    /// <summary>The model's draft breaks the word limit until it is told so.</summary>
    [JsonStringEnumMemberName("tooLong")] TooLong,
    /// <summary>The model's draft breaks the word limit also when told.</summary>
    [JsonStringEnumMemberName("stubborn")] Stubborn,
}

/// <summary>What goes wrong, where and how often.</summary>
/// <param name="Contains">Only calls whose path or body contains this text.</param>
/// <param name="Rate">Share of the matching calls, 0 to 1; which ones follows from the seed and their number.</param>
/// <param name="Times">Only the first so many calls that it hits; null for all.</param>
internal sealed record FaultRule(
    FaultMode Mode,
    string? Vendor = null,
    string? PathPrefix = null,
    string? Contains = null,
    int? Status = null,
    double Rate = 1,
    int? Times = null,
    int? RetryAfter = null,
    int? DelayMs = null,
    Spoil? Variant = null,
    Spoil? Body = null)
{
    [JsonIgnore]
    public Spoil Spoil => Variant ?? Body ?? Spoil.Json;
}

/// <summary>A fault that ends or delays one call.</summary>
internal sealed record FaultMet(FaultRule Rule)
{
    public FaultMode Mode => Rule.Mode;

    /// <summary>How much later the good answer comes.</summary>
    public TimeSpan Delay => Rule.Mode is FaultMode.Slow ? Wait : TimeSpan.Zero;

    public TimeSpan Wait => Rule.DelayMs is { } delay ? TimeSpan.FromMilliseconds(delay) : Default;

    private TimeSpan Default => Rule.Mode is FaultMode.Timeout ? TimeSpan.FromMinutes(10) : TimeSpan.FromSeconds(1);
}
