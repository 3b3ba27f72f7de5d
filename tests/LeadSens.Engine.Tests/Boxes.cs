using System.Text.Json;

namespace LeadSens.Engine.Tests;

/// <summary>Ends with Done, and keeps what it was given.</summary>
[Activity("Test")]
public sealed class Step : Activity
{
    public Input<object> In { get; } = new();
    public Output<object> Result { get; } = new();

    public override ValueTask<ActivityResult> ExecuteAsync(ActivityContext context)
    {
        if (context.Get(In) is { } value) context.Set(Result, value);
        return ValueTask.FromResult(Done);
    }
}

/// <summary>Waits for the directed stimulus of its key, then ends with the outcome that the payload names.</summary>
[Activity("Test", Outcomes = ["Done", "Again", "Left", "Right", "Both"])]
public sealed class Pause : Activity
{
    public Input<string> Key { get; } = new("go");
    public Output<JsonElement> Payload { get; } = new();

    public override ValueTask<ActivityResult> ExecuteAsync(ActivityContext context)
    {
        if (context.Resumption is not { } resumption) return ValueTask.FromResult(WaitFor(new BookmarkRequest("wait", context.Get(Key)!) { WaitsFor = "a test" }));
        context.Set(Payload, resumption.Payload);
        var outcome = resumption.Payload.ValueKind == JsonValueKind.String ? resumption.Payload.GetString()! : "Done";
        return ValueTask.FromResult(outcome == "Both" ? Complete("Left", "Right") : Complete(outcome));
    }
}

/// <summary>Waits for a decision or for its time.</summary>
[Activity("Test", Outcomes = ["Decided", "TimedOut"])]
public sealed class Decide : Activity
{
    public override ValueTask<ActivityResult> ExecuteAsync(ActivityContext context) => ValueTask.FromResult(context.ResumedBookmark switch
    {
        null => WaitFor(new BookmarkRequest("decision", "decide"), new BookmarkRequest("timeout", $"timer:{context.ExecutionId}") { DueIn = TimeSpan.FromHours(1) }),
        "decision" => Complete("Decided"),
        _ => Complete("TimedOut"),
    });
}

/// <summary>Throws as long as the test says so.</summary>
[Activity("Test")]
public sealed class Fragile : Activity
{
    public override ValueTask<ActivityResult> ExecuteAsync(ActivityContext context)
    {
        var health = context.Service<Health>();
        context.Enlist(new Written(health));
        if (health.Broken) throw new InvalidOperationException("broken");
        return ValueTask.FromResult(Done);
    }
}

/// <summary>What the fragile box asks.</summary>
public sealed class Health
{
    public bool Broken { get; set; } = true;

    public int Written { get; set; }
}

/// <summary>A write that counts its commits.</summary>
public sealed class Written(Health health) : CommitWrite
{
    public override void Committed() => health.Written++;
}

/// <summary>Ends with Again for the given number of times, then with Done.</summary>
[Activity("Test", Outcomes = ["Again", "Done"])]
public sealed class Rounds : Activity
{
    public Input<int> Times { get; } = new(2);
    public Output<int> Count { get; } = new();
    public Input<int> Before { get; } = new(0);

    public override ValueTask<ActivityResult> ExecuteAsync(ActivityContext context)
    {
        var count = context.Get(Before) + 1;
        context.Set(Count, count);
        return ValueTask.FromResult(count <= context.Get(Times) ? Complete("Again") : Complete("Done"));
    }
}

/// <summary>Stops the host while it runs, the first time.</summary>
[Activity("Test")]
public sealed class Stop : Activity
{
    public override async ValueTask<ActivityResult> ExecuteAsync(ActivityContext context)
    {
        var shutdown = context.Service<CancellationTokenSource>();
        if (shutdown.IsCancellationRequested) return Done;
        await shutdown.CancelAsync();
        throw new OperationCanceledException();
    }
}

/// <summary>Takes as long as it is told, by the test's clock.</summary>
[Activity("Test")]
public sealed class Slow : Activity
{
    public Input<TimeSpan> Takes { get; } = new(TimeSpan.FromSeconds(1));

    public override ValueTask<ActivityResult> ExecuteAsync(ActivityContext context)
    {
        context.Service<ManualTime>().Pass(context.Get(Takes));
        return ValueTask.FromResult(Done);
    }
}

/// <summary>The same, of somebody outside.</summary>
[Activity("Test")]
public sealed class SlowOutside : Activity
{
    public Input<TimeSpan> Takes { get; } = new(TimeSpan.FromSeconds(1));

    internal override bool ActsOutside => true;

    public override ValueTask<ActivityResult> ExecuteAsync(ActivityContext context)
    {
        context.Service<ManualTime>().Pass(context.Get(Takes));
        return ValueTask.FromResult(Done);
    }
}

/// <summary>Does what a test needs done in the middle of a burst.</summary>
[Activity("Test", Outcomes = ["Done", "Other"])]
public sealed class Call : Activity
{
    public Input<string> Text { get; } = new();
    public Output<object> Result { get; } = new();
    public Output<object> Second { get; } = new();

    public override async ValueTask<ActivityResult> ExecuteAsync(ActivityContext context) => await context.Service<Callback>().Run(context, this);

    public static ActivityResult Ends(params string[] outcomes) => Complete(outcomes);

    public static ActivityResult Waits(params BookmarkRequest[] bookmarks) => WaitFor(bookmarks);
}

/// <summary>What the box that calls runs.</summary>
public sealed record Callback(Func<ActivityContext, Call, Task<ActivityResult>> Run)
{
    public static Callback Of(Func<ActivityContext, Call, ActivityResult> run) => new((context, box) => Task.FromResult(run(context, box)));
}

/// <summary>Does something that a crash would repeat.</summary>
[Activity("Test")]
public sealed class Outside : Activity
{
    internal override bool ActsOutside => true;

    public override async ValueTask<ActivityResult> ExecuteAsync(ActivityContext context)
    {
        await context.Service<Act>().Do(Id, context.ExecutionId);
        return Done;
    }
}

/// <summary>What the box that acts outside does.</summary>
public sealed record Act(Func<string, Guid, Task> Do);

/// <summary>Runs one box and breaks when that has ended.</summary>
[Activity("Test")]
public sealed class Careless : Container
{
    private Activity? _child;

    internal override IEnumerable<Activity> Children => [_child!];

    internal override void Read(ActivityReader reader) => _child = reader.ReadChild("activity");

    internal override IReadOnlyList<string>? Begin(Burst burst, Execution self)
    {
        burst.Schedule(_child!, self);
        return null;
    }

    internal override IReadOnlyList<string>? ChildEnded(Burst burst, Execution self, Activity child, IReadOnlyList<string> outcomes) =>
        throw new InvalidOperationException("cannot go on");
}
