namespace LeadSens.Engine.BuiltIn;

/// <summary>Starts a workflow at the times of a cron expression; inside a run it waits for the next one. Times are UTC.</summary>
[Activity("Elsa", Category = "Scheduling", Description = "Starts the workflow at the times of a cron expression.", Kind = ActivityKind.Trigger)]
public sealed class Cron : Activity
{
    [Input(Description = "Second, minute, hour, day of month, month, day of week (0 and 7 are Sunday). The second may be left out.")]
    public Input<string> CronExpression { get; } = new();

    internal override void Read(ActivityReader reader)
    {
        if (CronExpression.Expression is null && CronText.Check(CronExpression.Constant) is { } problem) reader.Error("cronExpression", $"The cron expression of {Title} is wrong: {problem}");
    }

    /// <inheritdoc/>
    public override ValueTask<ActivityResult> ExecuteAsync(ActivityContext context)
    {
        var burst = (BurstContext)context;
        if (burst.IsTrigger || context.Resumption is not null) return ValueTask.FromResult(Done);
        var text = context.Get(CronExpression);
        if (CronText.Check(text) is { } problem) return ValueTask.FromResult(Fault("WrongCron", $"The cron expression of {Title} is wrong: {problem}"));
        return ValueTask.FromResult(CronText.Next(text!, burst.Now) is { } at ? Clock.WaitUntil(context, at, "ExecuteAt") : Fault("NeverDue", $"The time '{text}' of {Title} never comes."));
    }
}
