extern alias Demo;

using Demo::LeadSens.Demo;
using LeadSens.Server.Tests.Support;

namespace LeadSens.Server.Tests.Chaos;

/// <summary>The promise of the product: kill it at any moment, it goes on where it was and repeats nothing that must happen once.</summary>
public sealed class KillTests
{
    private const int Leads = 300;
    private static readonly TimeSpan StageTime = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task A_campaign_survives_kills_in_every_stage_and_writes_everything_once()
    {
        await using var stack = await ThrowAwayStack.StartAsync("chaos", CancellationToken.None);
        var node = await stack.StartServerAsync("server", Misfortune.Patience(), CancellationToken.None);
        await Misfortune.BeginAsync(stack.Sandbox);
        var campaign = await node.Api.CreateCampaignAsync("Chaos", Leads, CancellationToken.None);

        foreach (var point in KillPoint.All)
        {
            try
            {
                await Eventually.Be(() => Progress.ReachedAsync(node.EmbeddedDatabase(), node.Api, campaign, point), StageTime, point.ToString());
            }
            catch (TimeoutException late)
            {
                throw new TimeoutException($"{late.Message}\n{await Progress.TellAsync(node.EmbeddedDatabase())}\n{node.Process.Tail(60)}", late);
            }
            node = await KillAndRestartAsync(stack, node, point.WithPostmaster);
        }
        await Eventually.Be(() => Progress.EndedAsync(node.Api, campaign), StageTime);

        await Outcome.ShouldBeOnceAsync(node.Api, stack.Sandbox, campaign, Leads, KillPoint.All.Count);
        foreach (var setting in (string[])["fsync", "synchronous_commit", "full_page_writes"])
            (await Progress.SettingAsync(node.EmbeddedDatabase(), setting)).ShouldBe("on");
    }

    private static async Task<RunningNode> KillAndRestartAsync(ThrowAwayStack stack, RunningNode node, bool withPostmaster)
    {
        var postmaster = node.PostmasterId;
        node.Process.Kill();
        if (withPostmaster) System.Diagnostics.Process.GetProcessById(postmaster).Kill();
        node.Api.Dispose();
        return await stack.StartServerAsync("server", Misfortune.Patience(), CancellationToken.None);
    }
}
