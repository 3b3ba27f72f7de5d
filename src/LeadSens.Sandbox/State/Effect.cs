using System.Text.Json.Serialization;

namespace LeadSens.Sandbox.State;

/// <summary>A write that took effect: applied to the vendor's state, counted, journaled.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "effect")]
[JsonDerivedType(typeof(WorldReset), "reset")]
[JsonDerivedType(typeof(ListCreated), "list")]
[JsonDerivedType(typeof(CreditsSpent), "credits")]
[JsonDerivedType(typeof(CampaignCreated), "campaign")]
[JsonDerivedType(typeof(CampaignStatusSet), "campaignStatus")]
[JsonDerivedType(typeof(LeadCreated), "lead")]
[JsonDerivedType(typeof(ContactWritten), "contact")]
[JsonDerivedType(typeof(MailAccepted), "mail")]
[JsonDerivedType(typeof(SlackMessagePosted), "slack")]
internal abstract record Effect
{
    public DateTimeOffset At { get; init; }

    /// <summary>How it is counted; null when it is not.</summary>
    [JsonIgnore]
    public abstract Write? Write { get; }
}

/// <summary>What a write is counted under.</summary>
internal readonly record struct Write(string Vendor, string Kind, string Key, long Amount = 1);

internal sealed record WorldReset(int Seed) : Effect
{
    public override Write? Write => null;
}

/// <summary>A lead list; one filled by a search holds its filters instead of its leads.</summary>
internal sealed record ListCreated(string Id, string Name, string? Filters, int Limit, bool SkipWithoutEmail) : Effect
{
    public override Write? Write => new("instantly", "list.created", Name);
}

internal sealed record CreditsSpent(string ListId, int Credits) : Effect
{
    public override Write? Write => new("instantly", "credits.spent", ListId, Credits);
}

internal sealed record CampaignCreated(string Id, string Name, string Body) : Effect
{
    public override Write? Write => new("instantly", "campaign.created", Name);
}

internal sealed record CampaignStatusSet(string Id, int Status) : Effect
{
    public override Write? Write => new("instantly", Status == 1 ? "campaign.activated" : "campaign.paused", Id);
}

/// <summary>A lead added to a campaign or a list.</summary>
internal sealed record LeadCreated(string Id, string TargetId, bool InCampaign, string Email, string Body) : Effect
{
    public override Write? Write => new("instantly", "lead.created", $"{TargetId}/{Email}");
}

internal sealed record ContactWritten(string Id, bool IsNew, Dictionary<string, string> Properties) : Effect
{
    public override Write? Write => new("hubspot", IsNew ? "contact.created" : "contact.updated", Properties.GetValueOrDefault("email", Id));
}

/// <summary>A mail that the stand-in mail server took.</summary>
internal sealed record MailAccepted(string From, IReadOnlyList<string> To, string Raw) : Effect
{
    public override Write? Write => new("smtp", "mail.accepted", string.Join(',', To));
}

internal sealed record SlackMessagePosted(string Path, string Body) : Effect
{
    public override Write? Write => new("slack", "message.posted", Path);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(Effect))]
internal sealed partial class EffectJson : JsonSerializerContext;
