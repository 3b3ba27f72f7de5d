using System.Text.Json.Nodes;

namespace LeadSens.Engine.BuiltIn;

/// <summary>Starts a workflow at the times of a cron expression; inside a run it waits for the next one. Times are UTC.</summary>
[Activity("Elsa", Category = "Scheduling", Description = "Starts the workflow at the times of a cron expression.", Kind = ActivityKind.Trigger)]
public sealed class Cron : TriggerActivity
{
    [Input(Description = "Second, minute, hour, day of month, month, day of week (0 and 7 are Sunday). The second may be left out.")]
    public Input<string> CronExpression { get; } = new();

    internal override void Read(ActivityReader reader)
    {
        if (CronExpression.Expression is null && CronText.Check(CronExpression.Constant) is { } problem) reader.Error("cronExpression", $"The cron expression of {Title} is wrong: {problem}");
    }

    /// <inheritdoc/>
    public override IEnumerable<TriggerRequest> Triggers(TriggerContext context)
    {
        var text = context.Get(CronExpression);
        if (CronText.Check(text) is { } problem) context.Error("cronExpression", $"The cron expression of {Title} is wrong: {problem}");
        else if (CronText.Of(text!).Next(context.Now) is null) context.Error("cronExpression", $"The time '{text}' of {Title} never comes.");
        else return [new TriggerRequest(null, new JsonObject { [nameof(CronExpression)] = text }) { Schedule = TriggerSchedule.Cron(text!) }];
        return [];
    }

    /// <inheritdoc/>
    public override ValueTask<ActivityResult> ExecuteAsync(ActivityContext context)
    {
        if (context.IsTrigger || context.Resumption is not null) return ValueTask.FromResult(Done);
        var text = context.Get(CronExpression);
        if (CronText.Check(text) is { } problem) return ValueTask.FromResult(Fault("WrongCron", $"The cron expression of {Title} is wrong: {problem}"));
        return ValueTask.FromResult(CronText.Of(text!).Next(((BurstContext)context).Now) is { } at ? Clock.WaitUntil(context, at, "ExecuteAt") : Fault("NeverDue", $"The time '{text}' of {Title} never comes."));
    }
}
