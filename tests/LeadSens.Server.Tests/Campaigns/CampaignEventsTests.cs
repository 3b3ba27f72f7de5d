using System.Net.ServerSentEvents;
using System.Text.Json;
using LeadSens.Server.Tests.Support;

namespace LeadSens.Server.Tests.Campaigns;

public sealed class CampaignEventsTests
{
    [Fact]
    public async Task The_stream_tells_every_change_and_ends_with_the_campaign()
    {
        await using var sandbox = await TestSandbox.StartAsync();
        await using var app = await TestApp.StartAsync(sandbox.BaseUrl);
        using var run = new CampaignRun(app);
        var id = await run.StartAsync(CampaignRun.Request(limit: 10));
        var statuses = new List<string>();
        await using var stream = await run.Http.GetStreamAsync($"/api/campaigns/{id}/events");
        await foreach (var item in SseParser.Create(stream).EnumerateAsync())
        {
            item.EventType.ShouldBe("campaign");
            var view = JsonElement.Parse(item.Data);
            view.GetProperty("id").GetGuid().ShouldBe(id);
            statuses.Add(view.GetProperty("status").GetString()!);
            if (statuses[^1] == "AwaitingApproval" && statuses.Count(status => status == "AwaitingApproval") == 1) await run.DecideAsync(id);
        }

        statuses.ShouldContain("AwaitingApproval");
        statuses[^1].ShouldBe("Completed");
    }
}
