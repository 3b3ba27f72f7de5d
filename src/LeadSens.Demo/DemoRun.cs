namespace LeadSens.Demo;

/// <summary>Runs one campaign from its creation to its end and shows it on the way.</summary>
internal sealed class DemoRun(RunningServer server, DemoArguments arguments, ProgressView view)
{
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(100);

    private readonly HashSet<Guid> announced = [];

    public async Task<DemoResult> RunAsync(CancellationToken cancellationToken)
    {
        await ChoosePeopleAsync(cancellationToken);
        var before = SandboxControl.Duplicates(await server.Sandbox.WritesAsync(cancellationToken));
        var id = await server.Api.CreateCampaignAsync($"Demo of {arguments.Leads} leads", arguments.Leads, cancellationToken);
        view.Say($"campaign {id} at {server.Api.Server}");
        var ended = await FollowAsync(id, cancellationToken);
        var after = SandboxControl.Duplicates(await server.Sandbox.WritesAsync(cancellationToken));
        var receipts = await server.Api.ListAsync($"/api/campaigns/{id}/receipts", cancellationToken);
        return new(ended, after - before, receipts);
    }

    /// <summary>The Sandbox gets new people when this run asks for others than it has, unless a campaign still works with them.</summary>
    private async Task ChoosePeopleAsync(CancellationToken cancellationToken)
    {
        var campaigns = await server.Api.ListAsync("/api/campaigns", cancellationToken);
        var current = await server.Sandbox.SeedAsync(cancellationToken);
        var wanted = arguments.Seed ?? (campaigns.Count == 0 ? current : current + 1);
        if (wanted == current) return;
        if (campaigns.Any(campaign => campaign.GetProperty("status").GetString() is "Running" or "AwaitingApproval" or "Paused"))
            view.Say($"another campaign is under way, so the people of seed {current} stay");
        else
            await server.Sandbox.ResetAsync(wanted, cancellationToken);
    }

    private async Task<CampaignView> FollowAsync(Guid id, CancellationToken cancellationToken)
    {
        while (true)
        {
            var campaign = await server.Api.GetCampaignAsync(id, cancellationToken);
            view.Show(campaign, Stages.Of(campaign, arguments.Leads));
            if (campaign.Ended) return campaign;
            if (campaign.Status == "AwaitingApproval") await DecideOrAskAsync(id, cancellationToken);
            await Task.Delay(Pace, TimeProvider.System, cancellationToken);
        }
    }

    private async Task DecideOrAskAsync(Guid campaign, CancellationToken cancellationToken)
    {
        if (await server.Api.PendingApprovalAsync(campaign, cancellationToken) is not { } approval || !announced.Add(approval.Id)) return;
        if (arguments.AutoApprove)
            await server.Api.ApproveAsync(approval, cancellationToken);
        else
            view.Say($"{approval.Leads} leads wait for your approval: {await server.Api.LinkAsync(approval.Id, cancellationToken)}");
    }
}
