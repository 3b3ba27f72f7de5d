using LeadSens.Server.Api;
using LeadSens.Server.Identity;

namespace LeadSens.Server.Campaigns;

internal static class CampaignsApi
{
    public static void MapCampaigns(this IEndpointRouteBuilder app)
    {
        var campaigns = app.MapApiGroup("campaigns");
        campaigns.MapPost("", (CampaignRequest request, UseCaseCall call, CreateCampaign create) =>
            call.CreatedAsync(create, request, made => $"/api/campaigns/{made.Id}")).Runs(CreateCampaign.Declaration);
        campaigns.MapGet("", ([AsParameters] PageRequest page, [OneOf(typeof(CampaignStatus))] string? status, UseCaseCall call,
            ListCampaigns list) => call.OkAsync(list, new(page, status)))
            .Runs(ListCampaigns.Declaration);
        campaigns.MapGet("{id:guid}", (Guid id, UseCaseCall call, GetCampaign get) => call.OkAsync(get, new(id))).Runs(GetCampaign.Declaration);
        campaigns.MapPatch("{id:guid}", (Guid id, CampaignRequest request, UseCaseCall call, ChangeCampaign change) =>
            call.OkAsync(change, new(id, request))).Runs(ChangeCampaign.Declaration);
        campaigns.MapPost("{id:guid}/start", (Guid id, UseCaseCall call, StartCampaign start) => call.OkAsync(start, new(id))).Runs(StartCampaign.Declaration);
        campaigns.MapPost("{id:guid}/pause", (Guid id, UseCaseCall call, PauseCampaign pause) => call.OkAsync(pause, new(id))).Runs(PauseCampaign.Declaration);
        campaigns.MapPost("{id:guid}/resume", (Guid id, UseCaseCall call, ResumeCampaign resume) =>
            call.OkAsync(resume, new(id))).Runs(ResumeCampaign.Declaration);
        campaigns.MapPost("{id:guid}/cancel", (Guid id, UseCaseCall call, CancelCampaign cancel) =>
            call.OkAsync(cancel, new(id))).Runs(CancelCampaign.Declaration);
        campaigns.MapGet("{id:guid}/forecast", (Guid id, UseCaseCall call, ForecastCampaign forecast) =>
            call.OkAsync(forecast, new(id))).Runs(ForecastCampaign.Declaration);
        campaigns.MapGet("{id:guid}/funnel", (Guid id, UseCaseCall call, GetFunnel funnel) => call.OkAsync(funnel, new(id))).Runs(GetFunnel.Declaration);
        campaigns.MapGet("{id:guid}/exclusions", (Guid id, [AsParameters] PageRequest page, UseCaseCall call, ListExclusions list) =>
            call.OkAsync(list, new(id, page))).Runs(ListExclusions.Declaration);
        campaigns.MapGet("{id:guid}/events", CampaignEvents.HandleAsync).StaysOpen().Named("streamCampaign", "A campaign each time that it changed, as server-sent events")
            .Produces<CampaignView>(StatusCodes.Status200OK, "text/event-stream");
    }
}
