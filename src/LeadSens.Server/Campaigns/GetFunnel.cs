using LeadSens.Server.Api;
using LeadSens.Server.Identity;
using LeadSens.Server.UseCases;

namespace LeadSens.Server.Campaigns;

/// <summary>One stage of the funnel.</summary>
/// <param name="FromPrevious">Share of the stage before, 0 to 1; null where that was empty.</param>
internal sealed record FunnelStage(string Stage, long Leads, double? FromPrevious);

/// <summary>How many leads got how far.</summary>
internal sealed record Funnel(Guid CampaignId, [property: OneOf(typeof(CampaignStatus))] string Status, IReadOnlyList<FunnelStage> Stages);

internal sealed class GetFunnel(CampaignViews views) : IUseCase<GetFunnel, CampaignId, Funnel>
{
    public static UseCase Declaration { get; } = new("getCampaignFunnel", "How many leads got how far", Permission.Read);

    public async Task<Outcome<Funnel>> RunAsync(Caller caller, CampaignId request, CancellationToken cancellationToken) =>
        (await views.AnswerAsync(caller, request.Id, cancellationToken)).Map(view => new Funnel(view.Id, view.Status, Stages(view.Leads)));

    private static List<FunnelStage> Stages(LeadFigures leads)
    {
        (string Name, long Leads)[] stages =
        [
            ("counted", leads.Counted), ("sourced", leads.Sourced), ("scored", leads.Scored), ("qualified", leads.Qualified), ("verified", leads.Verified),
            ("drafted", leads.Drafted), ("approved", leads.Approved), ("pushed", leads.Pushed), ("synced", leads.Synced),
        ];
        return [.. stages.Select((stage, i) => new FunnelStage(stage.Name, stage.Leads, i == 0 || stages[i - 1].Leads == 0 ? null : Math.Round((double)stage.Leads / stages[i - 1].Leads, 4)))];
    }
}
