namespace LeadSens.Server.Webhooks;

/// <summary>Of section <c>HubSpot</c> what signs the calls of the public app.</summary>
internal sealed class HubSpotAppOptions
{
    public string? ClientSecret { get; set; }
}
