using LeadSens.Server.Jobs;
using LeadSens.Server.Tests.Support;

namespace LeadSens.Server.Tests.Jobs;

public sealed class FairnessTests : JobsTest
{
    [Fact]
    public async Task A_huge_campaign_does_not_starve_a_small_one_of_another_workspace()
    {
        var other = Guid.CreateVersion7();
        await AddWorkspaceAsync(other);
        var work = new TestWork(async (_, _, token) => { await Provider.AnswersAfterAsync(5, token); return "done"; });
        var node = await NodeAsync(work);
        var huge = await OpenAsync(node, await CampaignAsync(5_000));
        await Eventually.Be(() => work.Order.Count > 100);
        var small = await OpenAsync(node, await CampaignAsync(50, other), other);
        await CompletedAsync(small);
        (await CountAsync(huge, "Queued")).ShouldBeGreaterThan(3_000);
    }

    [Fact]
    public void Places_are_divided_by_workspace_first_and_all_of_them()
    {
        var (a, b) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        OpenBatch[] batches = [Batch(a), Batch(a), Batch(a), Batch(b)];
        FairShare.Divide(60, batches, 0).ShouldBe([10, 10, 10, 30]);
        for (var places = 0; places < 50; places++)
            for (var turn = 0; turn < 10; turn++)
                FairShare.Divide(places, batches, turn).Sum().ShouldBe(places);
    }

    [Fact]
    public void One_place_goes_round()
    {
        OpenBatch[] batches = [Batch(Guid.CreateVersion7()), Batch(Guid.CreateVersion7()), Batch(Guid.CreateVersion7())];
        var served = Enumerable.Range(0, 3).Select(turn => Array.IndexOf(FairShare.Divide(1, batches, turn), 1));
        served.Distinct().Count().ShouldBe(3);
    }

    private static OpenBatch Batch(Guid workspace) =>
        new(Guid.CreateVersion7(), TestWork.DefaultKind, workspace, Guid.CreateVersion7(), "Running", null, null, "Running", false, default, TimeSpan.Zero);
}
