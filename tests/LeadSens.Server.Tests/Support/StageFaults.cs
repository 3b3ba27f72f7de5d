using LeadSens.Server.Connections;
using LeadSens.Server.Jobs;
using Microsoft.Extensions.DependencyInjection;

namespace LeadSens.Server.Tests.Support;

/// <summary>What every stage does with every bad answer. A stage's tests inherit this and say what its leads look like.</summary>
public abstract class StageFaults(StageApp stage) : IAsyncLifetime
{
    private protected StageApp Stage { get; } = stage;

    private protected TestApp App => Stage.App;

    private protected TestDatabase Db => Stage.Db;

    private protected TestSandbox Sandbox => Stage.Sandbox;

    private protected abstract string Kind { get; }

    /// <summary>The calls that go wrong; where a stage has several leads, those of one of them.</summary>
    private protected abstract FaultTarget Target { get; }

    /// <summary>Calls at the target when nothing goes wrong.</summary>
    private protected virtual int Calls => 1;

    /// <summary>The call must take effect once: an unanswered one is looked up before it is made again.</summary>
    private protected virtual bool MustNotRepeat => false;

    private protected abstract string Before { get; }

    /// <summary>While the batch waits for a person.</summary>
    private protected virtual string Waiting => Before;

    private protected abstract string Done { get; }

    /// <summary>After the last attempt failed; <c>*</c> stands for the provider's words.</summary>
    private protected abstract string Lost { get; }

    /// <summary>Jobs that fail when the target's calls do.</summary>
    private protected virtual int LostJobs => 1;

    private protected abstract Task<ReviewedCampaign> ArrangeAsync();

    /// <summary>What the target's lead (or, where there is none, its campaign) looks like.</summary>
    private protected virtual Task<string?> StateAsync(ReviewedCampaign campaign) => Db.ScalarAsync<string>("""
        select concat_ws(' ', l.status, nullif(l.enrichment_status, 'None'), coalesce(l.failure, e.failure))
        from leads l left join contact_enrichments e on e.workspace_id = l.workspace_id and e.contact_id = l.contact_id
        where l.campaign_id = $1 and l.last_name = '2'
        """, campaign.Id);

    public async ValueTask InitializeAsync() => await Stage.ResetAsync();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task Without_a_fault_every_call_is_made_once()
    {
        var campaign = await ArrangeAsync();

        await EndsWellAsync(campaign, await OpenAsync(campaign));

        (await CallsAsync()).ShouldBe(Calls);
    }

    [Theory, MemberData(nameof(BadAnswer.Passing), MemberType = typeof(BadAnswer))]
    public async Task An_answer_that_is_bad_once_is_asked_for_again(string fault)
    {
        var answer = BadAnswer.Named(fault);
        var campaign = await ArrangeAsync();
        await Sandbox.FaultsAsync(Target.With(answer, times: 1));

        await EndsWellAsync(campaign, await OpenAsync(campaign));

        (await CallsAsync()).ShouldBe(MustNotRepeat && answer.TakesEffect ? Calls : Calls + 1);
    }

    [Fact]
    public async Task Accounts_that_allow_one_call_at_a_time_are_enough()
    {
        var campaign = await ArrangeAsync();
        await using var one = await Stage.LimitAsync(new(null, Concurrency: 1));

        await EndsWellAsync(campaign, await OpenAsync(campaign));

        (await CallsAsync()).ShouldBe(Calls);
    }

    [Theory, MemberData(nameof(BadAnswer.Lasting), MemberType = typeof(BadAnswer))]
    public async Task A_provider_that_stays_broken_fails_its_job_alone_and_a_new_batch_takes_it_up(string fault)
    {
        var campaign = await ArrangeAsync();
        var before = await StateAsync(campaign);
        await Sandbox.FaultsAsync(Target.With(BadAnswer.Named(fault), times: null));

        var batch = await OpenAsync(campaign);
        var counts = (await App.EndBatchAsync(batch, Patience)).Split(' ');

        before.ShouldBe(Before);
        counts[3].ShouldBe($"{LostJobs}");
        (int.Parse(counts[1]) + LostJobs).ShouldBe(int.Parse(counts[0]));
        (await StateAsync(campaign)).ShouldNotBeNull().ShouldMatch(Pattern(Lost));
        (await Db.ScalarAsync<string>("select failure from batches where id = $1", batch)).ShouldNotBeNull().ShouldContain(Target.Vendor, Case.Insensitive);

        await Sandbox.FaultsAsync();
        await App.ResumeJobsAsync(campaign.Id);
        await EndsWellAsync(campaign, await OpenAsync(campaign));
    }

    [Theory]
    [InlineData(401, "unauthorized")]
    [InlineData(402, "quota_exhausted")]
    [InlineData(403, "unauthorized")]
    public async Task A_refused_account_pauses_the_batch_and_costs_no_lead_its_turn(int status, string reason)
    {
        var campaign = await ArrangeAsync();
        await Sandbox.FaultsAsync(Target.With(BadAnswer.Of(status), times: null));

        var batch = await OpenAsync(campaign);
        await Eventually.Be(async () => await Db.ScalarAsync<string>("select paused_reason from batches where id = $1", batch) == reason && await RestsAsync(batch));
        (await StateAsync(campaign)).ShouldBe(Waiting);
        (await Db.ScalarAsync<string>("select paused_detail from batches where id = $1", batch)).ShouldNotBeNull().ShouldContain($"{status}");
        (await Db.ScalarAsync<long>("select sum(attempts) from jobs where batch_id = $1", batch)).ShouldBe(0);

        await Sandbox.FaultsAsync();
        await App.ResumeJobsAsync(campaign.Id);
        await EndsWellAsync(campaign, batch);
    }

    [Theory]
    [InlineData(null, 1)]
    [InlineData(90, 90)]
    public async Task A_rate_that_is_exceeded_is_waited_for_and_spends_no_attempt(int? retryAfter, double atLeast)
    {
        var campaign = await ArrangeAsync();
        await Sandbox.FaultsAsync(Target.With(BadAnswer.Of(429, retryAfter), times: null));

        var batch = await OpenAsync(campaign);
        await Eventually.Be(() => Db.ScalarAsync<bool>("select exists (select from jobs where batch_id = $1 and state = 'Queued' and failure_kind = 'RateLimited')", batch));
        (await Db.ScalarAsync<double>("select extract(epoch from run_after - started_at)::float8 from jobs where batch_id = $1 and failure_kind is not null", batch))
            .ShouldBeGreaterThanOrEqualTo(atLeast);
        var accounts = App.Services.GetRequiredService<ConfiguredConnections>().All.Select(account => account.AccountKey);
        (await Db.ListAsync<string>("select key from limits where blocked_until is not null")).ShouldBeSubsetOf(accounts);
        await Sandbox.FaultsAsync();
        await EndsWellAsync(campaign, batch);

        (await Target.CallsAsync(Sandbox)).Count(call => call.Fault is null).ShouldBe(Calls);
        (await Db.ScalarAsync<long>("select sum(attempts) from jobs where batch_id = $1", batch)).ShouldBe(0);
    }

    private protected Task<Guid> OpenAsync(ReviewedCampaign campaign) => App.OpenBatchAsync(campaign, Kind);

    private protected async Task<int> CallsAsync() => (await Target.CallsAsync(Sandbox)).Count;

    /// <summary>No job failed, and the target's lead is where the stage takes it.</summary>
    private protected async Task EndsWellAsync(ReviewedCampaign campaign, Guid batch)
    {
        var counts = (await App.EndBatchAsync(batch)).Split(' ');
        counts[1].ShouldBe(counts[0], await Db.ScalarAsync<string>("select failure from batches where id = $1", batch) ?? "nothing failed");
        (await StateAsync(campaign)).ShouldBe(Done);
    }

    /// <summary>A job that a campaign waits for tries for a day: its last attempt comes early here.</summary>
    private int? Patience => App.Services.GetServices<IJobKind>().Single(kind => kind.Kind == Kind).RetrySchedule == JobDefaults.Patient ? JobDefaults.Patient.Count : null;

    private Task<bool> RestsAsync(Guid batch) =>
        Db.ScalarAsync<bool>("select not exists (select from jobs where batch_id = $1 and state = 'Running')", batch);

    private static string Pattern(string text) =>
        $"^{System.Text.RegularExpressions.Regex.Escape(text).Replace("\\*", ".*", StringComparison.Ordinal)}$";
}
