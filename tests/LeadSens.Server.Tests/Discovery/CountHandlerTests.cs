using LeadSens.Server.Tests.Support;

namespace LeadSens.Server.Tests.Discovery;

[Collection<FindingStages>]
public sealed class CountHandlerTests(StageApp stage) : StageFaults(stage)
{
    private protected override string Kind => "campaign.count";

    private protected override FaultTarget Target => new("instantly", "/api/v2/supersearch-enrichment/count");

    private protected override string Before => "not counted";

    private protected override string Done => "counted";

    private protected override string Lost => "not counted";

    private protected override Task<ReviewedCampaign> ArrangeAsync() => Stage.SearchAsync(limit: 30);

    private protected override Task<string?> StateAsync(ReviewedCampaign campaign) =>
        Db.ScalarAsync<string>("select case leads_counted when 0 then 'not counted' else 'counted' end from campaigns where id = $1", campaign.Id);
}
