using LeadSens.Server.Tests.Support;

namespace LeadSens.Server.Tests.Workflows.Triggers;

/// <summary>Times start runs: once in the whole cluster, and once however many were missed.</summary>
public sealed class ScheduleStartTests : TriggerApp
{
    [Fact]
    public async Task A_timer_starts_a_run_per_interval_and_one_for_all_that_were_missed()
    {
        await PublishAsync(Graphs.Line("ticks", Graphs.Trigger("t", "Elsa.Timer", "interval", "01:00:00"), Graphs.WriteLine("w", "x")));
        await Eventually.Be(async () => await DueAsync("ticks") > DateTime.UnixEpoch && await StartedAsync("ticks") == 0);
        await Db.ShiftClockAsync(TimeSpan.FromMinutes(61));
        await Eventually.Be(async () => await FinishedAsync("ticks") == 1);
        await Db.ShiftClockAsync(TimeSpan.FromHours(9));
        await Eventually.Be(async () => await FinishedAsync("ticks") == 2);
        var now = await Db.ScalarAsync<DateTime>("select clock_now()");
        var due = await DueAsync("ticks");
        due.ShouldBeInRange(now, now.AddHours(1), "it keeps its beat");
        (await StartedAsync("ticks")).ShouldBe(2);
    }

    [Fact]
    public async Task With_two_servers_a_cron_trigger_starts_one_run_per_occurrence()
    {
        await using var other = TestApp.Beside(Db);
        await PublishAsync(Graphs.Line("cron", Graphs.Trigger("c", "Elsa.Cron", "cronExpression", "0 0 * * * *")));
        for (var hour = 1; hour <= 4; hour++)
        {
            await Eventually.Be(async () => await DueAsync("cron") > await Db.ScalarAsync<DateTime>("select clock_now()"));
            await Db.ShiftClockAsync(TimeSpan.FromHours(1));
            await Eventually.Be(async () => await FinishedAsync("cron") == hour);
        }
        (await StartedAsync("cron")).ShouldBe(4);
    }

    [Fact]
    public async Task A_moment_starts_one_run_and_one_that_was_over_before_publishing_starts_none()
    {
        var now = await Db.ScalarAsync<DateTime>("select clock_now()");
        await PublishAsync(Graphs.Line("past", Graphs.Trigger("s", "Elsa.StartAt", "dateTime", now.AddHours(-1).ToString("O"))));
        await PublishAsync(Graphs.Line("future", Graphs.Trigger("s", "Elsa.StartAt", "dateTime", now.AddHours(1).ToString("O"))));
        await Db.ShiftClockAsync(TimeSpan.FromHours(2));
        await Eventually.Be(async () => await FinishedAsync("future") == 1);
        await Db.ShiftClockAsync(TimeSpan.FromHours(2));
        await Eventually.Be(async () => await Db.ScalarAsync<long>("select count(*) from workflow_triggers where due_at is not null and definition_id in ('past', 'future')") == 0);
        (await StartedAsync("past")).ShouldBe(0);
        (await StartedAsync("future")).ShouldBe(1);
    }

    [Fact]
    public async Task A_schedule_that_cannot_be_followed_stops_itself_alone_and_says_so()
    {
        await PublishAsync(Graphs.Line("broken", Graphs.Trigger("t", "Elsa.Timer", "interval", "01:00:00"), Graphs.WriteLine("w", "x")));
        await PublishAsync(Graphs.Line("sound", Graphs.Trigger("t", "Elsa.Timer", "interval", "01:00:00"), Graphs.WriteLine("w", "x")));
        await Db.ExecuteAsync("update workflow_triggers set schedule = 'whenever', due_at = clock_now() - interval '1 hour' where definition_id = 'broken'");
        await Eventually.Be(async () => await DueAsync("sound") > DateTime.UnixEpoch);
        await Db.ShiftClockAsync(TimeSpan.FromMinutes(61));
        await Eventually.Be(async () => await FinishedAsync("sound") == 1);
        (await Db.ListAsync<string>("select refused from workflow_starts where definition_id = 'broken'")).ShouldHaveSingleItem().ShouldContain("'whenever' is no schedule");
        (await Db.ScalarAsync<bool>("select due_at is null from workflow_triggers where definition_id = 'broken'")).ShouldBeTrue("it is not looked at again");
    }

    private Task<DateTime> DueAsync(string definition) => Db.ScalarAsync<DateTime>("select due_at from workflow_triggers where definition_id = $1 and due_at > since", definition);
}
