using LeadSens.Server.Data;
using LeadSens.Server.Push;
using LeadSens.Server.Tests.Connections;
using LeadSens.Server.Tests.Support;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace LeadSens.Server.Tests.Push;

/// <summary>The provider's campaign is read back; its pages are odd.</summary>
[Collection<ReachingStages>]
public sealed class ReadBackTests(StageApp stage)
{
    [Fact]
    public async Task Whoever_stands_behind_an_empty_page_is_pushed()
    {
        var (failure, pushed, pages) = await ReadAsync(cursor => cursor switch { "" => Page("2", 1), "2" => Page("3"), "3" => Page("4", 2, 3), _ => Page("4") });
        failure.ShouldBeNull();
        pushed.ShouldBe(3);
        pages.ShouldBe(4);
    }

    [Fact]
    public async Task A_campaign_whose_pages_lead_in_circles_does_not_hide_who_was_seen()
    {
        var (failure, pushed, pages) = await ReadAsync(cursor => Page(cursor == "2" ? "1" : cursor == "1" ? "2" : "1", cursor.Length == 0 ? 1 : 2));
        failure.ShouldNotBeNull().Message.ShouldContain("has no end");
        pushed.ShouldBe(2);
        pages.ShouldBe(3);
    }

    [Fact]
    public async Task A_campaign_that_always_names_a_next_page_does_not_hide_who_was_seen()
    {
        var next = 0;
        var (failure, pushed, pages) = await ReadAsync(_ => Page($"{++next}", 3));
        failure.ShouldNotBeNull().Message.ShouldContain("more than its list can fill");
        pushed.ShouldBe(1);
        pages.ShouldBeLessThan(300);
    }

    private static string Page(string? next, params int[] leads) => System.Text.Json.JsonSerializer.Serialize(new
    {
        items = leads.Select(lead => new { id = $"at-provider-{lead}", email = $"Lead{lead}@example.com" }), next_starting_after = next,
    });

    /// <summary>Reads a campaign of three leads that were sent.</summary>
    private async Task<(ProviderFailure? Failure, long Pushed, int Pages)> ReadAsync(Func<string, string> page)
    {
        await using var provider = await ScriptedProvider.StartAsync(context =>
        {
            var cursor = System.Text.RegularExpressions.Regex.Match(context.Items[ScriptedProvider.BodyKey] as string ?? "", "starting_after\":\"([^\"]*)").Groups[1].Value;
            context.Response.ContentType = "application/json";
            return context.Response.WriteAsync(page(cursor));
        });
        var (campaign, account) = (await stage.ApprovedAsync(3), TestClients.Account("instantly", provider.Url));
        await stage.Db.ExecuteAsync("""
            insert into intents (id, workspace_id, campaign_id, account, kind, subject, lead_id, state, content_hash, attempts, created_at, updated_at)
            select new_id(), workspace_id, campaign_id, $2, 'lead.add', campaign_id || '/' || email_key, id, 'sent', '\x01', 1, now(), now() from leads where campaign_id = $1
            """, campaign.Id, account.AccountKey);
        var target = new PushTarget(campaign.WorkspaceId, campaign.Id, account, "provider-campaign", 1, new(TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(1)));
        using var scope = DatabaseScope.Work(campaign.WorkspaceId);
        var failure = await stage.App.Services.GetRequiredService<ReadBack>().RunAsync(target, CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(20));
        (await stage.Db.ScalarAsync<long>("select count(*) from receipts where campaign_id = $1", campaign.Id)).ShouldBe(await campaign.CountAsync("Pushed"));
        return (failure, await campaign.CountAsync("Pushed"), provider.Calls.Count);
    }
}
