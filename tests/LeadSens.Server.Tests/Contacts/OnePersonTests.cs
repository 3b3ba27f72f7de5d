using System.Net.Http.Json;
using System.Text.Json;
using LeadSens.Server.Data;
using LeadSens.Server.Discovery;
using LeadSens.Server.Identity;
using LeadSens.Server.Jobs;
using LeadSens.Server.Suppressions;
using LeadSens.Server.Tests.Identity;
using LeadSens.Server.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace LeadSens.Server.Tests.Contacts;

/// <summary>A person with two addresses, one in each of two campaigns: what happens to the one happens to the other.</summary>
[Collection(typeof(RightsTests))]
public sealed class OnePersonTests(RightsApp rights)
{
    private readonly string first = $"{Guid.CreateVersion7():N}.example", second = $"{Guid.CreateVersion7():N}.example";

    [Fact]
    public async Task Who_is_on_the_list_with_one_address_is_not_written_to_at_another()
    {
        var owner = await OwnerAsync();
        var (campaign, _) = await CampaignsAsync(owner.WorkspaceId);
        (await owner.Http.PostAsJsonAsync("/api/suppressions", new { value = $"lead1@{second}" })).EnsureSuccessStatusCode();

        await campaign.AskAsync();

        (await StatesAsync(campaign)).ShouldBe([$"Suppressed On the suppression list: lead1@{second}.", "Drafted"]);
    }

    [Fact]
    public async Task Whoever_is_erased_goes_from_all_campaigns_with_all_addresses()
    {
        var owner = await OwnerAsync();
        var (campaign, _) = await CampaignsAsync(owner.WorkspaceId);
        var lead = await LeadAsync(campaign);

        var export = await owner.Http.GetFromJsonAsync<JsonElement>($"/api/leads/{lead}/export");
        var erased = await People.JsonAsync(await owner.Http.DeleteAsync($"/api/leads/{lead}"));

        export.GetProperty("leads").GetArrayLength().ShouldBe(2);
        export.GetProperty("addresses").EnumerateArray().Select(address => address.GetProperty("address").GetString()).Order()
            .ShouldBe(new[] { $"lead1@{first}", $"lead1@{second}" }.Order());
        erased.GetProperty("leads").GetInt32().ShouldBe(2);
        (await CountAsync("leads where workspace_id = $1 and erased_at is not null")).ShouldBe(2);
        (await CountAsync("contacts where workspace_id = $1")).ShouldBe(2, "those of the other two leads");
        (await CountAsync("suppressions where workspace_id = $1 and hash is not null")).ShouldBe(2);
        (await CountAsync("source_records where workspace_id = $1 and strpos(fields::text, 'lead1@') > 0")).ShouldBe(0);

        Task<long> CountAsync(string from) => rights.Db.ScalarAsync<long>($"select count(*) from {from}", owner.WorkspaceId);
    }

    [Fact]
    public async Task Who_is_in_a_campaign_is_set_aside_in_the_next_which_says_where()
    {
        var owner = await OwnerAsync();
        var (_, next) = await CampaignsAsync(owner.WorkspaceId);
        await rights.Db.ExecuteAsync("update leads set status = 'Sourced' where campaign_id = $1", next.Id);
        var payload = JsonSerializer.SerializeToElement(new { leads = await next.LeadsAsync() });
        var id = Guid.CreateVersion7();
        var job = new ClaimedJob(id, id, owner.WorkspaceId, next.Id, null, 1, id, payload, default, default);

        await using (var connection = await rights.Db.DataSource.OpenConnectionAsync(CancellationToken.None))
        {
            var keys = rights.App.Services.GetRequiredService<SuppressionKeys>();
            using var scope = DatabaseScope.Work(owner.WorkspaceId);
            await Duplicates.SaveAsync(connection, [new EndedJob<KnownContacts>(job, new([]), null, null)], "crm", keys, CancellationToken.None);
        }

        (await StatesAsync(next)).ShouldBe(["Duplicate Already in the campaign \"Spring\".", "Sourced"]);
    }

    [Fact]
    public async Task Who_was_written_to_at_one_address_is_not_written_to_at_another()
    {
        var (campaign, next) = await CampaignsAsync(DemoWorkspace.Id);
        foreach (var one in new[] { campaign, next })
        {
            await one.ApprovedAsync();
            var batch = await rights.App.OpenBatchAsync(one, "campaign.push");
            await Eventually.Be(() => rights.Db.ScalarAsync<bool>("select not is_open from batches where id = $1", batch), TimeSpan.FromSeconds(60));
        }

        (await StatesAsync(campaign)).ShouldBe(["Pushed", "Pushed"]);
        (await StatesAsync(next)).ShouldBe(["Failed The same address was pushed already.", "Pushed"]);
    }

    private Task<SomePerson> OwnerAsync() => rights.App.RegisterAsync($"owner{Guid.CreateVersion7():N}@people.example");

    /// <summary>Two leads in each; the first of each are one person, as the CRM says.</summary>
    private async Task<(ReviewedCampaign, ReviewedCampaign)> CampaignsAsync(Guid workspace)
    {
        var campaign = await ReviewedCampaign.CreateAsync(rights.Db, 2, workspace, first);
        var next = await ReviewedCampaign.CreateAsync(rights.Db, 2, workspace, second);
        var id = $"{Guid.CreateVersion7()}";
        await rights.Db.WriteAsync(workspace,
            new(Records.Crm, id, 1, new() { Email = $"lead1@{first}" }), new(Records.Crm, id, 2, new() { Email = $"lead1@{second}" }));
        return (campaign, next);
    }

    private Task<List<string>> StatesAsync(ReviewedCampaign campaign) =>
        rights.Db.ListAsync<string>("select concat_ws(' ', status, exclusion_reason) from leads where campaign_id = $1 order by email_key", campaign.Id);

    private async Task<Guid> LeadAsync(ReviewedCampaign campaign) =>
        await rights.Db.ScalarAsync<Guid>("select id from leads where campaign_id = $1 and email_key = $2", campaign.Id, $"lead1@{first}");
}
