namespace LeadSens.Server.Webhooks;

/// <summary>One thing that a provider told.</summary>
/// <param name="DedupeKey">The same for whatever tells the same once more.</param>
/// <param name="ObjectId">The provider's name of what it is about.</param>
/// <param name="Address">The address's key of whom it is about; null where the provider does not say.</param>
/// <param name="Body">As it came.</param>
/// <param name="Account">The provider's name of the account that it happened in; null where a call is about one account alone.</param>
internal sealed record IncomingEvent(
    string DedupeKey, string Type, string? ObjectId, string? Address, DateTimeOffset OccurredAt, byte[] Body, string? Account = null);
