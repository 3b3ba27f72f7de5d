using System.Net;
using System.Net.Http.Json;
using LeadSens.Server.Tests.Support;

namespace LeadSens.Server.Tests.Campaigns;

public sealed class BudgetTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("Ai:Prices:mistral-small-2603:OutputPerMillion", "60")]
    [InlineData("Ai:Prices:mistral-small-latest:InputPerMillion", "30")]
    public async Task No_model_makes_a_campaign_cost_more_than_its_budget(string price, string value)
    {
        await using var sandbox = await TestSandbox.StartAsync();
        await using var app = await TestApp.StartAsync(sandbox.BaseUrl, settings: price == "" ? [] : [(price, value)]);
        using var run = new CampaignRun(app);
        var request = CampaignRun.Request();
        request["budgetUsd"] = 0.02;

        var id = await run.StartAsync(request);
        await Eventually.Be(async () => await app.Database.ScalarAsync<bool>("select exists (select from batches where campaign_id = $1 and paused_reason = 'budget_exceeded')", id));
        var spent = await app.Database.ScalarAsync<decimal>("select cost_usd from campaigns where id = $1", id);
        spent.ShouldBeLessThanOrEqualTo(0.02m);
        (await run.GetAsync(id)).GetProperty("waitsFor").GetString()!.ShouldContain("budget");
        (await app.Database.ScalarAsync<decimal>("select sum(cost_usd) from ai_events where campaign_id = $1", id)).ShouldBe(spent);

        (await run.Http.PatchAsJsonAsync($"/api/campaigns/{id}", new { budgetUsd = 100 })).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await run.Http.PostAsync($"/api/campaigns/{id}/resume", null)).StatusCode.ShouldBe(HttpStatusCode.OK);
        await run.DecideAsync(id);
        var view = await run.UntilAsync(id, "Completed");
        view.GetProperty("leads").GetProperty("pushed").GetInt64().ShouldBe(view.GetProperty("leads").GetProperty("approved").GetInt64());
        await Eventually.Be(async () => await app.Database.ScalarAsync<decimal>("select cost_reserved_usd from campaigns where id = $1", id) == 0);
    }
}
