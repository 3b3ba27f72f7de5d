using System.Text.Json;
using System.Text.Json.Nodes;

namespace LeadSens.Engine.BuiltIn;

/// <summary>Starts a workflow for each item of a list and waits until all have ended, however they ended. One bookmark waits for all of them;
/// only their number is kept.</summary>
[Activity("Elsa", Category = "Composition", DisplayName = "Bulk Dispatch Workflows", Description = "Starts a workflow for each item.", Kind = ActivityKind.Task, Outcomes = ["Completed", "Canceled", "Done"])]
public sealed class BulkDispatchWorkflows : Container
{
    private const int Started = 0;
    private const int Ended = 1;

    private readonly Variable _child;
    private Expression? _correlation;

    public BulkDispatchWorkflows() => _child = new Variable("@ChildInstanceId", "ChildInstanceId", ValueKind.Of("String"), null, this) { IsPerChild = true };

    [Input(DisplayName = "Workflow Definition", Description = "The workflow, of which the published version is run.", UiHint = "workflow-definition-picker")]
    public Input<string> WorkflowDefinitionId { get; } = new();

    [Input(Description = "One instance is started for each. An object holds inputs by name.", UiHint = "singleline", DefaultSyntax = "JavaScript", Order = 1)]
    public Input<object> Items { get; } = new();

    [Input(Description = "The input that takes an item which is no object.", Order = 2)]
    public Input<string> DefaultItemInputKey { get; } = new("Item");

    [Input(DisplayName = "Correlation ID Function", Description = "Evaluated for each item, which it sees under the name above.", DefaultSyntax = "JavaScript", Order = 3)]
    public Input<string> CorrelationIdFunction { get; } = new();

    [Input(Description = "More inputs, the same for all.", UiHint = "dictionary", DefaultSyntax = "Object", Order = 4)]
    public Input<JsonObject> Input { get; } = new();

    [Input(Description = "Wait until all have ended.", Order = 5)]
    public Input<bool> WaitForCompletion { get; } = new(true);

    [Input(Description = "Begin a new trace.", Category = "Open Telemetry", Order = 6)]
    public Input<bool> StartNewTrace { get; } = new();

    [Input(DisplayName = "Channel", Description = "Has no effect: every node may run the instances.", Order = 7)]
    public Input<string> ChannelName { get; } = new();

    public Activity? ChildCompleted { get; private set; }

    public Activity? ChildFaulted { get; private set; }

    internal override bool IsExecuted => true;

    internal override IEnumerable<Activity> Children => new[] { ChildCompleted, ChildFaulted }.OfType<Activity>();

    internal override void Read(ActivityReader reader)
    {
        Variables = [.. Variables, _child];
        (ChildCompleted, ChildFaulted) = (reader.ReadChild("childCompleted"), reader.ReadChild("childFaulted"));
        _correlation = CorrelationIdFunction.Expression;
        if (_correlation is ScriptExpression script && ScriptSource.Check($"var {DefaultItemInputKey.Constant};") is null)
            reader.Reading.Scripts.Add((ScriptExpression)(_correlation = new ScriptExpression($"var {DefaultItemInputKey.Constant} = getVariable('{DefaultItemInputKey.Constant}');\n{script.Source}")));
        Evaluated = [.. Evaluated.Where(input => input != CorrelationIdFunction)];
    }

    /// <inheritdoc/>
    public override async ValueTask<ActivityResult> ExecuteAsync(ActivityContext context)
    {
        var burst = (BurstContext)context;
        return context.Resumption is { } resumption ? Took(burst, resumption.Payload) : await StartAsync(burst);
    }

    internal override IReadOnlyList<string>? Begin(Burst burst, Execution self) => throw new InvalidOperationException("It is executed.");

    internal override IReadOnlyList<string>? ChildEnded(Burst burst, Execution self, Activity child, IReadOnlyList<string> outcomes) => AllEnded(self) ? CompletedOutcomes : null;

    private static IReadOnlyList<string> CompletedOutcomes { get; } = ["Completed", "Done"];

    private static bool AllEnded(Execution self) => self.Data![Ended] >= self.Data[Started] && self.Children == 0;

    private async ValueTask<ActivityResult> StartAsync(BurstContext context)
    {
        var items = ItemList.Of(context.Get(Items), this);
        var (count, waits) = (items.GetArrayLength(), context.Get(WaitForCompletion));
        if (count == 0) return Done;
        var starter = await ChildStarter.ForAsync(context, context.Get(WorkflowDefinitionId), count);
        var key = $"children:{context.ExecutionId}";
        starter.AddEach(items, context.Get(DefaultItemInputKey) ?? "Item", context.Get(Input), _correlation, waits ? new ParentLink(key) : null);
        if (!waits) return Done;
        context.Scope.Current.Data = [count, 0];
        return WaitFor(new BookmarkRequest("children", key) { Stays = true, WaitsFor = $"{count} workflows '{context.Get(WorkflowDefinitionId)}'" });
    }

    /// <summary>One instance has ended: counts it and runs what the graph has for that.</summary>
    private ActivityResult Took(BurstContext context, JsonElement message)
    {
        var self = context.Scope.Current;
        self.Data![Ended]++;
        var body = message.Text("SubStatus") switch { "Finished" => ChildCompleted, "Faulted" or ParentLink.Refused => ChildFaulted, _ => null };
        if (body is not null) context.Burst.Schedule(body, self).Variables = new() { [_child] = message.Text("WorkflowInstanceId") };
        return AllEnded(self) ? new ActivityResult.Completed(CompletedOutcomes) : WaitFor();
    }
}
