using LeadSens.Server.Jobs;
using LeadSens.Server.Tests.Support;
using Npgsql;

namespace LeadSens.Server.Tests.Jobs;

public sealed class ControlTests : JobsTest
{
    [Fact]
    public async Task A_paused_campaign_stores_results_in_flight_and_claims_nothing_more()
    {
        var gate = new TaskCompletionSource();
        var work = new TestWork(async (_, _, _) => { await gate.Task; return "done"; }) { Places = 2 };
        var node = await NodeAsync(work);
        var campaign = await CampaignAsync(20);
        var batch = await OpenAsync(node, campaign);
        await Eventually.Be(() => work.Order.Count == 2);
        await SetAsync("Paused", campaign, node.Get<JobControl>().PauseAsync);
        var claimed = await CountAsync(batch, "Running");
        gate.SetResult();
        await Eventually.Be(async () => await CountAsync(batch, "Completed") == claimed);
        await node.Get<JobRounds>().RunAsync([.. node.Get<IEnumerable<KindRunner>>()], default);
        (await CountAsync(batch, "Queued")).ShouldBe(20 - claimed);
        (await PausedAsync(batch)).ShouldBe(PauseReason.User);

        await SetAsync("Running", campaign, node.Get<JobControl>().ResumeAsync);
        node.Get<JobControl>().Wake();
        await CompletedAsync(batch);
        work.Runs.Values.ShouldAllBe(runs => runs == 1);
    }

    [Fact]
    public async Task A_batch_of_a_paused_campaign_is_born_paused()
    {
        var node = await NodeAsync();
        var campaign = await CampaignAsync(2);
        await SetAsync("Paused", campaign, node.Get<JobControl>().PauseAsync);
        var batch = await OpenAsync(node, campaign);
        (await PausedAsync(batch)).ShouldBe(PauseReason.User);
        await SetAsync("Running", campaign, node.Get<JobControl>().ResumeAsync);
        await CompletedAsync(batch);
    }

    [Fact]
    public async Task A_cancel_ends_queued_jobs_and_keeps_results_in_flight()
    {
        var gate = new TaskCompletionSource();
        var work = new TestWork(async (_, _, _) => { await gate.Task; return "done"; }) { Places = 2 };
        var node = await NodeAsync(work);
        var campaign = await CampaignAsync(20);
        var batch = await OpenAsync(node, campaign);
        await Eventually.Be(() => work.Order.Count == 2);
        await SetAsync("Cancelled", campaign, node.Get<JobControl>().CancelAsync);
        var inFlight = await CountAsync(batch, "Running");
        (await CountAsync(batch, "Queued")).ShouldBe(0);
        gate.SetResult();
        await Eventually.Be(async () => await CountAsync(batch, "Completed") == inFlight);
        (await CountsAsync(batch)).ShouldBe($"20 {inFlight} 0 0 {20 - inFlight}");
        (await StateAsync(batch)).ShouldBe("Cancelled");
        (await Db.ScalarAsync<long>("select count(*) from stimuli")).ShouldBe(0);
    }

    [Fact]
    public async Task A_batch_of_a_cancelled_campaign_is_born_without_jobs()
    {
        var work = new TestWork();
        var node = await NodeAsync(work);
        var campaign = await CampaignAsync(5);
        await SetAsync("Cancelled", campaign, node.Get<JobControl>().CancelAsync);
        var batch = await OpenAsync(node, campaign);
        (await CountsAsync(batch)).ShouldBe("0 0 0 0 0");
        (await CountAsync(batch, "Queued")).ShouldBe(0);
    }

    [Fact]
    public async Task A_batch_that_the_cancel_of_its_campaign_did_not_see_ends_cancelled()
    {
        var work = new TestWork();
        var node = await NodeAsync(work);
        var campaign = await CampaignAsync(5);
        await SetAsync("Paused", campaign, node.Get<JobControl>().PauseAsync);
        var batch = await OpenAsync(node, campaign);
        await SetAsync("Cancelled", campaign, (_, _, _, _) => Task.CompletedTask);
        await Eventually.Be(async () => await StateAsync(batch) == "Cancelled");
        (await CountsAsync(batch)).ShouldBe("5 0 0 0 5");
        work.Order.ShouldBeEmpty();
    }

    [Fact]
    public async Task What_a_push_has_begun_goes_on_after_a_cancel_until_it_is_reconciled()
    {
        var first = true;
        var work = new TestWork(_ => first ? new JobOutcome<string>.Again(TimeSpan.FromMinutes(1)) : "reconciled") { Finishes = true, Places = 1 };
        var node = await NodeAsync(work);
        var campaign = await CampaignAsync(1);
        var batch = await OpenAsync(node, campaign);
        await Eventually.Be(async () => await Db.ScalarAsync<long>("select count(*) from jobs where state = 'Queued' and started_at is not null") == 1);
        await SetAsync("Cancelled", campaign, node.Get<JobControl>().CancelAsync);
        first = false;
        await Db.ShiftClockAsync(TimeSpan.FromMinutes(2));
        await Eventually.Be(async () => await CountAsync(batch, "Completed") == 1);
        (await StateAsync(batch)).ShouldBe("Cancelled");
        (await Db.ListAsync<string>("select result from saved")).ShouldBe(["reconciled"]);
    }

    [Fact]
    public async Task A_job_that_would_run_again_ends_with_its_cancelled_campaign()
    {
        var gate = new TaskCompletionSource();
        var work = new TestWork(async (_, _, _) => { await gate.Task; return new JobOutcome<string>.Again(TimeSpan.FromMinutes(1)); });
        var node = await NodeAsync(work);
        var campaign = await CampaignAsync(1);
        var batch = await OpenAsync(node, campaign);
        await Eventually.Be(() => work.Order.Count == 1);
        await SetAsync("Cancelled", campaign, node.Get<JobControl>().CancelAsync);
        gate.SetResult();
        await Eventually.Be(async () => await CountAsync(batch, "Cancelled") == 1);
        (await CountsAsync(batch)).ShouldBe("1 0 0 0 1");
    }

    private async Task SetAsync(string status, Guid campaign, Func<NpgsqlConnection, Guid, Guid, CancellationToken, Task> control)
    {
        await using var connection = await DataSource.OpenConnectionAsync(CancellationToken.None);
        await using var transaction = await connection.BeginTransactionAsync();
        await using (var command = new NpgsqlCommand("update campaigns set status = $1 where id = $2", connection) { Parameters = { new() { Value = status }, new() { Value = campaign } } })
            await command.ExecuteNonQueryAsync();
        await control(connection, Workspace, campaign, default);
        await transaction.CommitAsync();
    }
}
