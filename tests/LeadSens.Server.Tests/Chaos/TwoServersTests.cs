extern alias Demo;

using Demo::LeadSens.Demo;
using LeadSens.Server.Tests.Support;

namespace LeadSens.Server.Tests.Chaos;

/// <summary>Two Servers on one PostgreSQL and one RabbitMQ: none is special, either may die.</summary>
public sealed class TwoServersTests : DatabaseTest
{
    private const int Leads = 300;
    private static readonly TimeSpan StageTime = TimeSpan.FromMinutes(2);
    private static readonly KillPoint[] Points =
    [
        new("campaign.source", 0), new("lead.score", 0.2), new("lead.score", 0.7), new("lead.enrich", 0.3), new("lead.enrich", 0.8), new("lead.draft", 0.2),
        new("lead.draft", 0.7), new("campaign.push", 0), new("campaign.push", 0), new("crm.sync", 0),
    ];

    [Fact]
    public async Task Either_of_two_servers_may_die_and_everything_is_written_once()
    {
        await using var broker = await TestRabbitMq.StartAsync();
        await using var stack = await ThrowAwayStack.StartAsync("two", CancellationToken.None);
        var settings = Misfortune.Patience();
        settings["LeadSens__Database"] = Db.ConnectionString;
        settings["LeadSens__Bus"] = broker.Address;
        string[] names = ["one", "two"];
        var nodes = new RunningNode[names.Length];
        for (var i = 0; i < names.Length; i++) nodes[i] = await stack.StartServerAsync(names[i], settings, CancellationToken.None);
        await Misfortune.BeginAsync(stack.Sandbox);
        var campaign = await nodes[0].Api.CreateCampaignAsync("Chaos of two", Leads, CancellationToken.None);

        foreach (var (kill, point) in Points.Index())
        {
            var (victim, survivor) = (kill % 2, 1 - (kill % 2));
            await Eventually.Be(() => Progress.ReachedAsync(Db.ConnectionString, nodes[survivor].Api, campaign, point), StageTime, point.ToString());
            nodes[victim].Process.Kill();
            nodes[victim].Api.Dispose();
            nodes[victim] = await stack.StartServerAsync(names[victim], settings, CancellationToken.None);
        }
        await Eventually.Be(() => Progress.EndedAsync(nodes[0].Api, campaign), StageTime);

        await Outcome.ShouldBeOnceAsync(nodes[0].Api, stack.Sandbox, campaign, Leads, Points.Length);
    }
}
