using System.Net.Http.Json;
using System.Text.Json;
using LeadSens.Server.Data;
using LeadSens.Server.Identity;
using LeadSens.Server.Push;
using LeadSens.Server.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace LeadSens.Server.Tests.Push;

public sealed class ReceiptTests : IAsyncLifetime
{
    private TestApp app = null!;
    private ReviewedCampaign campaign = null!;

    public async ValueTask InitializeAsync()
    {
        app = await TestApp.StartAsync();
        campaign = await ReviewedCampaign.CreateAsync(app.Database, 1, DemoWorkspace.Id);
        using var scope = DatabaseScope.Work(DemoWorkspace.Id);
        for (var n = 0; n < 5; n++)
        {
            var intent = await Rows.OpenAsync(new(DemoWorkspace.Id, campaign.Id, "instantly:sandbox", "campaign.create", $"{campaign.Id}/{n}", default), CancellationToken.None);
            await Receipts.CompleteAsync(intent.Id, $"provider-{n}", CancellationToken.None);
        }
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();

    private IntentRows Rows => app.Services.GetRequiredService<IntentRows>();

    private Receipts Receipts => app.Services.GetRequiredService<Receipts>();

    [Fact]
    public async Task An_untouched_chain_holds_and_is_listed()
    {
        (await VerifyAsync()).ShouldBe(new ReceiptVerdict(true, 5));
        var page = await app.Client().GetFromJsonAsync<JsonElement>($"/api/campaigns/{campaign.Id}/receipts?limit=3");
        page.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("sequence").GetInt64()).ShouldBe([1, 2, 3]);
        page.GetProperty("nextCursor").GetString().ShouldBe("3");
        (await app.Client().GetFromJsonAsync<JsonElement>($"/api/campaigns/{campaign.Id}/receipts/verification")).GetProperty("valid").GetBoolean().ShouldBeTrue();
    }

    [Theory]
    [InlineData("update receipts set provider_id = 'forged' where sequence = 3", 3)]
    [InlineData("update receipts set at = at + interval '1 minute' where sequence = 1", 1)]
    [InlineData("update receipts set mac = decode(repeat('00', 32), 'hex') where sequence = 2", 2)]
    [InlineData("delete from receipts where sequence = 4", 4)]
    [InlineData("delete from receipts where sequence = 5", 5)]
    [InlineData("update receipts set sequence = sequence + 1 where sequence = 5", 5)]
    public async Task Tampering_breaks_the_chain(string tamper, long at)
    {
        await app.Database.ExecuteAsync(tamper);

        var verdict = await VerifyAsync();

        (verdict.Valid, verdict.FaultAt).ShouldBe((false, at));
    }

    [Fact]
    public async Task Cutting_off_the_end_and_the_head_leaves_an_effect_without_receipt()
    {
        await app.Database.ExecuteAsync("delete from receipts where sequence = 5");
        await app.Database.ExecuteAsync("update receipt_heads set sequence = 4, mac = (select mac from receipts where sequence = 4)");

        (await VerifyAsync()).Valid.ShouldBeFalse();
    }

    [Fact]
    public async Task Receipts_appended_at_once_form_one_chain()
    {
        using var scope = DatabaseScope.Work(DemoWorkspace.Id);
        var intents = await Task.WhenAll(Enumerable.Range(0, 20).Select(n =>
            Rows.OpenAsync(new(DemoWorkspace.Id, campaign.Id, "instantly:sandbox", "campaign.activate", $"at-once/{n % 10}", default), CancellationToken.None)));

        await Task.WhenAll(intents.Select(intent => Task.Run(() => Receipts.CompleteAsync(intent.Id, "there", CancellationToken.None))));

        (await VerifyAsync()).ShouldBe(new ReceiptVerdict(true, 15));
    }

    private async Task<ReceiptVerdict> VerifyAsync()
    {
        using var scope = DatabaseScope.Work(DemoWorkspace.Id);
        return await app.Services.GetRequiredService<VerifyReceipts>().ExecuteAsync(DemoWorkspace.Id, campaign.Id, CancellationToken.None);
    }
}
