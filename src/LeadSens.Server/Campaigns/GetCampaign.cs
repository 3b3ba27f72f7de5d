using LeadSens.Server.Identity;
using LeadSens.Server.UseCases;

namespace LeadSens.Server.Campaigns;

/// <summary>One campaign with its live figures.</summary>
internal sealed class GetCampaign(CampaignViews views) : IUseCase<GetCampaign, CampaignId, CampaignView>
{
    public static UseCase Declaration { get; } = new("getCampaign", "A campaign with its live figures", Permission.Read);

    public Task<Outcome<CampaignView>> RunAsync(Caller caller, CampaignId request, CancellationToken cancellationToken) =>
        views.AnswerAsync(caller, request.Id, cancellationToken);
}
