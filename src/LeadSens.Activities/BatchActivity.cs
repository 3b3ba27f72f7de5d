using System.Text.Json;
using System.Text.Json.Nodes;
using LeadSens.Engine;

namespace LeadSens.Activities;

/// <summary>A box whose work is a batch of jobs: it opens the batch, waits until every job has ended, and goes on with the counts. One failing job never
/// fails the box; when every job failed there is nothing to go on with, so the box faults with the first failure and can be retried (unless it can do
/// without).</summary>
public abstract class BatchActivity : Activity
{
    private const string BatchBookmark = "Batch";

    [Output(Description = "Jobs of the stage.")]
    public Output<int> Total { get; set; } = new();

    [Output(Description = "Jobs that ended well.")]
    public Output<int> Completed { get; set; } = new();

    [Output(Description = "Jobs that had nothing to do.")]
    public Output<int> Skipped { get; set; } = new();

    [Output(Description = "Jobs that failed; each says why.")]
    public Output<int> Failed { get; set; } = new();

    /// <summary>The job kind, for example <c>lead.score</c>.</summary>
    protected abstract string Kind { get; }

    /// <summary>Whether the run can go on even when every job failed.</summary>
    protected virtual bool GoesOnWithout(StageCounts counts) => false;

    /// <summary>The box's inputs that its jobs need.</summary>
    protected virtual JsonObject Parameters(ActivityContext context) => [];

    /// <summary>Writes the box's own outputs and names its outcome.</summary>
    protected virtual ActivityResult End(ActivityContext context, StageCounts counts) => Done;

    /// <summary>Opens the batch, with <see cref="Open"/>, or says what is missing.</summary>
    protected abstract ValueTask<ActivityResult> BeginAsync(ActivityContext context);

    public sealed override ValueTask<ActivityResult> ExecuteAsync(ActivityContext context) =>
        context.Resumption is { } resumption ? new(Finish(context, resumption.Payload)) : BeginAsync(context);

    /// <param name="campaign">Null for work of no campaign.</param>
    protected ActivityResult Open(ActivityContext context, RunCampaign? campaign)
    {
        var stage = context.Service<IStages>().Open(new(Kind, context.TenantId, campaign, context.InstanceId, Parameters(context)));
        context.Enlist(stage.Write);
        return WaitFor(new BookmarkRequest(BatchBookmark, stage.Key, new JsonObject { ["batchId"] = stage.BatchId, ["kind"] = Kind }) { WaitsFor = Kind });
    }

    private ActivityResult Finish(ActivityContext context, JsonElement payload)
    {
        var counts = payload.Deserialize(StageJson.Default.StageCounts) ?? throw new InvalidOperationException("The batch ended without counts.");
        context.Set(Total, counts.Total);
        context.Set(Completed, counts.Completed);
        context.Set(Skipped, counts.Skipped);
        context.Set(Failed, counts.Failed);
        return counts.Total > 0 && counts.Failed == counts.Total && !GoesOnWithout(counts)
            ? Fault("stage_failed", counts.Failure ?? $"Every job of {Kind} failed.")
            : End(context, counts);
    }
}
