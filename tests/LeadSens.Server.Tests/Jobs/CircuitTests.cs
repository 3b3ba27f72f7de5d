using LeadSens.Server.Jobs;
using LeadSens.Server.Tests.Support;

namespace LeadSens.Server.Tests.Jobs;

public sealed class CircuitTests : JobsTest
{
    private static readonly LimitCost[] Account = [new("acme:account", 1)];

    [Fact]
    public async Task A_provider_that_is_down_pauses_the_batch_and_comes_back_by_itself()
    {
        var down = true;
        var work = new TestWork(_ => down ? Failure(ProviderFailureKind.Unavailable) : "done") { Costs = Account };
        var node = await NodeAsync(work);
        var batch = await OpenAsync(node, await CampaignAsync(200));
        await Eventually.Be(async () => await PausedAsync(batch) == PauseReason.CircuitOpen);
        (await Db.ScalarAsync<string>("select paused_detail from batches")).ShouldBe("acme answered Unavailable");
        (await Db.ScalarAsync<bool>("select paused_until is not null from batches")).ShouldBeTrue();
        // A probe that fails keeps it open, for longer.
        var trips = await Db.ScalarAsync<int>("select circuit_trips from limits");
        await Db.ShiftClockAsync(TimeSpan.FromMinutes(2));
        await Eventually.Be(async () => await Db.ScalarAsync<int>("select circuit_trips from limits") > trips);
        (await Db.ScalarAsync<long>("select sum(attempts) from jobs")).ShouldBeLessThan(20);

        down = false;
        await Db.ShiftClockAsync(TimeSpan.FromMinutes(2));
        await Eventually.Be(async () => await PausedAsync(batch) is null);
        await Db.ShiftClockAsync(TimeSpan.FromMinutes(2));
        await CompletedAsync(batch);
        (await CountsAsync(batch)).ShouldBe("200 200 0 0 0");
    }

    [Fact]
    public async Task Whoever_has_not_heard_of_an_open_circuit_lets_nothing_go_on()
    {
        var down = true;
        var work = new TestWork(_ => down ? Failure(ProviderFailureKind.Unavailable) : "done") { Costs = Account };
        var node = await NodeAsync(work);
        var batch = await OpenAsync(node, await CampaignAsync(20));
        await Eventually.Be(async () => await PausedAsync(batch) == PauseReason.CircuitOpen);

        await node.Get<AccountHealth>().ResumeAsync(Account[0].Key, CancellationToken.None);

        (await PausedAsync(batch)).ShouldBe(PauseReason.CircuitOpen);
        down = false;
        await node.Get<AccountHealth>().CloseAsync(Account[0].Key, CancellationToken.None);
        await Db.ShiftClockAsync(TimeSpan.FromMinutes(2));
        await CompletedAsync(batch);
    }

    [Fact]
    public async Task Failures_with_successes_between_open_no_circuit()
    {
        var count = 0;
        var work = new TestWork(job => job.Attempt == 1 && Interlocked.Increment(ref count) % 2 == 0 ? Failure(ProviderFailureKind.Unavailable) : "done")
        {
            Costs = Account,
            Schedule = [TimeSpan.FromMilliseconds(1)],
            Places = 1,
        };
        var batch = await OpenAsync(await NodeAsync(work), await CampaignAsync(40));
        await CompletedAsync(batch);
        (await CountsAsync(batch)).ShouldBe("40 40 0 0 0");
        (await Db.ScalarAsync<long>("select count(*) from limits")).ShouldBe(0);
    }

    [Theory]
    [InlineData("QuotaExhausted", PauseReason.QuotaExhausted)]
    [InlineData("Unauthorized", PauseReason.Unauthorized)]
    public async Task A_refused_account_pauses_the_batch_until_a_person_resumes(string kind, string reason)
    {
        var refused = true;
        var work = new TestWork(_ => refused ? Failure(Enum.Parse<ProviderFailureKind>(kind)) : "done") { Costs = Account };
        var node = await NodeAsync(work);
        var campaign = await CampaignAsync(50);
        var batch = await OpenAsync(node, campaign);
        await Eventually.Be(async () => await PausedAsync(batch) == reason && await CountAsync(batch, "Queued") == 50);
        (await Db.ScalarAsync<long>("select sum(attempts) from jobs")).ShouldBe(0);
        refused = false;
        await using var connection = await DataSource.OpenConnectionAsync(CancellationToken.None);
        await node.Get<JobControl>().ResumeAsync(connection, Workspace, campaign);
        node.Get<JobControl>().Wake();
        await CompletedAsync(batch);
    }
}
