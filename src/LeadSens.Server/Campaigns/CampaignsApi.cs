using LeadSens.Server.Api;
using LeadSens.Server.Identity;

namespace LeadSens.Server.Campaigns;

internal static class CampaignsApi
{
    public static void MapCampaigns(this IEndpointRouteBuilder app)
    {
        var campaigns = app.MapApiGroup("campaigns");
        campaigns.MapPost("", CreateCampaign.HandleAsync).Named("createCampaign", "Make a campaign and, unless told otherwise, start it");
        campaigns.MapGet("", ListCampaigns.HandleAsync).Named("listCampaigns", "Campaigns, the newest first");
        campaigns.MapGet("{id:guid}", GetCampaign.HandleAsync).Named("getCampaign", "A campaign with its live figures");
        campaigns.MapPatch("{id:guid}", ChangeCampaign.HandleAsync).Named("changeCampaign", "Change a draft, or the budget of a campaign that runs").Refuses(StatusCodes.Status409Conflict);
        campaigns.MapPost("{id:guid}/start", StartCampaign.HandleAsync).Named("startCampaign", "Start a draft").Refuses(StatusCodes.Status409Conflict);
        campaigns.MapPost("{id:guid}/pause", PauseCampaign.HandleAsync).Named("pauseCampaign", "Pause a campaign").Refuses(StatusCodes.Status409Conflict);
        campaigns.MapPost("{id:guid}/resume", ResumeCampaign.HandleAsync).Named("resumeCampaign", "Go on with a campaign that is paused, waits or faulted").Refuses(StatusCodes.Status409Conflict);
        campaigns.MapPost("{id:guid}/cancel", CancelCampaign.HandleAsync).Named("cancelCampaign", "End a campaign for good").Refuses(StatusCodes.Status409Conflict);
        campaigns.MapGet("{id:guid}/forecast", ForecastCampaign.HandleAsync).Named("forecastCampaign", "What a campaign will take and cost");
        campaigns.MapGet("{id:guid}/funnel", GetFunnel.HandleAsync).Named("getCampaignFunnel", "How many leads got how far");
        campaigns.MapGet("{id:guid}/exclusions", ListExclusions.HandleAsync).Named("listCampaignExclusions", "Whom a campaign does not write to, and why");
        campaigns.MapGet("{id:guid}/events", CampaignEvents.HandleAsync).StaysOpen().Named("streamCampaign", "A campaign each time that it changed, as server-sent events")
            .Produces<CampaignView>(StatusCodes.Status200OK, "text/event-stream");
    }
}
