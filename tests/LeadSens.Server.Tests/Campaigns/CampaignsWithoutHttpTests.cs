using LeadSens.Server.Campaigns;
using LeadSens.Server.Data;
using LeadSens.Server.Identity;
using LeadSens.Server.Tests.Support;
using LeadSens.Server.Tests.UseCases;
using LeadSens.Server.UseCases;
using Microsoft.Extensions.DependencyInjection;

namespace LeadSens.Server.Tests.Campaigns;

/// <summary>A campaign's life through its use cases alone, as a tool leads it.</summary>
public sealed class CampaignsWithoutHttpTests(AppOfClass apps) : IClassFixture<AppOfClass>, IAsyncLifetime
{
    private readonly TestApp app = apps.App;
    private readonly Guid workspace = Guid.CreateVersion7();
    private Caller caller = null!;

    public async ValueTask InitializeAsync()
    {
        await app.Database.ExecuteAsync("insert into workspaces (id, name) values ($1, 'Test')", workspace);
        caller = SomeCaller.Of(workspace, Roles.Member);
    }

    public ValueTask DisposeAsync() => default;

    [Fact]
    public async Task A_campaign_is_made_changed_started_paused_resumed_and_cancelled()
    {
        var made = await RunAsync(Get<CreateCampaign>(), Request("Spring"));
        var id = new CampaignId(made.Id);
        (made.Name, made.Status, made.StartedAt).ShouldBe(("Spring", CampaignStatus.Draft, null));

        (await RunAsync(Get<ChangeCampaign>(), new(id.Id, Nothing with { Name = "Summer" }))).Name.ShouldBe("Summer");
        (await RunAsync(Get<StartCampaign>(), id)).Status.ShouldBe(CampaignStatus.Running);
        (await RunAsync(Get<PauseCampaign>(), id)).Status.ShouldBe(CampaignStatus.Paused);
        (await RunAsync(Get<ResumeCampaign>(), id)).Status.ShouldBe(CampaignStatus.Running);
        (await RunAsync(Get<CancelCampaign>(), id)).Status.ShouldBe(CampaignStatus.Cancelled);

        (await app.Database.ListAsync<string>("select action from audit_entries where workspace_id = $1 and actor_id = $2 order by id", workspace, caller.By.Id)).ShouldBe(
            ["campaign.made", "campaign.changed", "campaign.started", "campaign.paused", "campaign.resumed", "campaign.cancelled"]);
        DatabaseScope.Current.Workspace.ShouldBeNull("the scope was left");
    }

    [Fact]
    public async Task It_is_looked_at_without_HTTP_as_well()
    {
        var id = new CampaignId((await RunAsync(Get<CreateCampaign>(), Request("Autumn"))).Id);

        (await RunAsync(Get<GetCampaign>(), id)).Name.ShouldBe("Autumn");
        (await RunAsync(Get<ListCampaigns>(), new(default, CampaignStatus.Draft))).Items.Single().Id.ShouldBe(id.Id);
        (await RunAsync(Get<ForecastCampaign>(), id)).Leads.ShouldBe(10);
        (await RunAsync(Get<GetFunnel>(), id)).Stages.ShouldAllBe(stage => stage.Leads == 0);
        (await RunAsync(Get<ListExclusions>(), new(id.Id, default))).Items.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_refusal_says_why_by_a_code_and_by_fields()
    {
        (await RefusedAsync(Get<CreateCampaign>(), Nothing)).Errors!.Keys.ShouldBe(["name", "limit", "icp"], ignoreOrder: true);
        (await RefusedAsync(Get<GetCampaign>(), new(Guid.CreateVersion7()))).ShouldBe(CampaignRefusals.NotFound());
        (await RefusedAsync(Get<ListCampaigns>(), new(default, "Sleeping"))).Errors!.Keys.ShouldBe(["status"]);
        var draft = new CampaignId((await RunAsync(Get<CreateCampaign>(), Request("Winter"))).Id);
        (await RefusedAsync(Get<PauseCampaign>(), draft)).ShouldBe(CampaignRefusals.WrongStatus(CampaignStatus.Draft, "paused"));
    }

    private static CampaignRequest Nothing => new(null, null, null, null, null, null, null, null);

    private static CampaignRequest Request(string name) =>
        Nothing with { Name = name, Icp = new("Operations leaders", null, null, ["France"], null), Limit = 10, Start = false };

    private TUseCase Get<TUseCase>() where TUseCase : notnull => app.Services.GetRequiredService<TUseCase>();

    private Task<Outcome<TAnswer>> AskAsync<TSelf, TRequest, TAnswer>(IUseCase<TSelf, TRequest, TAnswer> useCase, TRequest request)
        where TSelf : IUseCase<TSelf, TRequest, TAnswer> => Get<UseCaseRunner>().RunAsync(useCase, caller, request, null, CancellationToken.None);

    private async Task<TAnswer> RunAsync<TSelf, TRequest, TAnswer>(IUseCase<TSelf, TRequest, TAnswer> useCase, TRequest request)
        where TSelf : IUseCase<TSelf, TRequest, TAnswer>
    {
        var outcome = await AskAsync(useCase, request);
        outcome.Refusal.ShouldBeNull();
        return outcome.Value!;
    }

    private async Task<Refusal> RefusedAsync<TSelf, TRequest, TAnswer>(IUseCase<TSelf, TRequest, TAnswer> useCase, TRequest request)
        where TSelf : IUseCase<TSelf, TRequest, TAnswer> => (await AskAsync(useCase, request)).Refusal.ShouldNotBeNull();
}
