using System.Text.Json;

namespace LeadSens.Server.Push;

/// <summary>A call that may not be repeated, as its row says.</summary>
/// <param name="Account">The provider account's key.</param>
/// <param name="Kind"><c>credits.spend</c>, <c>campaign.create</c>, <c>lead.add</c>, <c>campaign.activate</c>.</param>
/// <param name="Subject">Unique with account and kind: what the call is about.</param>
/// <param name="Request">What the caller needs to make the call again from this row alone.</param>
/// <param name="Attempts">How often a request may have left; also the fence of the next one.</param>
/// <param name="Settling">How long an earlier request may still take effect; zero or less when that is over.</param>
internal sealed record Intent(
    Guid Id, Guid WorkspaceId, Guid CampaignId, string Account, string Kind, string Subject, IntentState State, JsonElement Request,
    int Attempts, TimeSpan Settling, string? ProviderId, string? Reason)
{
    /// <summary>Part of every name that the provider stores, so that a look-up finds what a lost answer created.</summary>
    public string Tag => $"ls-{Id:N}";
}

internal enum IntentState
{
    /// <summary>No request is under way.</summary>
    Planned,
    /// <summary>A request may have left; nobody knows its outcome.</summary>
    Sending,
    /// <summary>The provider said yes; the read-back is missing.</summary>
    Sent,
    /// <summary>Read back and receipted.</summary>
    Done,
    /// <summary>Never to be sent, with the reason.</summary>
    Refused,
}

/// <summary>An intent to open or to go on with.</summary>
internal sealed record IntentRequest(Guid WorkspaceId, Guid CampaignId, string Account, string Kind, string Subject, JsonElement Request);
