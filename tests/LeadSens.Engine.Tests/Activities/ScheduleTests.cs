using static LeadSens.Engine.Tests.Activities.Trip;

namespace LeadSens.Engine.Tests.Activities;

/// <summary>Boxes that wait for a time. The clock of the tests stands at Friday, 20 November 2026, 12:00 UTC.</summary>
public sealed class ScheduleTests
{
    [Theory]
    [InlineData("Delay", "timeSpan", "00:10:00", 10)]
    [InlineData("Delay", null, null, 1)]
    [InlineData("Timer", "interval", "1.00:00:00", 1440)]
    [InlineData("Timer", null, null, 1)]
    [InlineData("StartAt", "dateTime", "2026-11-20T13:00:00+00:00", 60)]
    [InlineData("Cron", "cronExpression", "0 0 15 * * *", 180)]
    [InlineData("Cron", "cronExpression", "30 15 * * *", 210)]
    public async Task A_box_goes_on_when_its_time_has_come(string type, string? input, string? value, int minutes)
    {
        var box = input is null ? Box("t", type) : Box("t", type, (input, Flow.Literal(value)));
        var engine = new Engine(new Flow().Box("before").Box(box).Connect("before->t t->after").Box("after"));
        var run = await engine.StartAsync();
        run.SubStatus.ShouldBe(WorkflowSubStatus.Suspended);
        var bookmark = engine.Store.Bookmarks(engine.Id).ShouldHaveSingleItem();
        bookmark.DueIn.ShouldBe(TimeSpan.FromMinutes(minutes));
        bookmark.Payload.ShouldNotBeNull().ShouldContain("2026-11-2");
        engine.Time.Pass(TimeSpan.FromMinutes(minutes) - TimeSpan.FromSeconds(1));
        (await engine.Store.FireDueAsync(10, default)).ShouldBe(0);
        engine.Time.Pass(TimeSpan.FromSeconds(1));
        (await engine.Store.FireDueAsync(10, default)).ShouldBe(1);
        (await engine.RunAsync()).SubStatus.ShouldBe(WorkflowSubStatus.Finished);
        engine.Path.ShouldBe("before t after");
    }

    [Theory]
    [InlineData("Timer", "interval", "00:10:00")]
    [InlineData("StartAt", "dateTime", "2030-01-01T00:00:00Z")]
    [InlineData("Cron", "cronExpression", "0 0 * * *")]
    public async Task A_box_that_started_the_run_does_not_wait(string type, string input, string value)
    {
        var engine = new Engine(new Flow().Box(Box("t", type, (input, Flow.Literal(value)))).Box("after").Connect("t->after"));
        (await engine.StartAsync(trigger: "t")).SubStatus.ShouldBe(WorkflowSubStatus.Finished);
        engine.Path.ShouldBe("t after");
    }

    [Fact]
    public async Task A_moment_that_has_passed_is_not_waited_for()
    {
        var engine = new Engine(new Flow().Box(Box("t", "StartAt", ("dateTime", Flow.Literal("2026-11-20T11:59:59Z")))));
        (await engine.StartAsync()).SubStatus.ShouldBe(WorkflowSubStatus.Finished);
    }

    [Fact]
    public async Task Each_round_of_a_loop_waits_for_itself()
    {
        var body = Sequence("body", Box("t", "Delay", ("timeSpan", Flow.Js("'00:0' + getVariable('CurrentValue') + ':00'"))), Visit("a", "getVariable('CurrentValue')"));
        var trip = new Trip(false, Workflow(Box("loop", "ParallelForEach", ("items", Flow.Js("[3,1,2]")), ("body", body))));
        (await trip.RunAsync()).SubStatus.ShouldBe(WorkflowSubStatus.Finished);
        trip.Path.ShouldBe("a=1 a=2 a=3");
    }

    [Theory]
    [InlineData("every day")]
    [InlineData("61 * * * *")]
    [InlineData("* * *")]
    [InlineData("")]
    [InlineData("0 0 12 13 * FRI")]
    public void A_wrong_cron_expression_is_an_error_of_the_definition(string text)
    {
        var error = new Flow().Box(Box("nightly", "Cron", ("cronExpression", Flow.Literal(text)))).Read().Errors.ShouldHaveSingleItem();
        (error.ActivityId, error.Path).ShouldBe(("nightly", "cronExpression"));
        error.Message.ShouldContain("nightly");
    }

    [Theory]
    [InlineData("'nonsense'", "WrongCron")]
    [InlineData("'0 0 0 30 2 *'", "NeverDue")]
    public async Task A_cron_expression_that_is_computed_is_checked_when_it_is_there(string script, string type)
    {
        var engine = new Engine(new Flow().Box(Box("t", "Cron", ("cronExpression", Flow.Js(script)))));
        (await engine.StartAsync()).Incidents.ShouldHaveSingleItem().Fault.Type.ShouldBe(type);
    }

    [Theory]
    [InlineData("*/5 * * * *", "2026-11-20T12:05:00Z")]
    [InlineData("*/5 * * * * *", "2026-11-20T12:00:05Z")]
    [InlineData("0 9 * * 1-5", "2026-11-23T09:00:00Z")]
    [InlineData("0 9 * * 0", "2026-11-22T09:00:00Z")]
    [InlineData("0 9 * * 7", "2026-11-22T09:00:00Z")]
    [InlineData("0 9 * * MON,WED", "2026-11-23T09:00:00Z")]
    [InlineData("0 9 ? * 1", "2026-11-23T09:00:00Z")]
    [InlineData("0 9 13 * ?", "2026-12-13T09:00:00Z")]
    [InlineData("0 9 L * *", "2026-11-30T09:00:00Z")]
    [InlineData("0 9 * * 5#2", "2026-12-11T09:00:00Z")]
    [InlineData("0 0 1 1 *", "2027-01-01T00:00:00Z")]
    public void Cron_text_means_what_it_means_in_elsa(string text, string next) =>
        LeadSens.Engine.BuiltIn.CronText.Of(text).Next(new DateTimeOffset(2026, 11, 20, 12, 0, 0, TimeSpan.Zero)).ShouldBe(DateTimeOffset.Parse(next, System.Globalization.CultureInfo.InvariantCulture));
}
