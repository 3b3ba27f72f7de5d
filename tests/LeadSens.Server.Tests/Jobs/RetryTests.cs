using System.Text.Json;
using System.Text.RegularExpressions;
using LeadSens.Server.Jobs;
using LeadSens.Server.Tests.Support;

namespace LeadSens.Server.Tests.Jobs;

public sealed class RetryTests : JobsTest
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task A_job_with_which_nodes_died_three_times_is_not_tried_again()
    {
        var work = new TestWork();
        var node = await NodeAsync(work);
        var batch = await OpenAsync(node, await CampaignAsync(leads: 2));
        await CompletedAsync(batch);
        // Both are as dead nodes leave them: one was on trial and dies the third time, the other waited beside it.
        await Db.ExecuteAsync("insert into nodes (id, advisory_key) values ('00000000-0000-0000-0000-00000000dead', 4242)");
        await Db.ExecuteAsync("update batches set state = 'Running', is_open = true, completed = 0, completed_at = null where id = $1", batch);
        await Db.ExecuteAsync("""
            update jobs set state = 'Running', ended_at = null, deaths = 2, on_trial = seq = (select min(seq) from jobs where batch_id = $1), claim_token = gen_random_uuid(),
                node_id = '00000000-0000-0000-0000-00000000dead', lease_until = clock_now() + interval '1 hour' where batch_id = $1
            """, batch);
        await CompletedAsync(batch);
        (await CountsAsync(batch)).ShouldBe("2 1 0 1 0");
        (await Db.ScalarAsync<string>("select failure_kind || ': ' || failure from jobs where batch_id = $1 and state = 'Failed'", batch)).ShouldNotBeNull().ShouldStartWith("NodeDied: The Server died 3 times");
        work.Runs.Values.Sum().ShouldBe(3, "the deadly one did not run again");
        (await Db.ScalarAsync<bool>("select on_trial from jobs where batch_id = $1 and state = 'Completed'", batch)).ShouldBeTrue("its next death would have been its own");
    }

    [Fact]
    public async Task A_schedule_is_kept_by_the_databases_clock_and_then_used_up()
    {
        var work = new TestWork(_ => Failure(ProviderFailureKind.Unavailable)) { Schedule = [Minute, 5 * Minute, 15 * Minute] };
        var batch = await OpenAsync(await NodeAsync(work), await CampaignAsync(1));
        foreach (var (attempts, wait) in new[] { (1, 1), (2, 5), (3, 15) })
        {
            await Eventually.Be(async () => await Db.ScalarAsync<int>("select attempts from jobs where state = 'Queued'") == attempts);
            var due = await Db.ScalarAsync<double>("select extract(epoch from run_after - clock_now())::double precision from jobs");
            due.ShouldBeInRange((wait * 60) - 20, wait * 60);
            await Db.ShiftClockAsync(wait * Minute);
        }

        await CompletedAsync(batch);
        work.Order.Count.ShouldBe(4);
        (await CountsAsync(batch)).ShouldBe("1 0 0 1 0");
        (await Db.ListAsync<string>("select result from saved")).ShouldBe(["acme answered Unavailable"]);
    }

    [Fact]
    public async Task What_a_campaign_waits_for_goes_on_seconds_after_an_outage()
    {
        var away = true;
        var work = new TestWork(_ => away ? Failure(ProviderFailureKind.Unavailable) : "done") { Schedule = JobDefaults.Patient };
        var batch = await OpenAsync(await NodeAsync(work, ("Jobs:CircuitFailures", "1000")), await CampaignAsync(1));
        for (var attempts = 1; attempts <= 5; attempts++)
        {
            await Eventually.Be(async () => await Db.ScalarAsync<int>("select attempts from jobs where state = 'Queued'") == attempts);
            (await Db.ScalarAsync<double>("select extract(epoch from run_after - clock_now())::float8 from jobs")).ShouldBeLessThan(7);
            if (attempts == 5) away = false;
            await Db.ShiftClockAsync(attempts < 5 ? TimeSpan.FromSeconds(30) : TimeSpan.FromSeconds(7));
        }

        await CompletedAsync(batch);
        JobDefaults.Patient.Sum(wait => wait.TotalHours).ShouldBeInRange(23, 25);
    }

    [Fact]
    public async Task Progress_gives_a_job_all_its_attempts_again()
    {
        var pages = 0;
        var work = new TestWork((job, progress, _) =>
        {
            if (++pages == 6) return Task.FromResult<JobOutcome<string>>("done");
            progress.Checkpoint(JsonSerializer.SerializeToElement(pages));
            return Task.FromResult<JobOutcome<string>>(Failure(ProviderFailureKind.Unavailable));
        }) { Schedule = [TimeSpan.FromMilliseconds(10), TimeSpan.FromMilliseconds(10)] };
        var batch = await OpenAsync(await NodeAsync(work, ("Jobs:CircuitFailures", "1000")), await CampaignAsync(1));

        await CompletedAsync(batch);
        (await CountsAsync(batch)).ShouldBe("1 1 0 0 0");
    }

    /// <summary>An error of the job must not look like a database that is away: the job would be run, and paid for, again.</summary>
    [Theory]
    [InlineData(typeof(RegexMatchTimeoutException))]
    [InlineData(typeof(TimeoutException))]
    [InlineData(typeof(IOException))]
    [InlineData(typeof(ObjectDisposedException))]
    public async Task A_time_out_of_the_jobs_own_is_an_error_and_runs_it_once(Type error)
    {
        var work = new TestWork(_ => throw (error == typeof(ObjectDisposedException) ? new ObjectDisposedException("mine") : (Exception)Activator.CreateInstance(error)!));
        var batch = await OpenAsync(await NodeAsync(work), await CampaignAsync(1));

        await CompletedAsync(batch);
        (await CountsAsync(batch)).ShouldBe("1 0 0 1 0");
        work.Order.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Retry_After_beats_our_own_schedule()
    {
        var work = new TestWork(_ => Failure(ProviderFailureKind.Unavailable, TimeSpan.FromHours(1)));
        await OpenAsync(await NodeAsync(work), await CampaignAsync(1));
        await Eventually.Be(async () => await Db.ScalarAsync<double>("select extract(epoch from run_after - clock_now())::double precision from jobs where attempts = 1") > 3500);
    }

    [Fact]
    public async Task A_429_holds_the_whole_account_back_and_spends_no_attempt()
    {
        var limited = true;
        var work = new TestWork(_ => limited ? Failure(ProviderFailureKind.RateLimited, TimeSpan.FromMinutes(10)) : "done")
        {
            Places = 1,
            Costs = [new("acme:account", 1)],
        };
        var node = await NodeAsync(work);
        var batch = await OpenAsync(node, await CampaignAsync(3));
        await Eventually.Be(async () => await Db.ScalarAsync<double>("select extract(epoch from blocked_until - clock_now())::double precision from limits where key = 'acme:account'") > 500);
        await Eventually.Be(async () => await CountAsync(batch, "Queued") == 3);
        work.Order.Count.ShouldBe(1);
        limited = false;
        await Db.ShiftClockAsync(TimeSpan.FromMinutes(11));
        await CompletedAsync(batch);
        (await Db.ScalarAsync<long>("select sum(attempts) from jobs")).ShouldBe(0);
    }

    [Fact]
    public async Task A_penalty_that_is_over_by_the_databases_clock_holds_nobody_back()
    {
        var work = new TestWork { Costs = [new("acme:account", 1)] };
        var node = await NodeAsync(work);
        await node.Get<Limits>().PenaliseAsync("acme:account", TimeSpan.FromMinutes(10), default);
        await Db.ShiftClockAsync(TimeSpan.FromMinutes(11));
        await CompletedAsync(await OpenAsync(node, await CampaignAsync(3)));
    }

    [Fact]
    public async Task Running_again_later_spends_no_attempt()
    {
        var work = new TestWork(job => job.Attempt > 1 ? Failure(ProviderFailureKind.Invalid) : new JobOutcome<string>.Again(Minute));
        var batch = await OpenAsync(await NodeAsync(work), await CampaignAsync(1));
        for (var runs = 1; runs <= 3; runs++)
        {
            await Eventually.Be(async () => work.Order.Count == runs && await CountAsync(batch, "Queued") == 1);
            await Db.ShiftClockAsync(2 * Minute);
        }

        await Eventually.Be(() => work.Order.Count > 3);
        (await Db.ScalarAsync<int>("select attempts from jobs")).ShouldBe(0);
    }

    [Fact]
    public async Task A_job_that_loses_the_database_runs_again_and_spends_no_attempt()
    {
        var lost = 0;
        var work = new TestWork(async (_, _, _) =>
        {
            if (Interlocked.Increment(ref lost) <= 2) await Db.ExecuteAsync("select pg_terminate_backend(pg_backend_pid())");
            return "done";
        });
        var batch = await OpenAsync(await NodeAsync(work), await CampaignAsync(1));
        await CompletedAsync(batch);
        (await CountsAsync(batch)).ShouldBe("1 1 0 0 0");
        (await Db.ScalarAsync<long>("select sum(attempts) from jobs")).ShouldBe(0);
    }

    [Fact]
    public async Task The_next_attempt_sees_the_checkpoint()
    {
        var work = new TestWork((job, progress, _) =>
        {
            if (job.Checkpoint.ValueKind == JsonValueKind.Undefined)
            {
                progress.Checkpoint(JsonElement.Parse("""{"scraped":"old"}"""));
                progress.Checkpoint(JsonElement.Parse("""{"scraped":"page"}"""));
                return Task.FromResult<JobOutcome<string>>(new JobOutcome<string>.Again(TimeSpan.Zero));
            }

            return Task.FromResult<JobOutcome<string>>(job.Checkpoint.GetProperty("scraped").GetString()!);
        });
        await CompletedAsync(await OpenAsync(await NodeAsync(work), await CampaignAsync(3)));
        (await Db.ListAsync<string>("select result from saved")).ShouldBe(["page", "page", "page"]);
    }

    [Fact]
    public async Task A_checkpoint_is_durable_while_its_job_still_runs()
    {
        var gate = new TaskCompletionSource();
        var work = new TestWork(async (_, progress, _) =>
        {
            progress.Checkpoint(JsonElement.Parse("{}"));
            await gate.Task;
            return "done";
        });
        var batch = await OpenAsync(await NodeAsync(work), await CampaignAsync(1));
        await Eventually.Be(async () => await Db.ScalarAsync<long>("select count(*) from jobs where checkpoint is not null and state = 'Running'") == 1);
        gate.SetResult();
        await CompletedAsync(batch);
    }
}
