using System.Text.Json.Nodes;

namespace LeadSens.Engine.BuiltIn;

/// <summary>Waits for a span of time.</summary>
[Activity("Elsa", Category = "Scheduling", Description = "Waits for a span of time.")]
public sealed class Delay : Activity
{
    [Input(Description = "How long: [days.]hours:minutes:seconds.")]
    public Input<TimeSpan> TimeSpan { get; } = new(System.TimeSpan.FromMinutes(1));

    /// <inheritdoc/>
    public override ValueTask<ActivityResult> ExecuteAsync(ActivityContext context) => ValueTask.FromResult(Clock.WaitUntil(context, ((BurstContext)context).Now + context.Get(TimeSpan), "ResumeAt"));
}

/// <summary>Starts a workflow again and again; inside a run it waits for its interval once.</summary>
[Activity("Elsa", Category = "Scheduling", Description = "Starts the workflow at an interval.", Kind = ActivityKind.Trigger)]
public sealed class Timer : TriggerActivity
{
    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(1);

    [Input(Description = "The interval: [days.]hours:minutes:seconds.")]
    public Input<TimeSpan> Interval { get; } = new(TimeSpan.FromMinutes(1));

    /// <inheritdoc/>
    public override IEnumerable<TriggerRequest> Triggers(TriggerContext context)
    {
        var interval = context.Get(Interval);
        if (interval >= Shortest) return [new TriggerRequest(null, new JsonObject { [nameof(Interval)] = interval.ToString() }) { Schedule = TriggerSchedule.Every(interval) }];
        context.Error("interval", $"The {Title} starts the workflow every {interval}. The shortest interval is a second.");
        return [];
    }

    /// <inheritdoc/>
    public override ValueTask<ActivityResult> ExecuteAsync(ActivityContext context) =>
        ValueTask.FromResult(context.IsTrigger ? Done : Clock.WaitUntil(context, ((BurstContext)context).Now + context.Get(Interval), "ResumeAt"));
}

/// <summary>Starts a workflow at a moment; inside a run it waits for that moment, not at all when it has passed.</summary>
[Activity("Elsa", Category = "Scheduling", DisplayName = "Start At", Description = "Starts the workflow at a moment.", Kind = ActivityKind.Trigger)]
public sealed class StartAt : TriggerActivity
{
    [Input(Description = "When.")]
    public Input<DateTimeOffset> DateTime { get; } = new();

    /// <inheritdoc/>
    public override IEnumerable<TriggerRequest> Triggers(TriggerContext context)
    {
        var at = context.Get(DateTime);
        if (at != default) return [new TriggerRequest(null, new JsonObject { [nameof(DateTime)] = at }) { Schedule = TriggerSchedule.At(at) }];
        context.Error("dateTime", $"The {Title} starts the workflow, but says not when.");
        return [];
    }

    /// <inheritdoc/>
    public override ValueTask<ActivityResult> ExecuteAsync(ActivityContext context)
    {
        var at = context.Get(DateTime);
        return ValueTask.FromResult(context.IsTrigger || at <= ((BurstContext)context).Now ? Done : Clock.WaitUntil(context, at, "ExecuteAt"));
    }
}

/// <summary>Waits of boxes that only wait for a time.</summary>
internal static class Clock
{
    /// <summary>Waits until a moment; when it has come the box ends with Done. The database's clock measures the span that is left.</summary>
    public static ActivityResult WaitUntil(ActivityContext context, DateTimeOffset at, string name)
    {
        if (context.Resumption is not null) return new ActivityResult.Completed(Container.DoneOutcome);
        var left = at - ((BurstContext)context).Now;
        var payload = new JsonObject { [name] = at };
        return new ActivityResult.Waiting([new BookmarkRequest("timer", $"timer:{context.ExecutionId}", payload) { DueIn = left > TimeSpan.Zero ? left : TimeSpan.Zero, WaitsFor = $"{at:u}" }]);
    }
}
