using LeadSens.Server.Api;
using LeadSens.Server.Identity;

namespace LeadSens.Server.Campaigns;

internal static class CampaignsApi
{
    public static void MapCampaigns(this IEndpointRouteBuilder app)
    {
        var campaigns = app.MapApiGroup("campaigns");
        campaigns.MapPost("", CreateCampaign.HandleAsync);
        campaigns.MapGet("", ListCampaigns.HandleAsync);
        campaigns.MapGet("{id:guid}", GetCampaign.HandleAsync);
        campaigns.MapPatch("{id:guid}", ChangeCampaign.HandleAsync);
        campaigns.MapPost("{id:guid}/start", StartCampaign.HandleAsync);
        campaigns.MapPost("{id:guid}/pause", PauseCampaign.HandleAsync);
        campaigns.MapPost("{id:guid}/resume", ResumeCampaign.HandleAsync);
        campaigns.MapPost("{id:guid}/cancel", CancelCampaign.HandleAsync);
        campaigns.MapGet("{id:guid}/forecast", ForecastCampaign.HandleAsync);
        campaigns.MapGet("{id:guid}/funnel", GetFunnel.HandleAsync);
        campaigns.MapGet("{id:guid}/exclusions", ListExclusions.HandleAsync);
        campaigns.MapGet("{id:guid}/events", CampaignEvents.HandleAsync).StaysOpen();
    }
}
