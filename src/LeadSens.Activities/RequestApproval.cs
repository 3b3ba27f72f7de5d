using System.Text.Json;
using System.Text.Json.Nodes;
using LeadSens.Engine;

namespace LeadSens.Activities;

/// <summary>Stops until a person has decided about the campaign's drafts: all at once or lead by lead, with edits. Each time the box runs
/// it asks for one round over the leads that are still open. ChangesRequested while any lead is open, else Approved if at least one is,
/// else Rejected; TimedOut when nobody decided in time (a decision that comes first wins). A second box after Approved asks again about what the
/// first one approved.</summary>
[Activity("LeadSens", Category = "LeadSens", DisplayName = "Request approval", Outcomes = ["ChangesRequested", "Approved", "Rejected", "TimedOut"],
    Description = "Waits until a reviewer has approved, rejected or asked for changes. Only what was approved is pushed.")]
public sealed class RequestApproval : Activity
{
    private const string Decision = "Decision", TimeOutDue = "TimeOut", ReminderDue = "Reminder";

    [Input(DisplayName = "Campaign", Description = "Id of the campaign; the run's correlation id where this is empty.", Order = 100)]
    public Input<string?> CampaignId { get; set; } = new();

    [Input(DisplayName = "Time-out", Description = "How long the reviewers have, for example 7.00:00:00.", Order = 1)]
    public Input<TimeSpan> TimeOut { get; set; } = new(TimeSpan.FromDays(7));

    [Input(DisplayName = "Remind after", Description = "When the reviewers are told once more; zero: never.", Order = 2)]
    public Input<TimeSpan> RemindAfter { get; set; } = new(TimeSpan.FromDays(2));

    [Input(Description = "Roles that may decide in the app, separated by commas; empty: everybody in the workspace.", Order = 3)]
    public Input<string?> Roles { get; set; } = new();

    [Input(DisplayName = "Not by", Description = "One who may not decide, as user:<id> or api-key:<name>.", Order = 6)]
    public Input<string?> NotBy { get; set; } = new();

    [Input(DisplayName = "Not by the requester", Description = "Whoever started the campaign may not decide, neither in the app nor by a link.", Order = 4)]
    public Input<bool> NotByRequester { get; set; } = new();

    [Input(DisplayName = "By somebody else", Description = "A second person confirms: whoever decided at another approval of this run may not decide here, and the texts stay as that one approved them.", Order = 5)]
    public Input<bool> BySomebodyElse { get; set; } = new();

    [Output(Description = "Leads that this round approved.")]
    public Output<int> Approved { get; set; } = new();

    [Output(Description = "Leads that this round rejected.")]
    public Output<int> Rejected { get; set; } = new();

    public override async ValueTask<ActivityResult> ExecuteAsync(ActivityContext context) => context.ResumedBookmark switch
    {
        null => await AskAsync(context),
        Decision => Decide(context, context.Resumption!.Payload),
        ReminderDue => Remind(context),
        _ => Complete(await context.Service<IApprovals>().TimeOutAsync(context.TenantId, context.ExecutionId, context.CancellationToken)),
    };

    private async ValueTask<ActivityResult> AskAsync(ActivityContext context)
    {
        var (campaign, refusal) = await RunCampaign.FindAsync(context, CampaignId);
        if (campaign is null) return refusal!;
        var (timeOut, remindAfter) = (context.Get(TimeOut), context.Get(RemindAfter));
        if (timeOut <= TimeSpan.Zero) return Fault("approval_timeout_invalid", "The time-out of an approval must be longer than zero.");
        var roles = (context.Get(Roles) ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        context.Enlist(context.Service<IApprovals>().Open(new(
            context.ExecutionId, campaign, context.InstanceId, NodeId, timeOut, roles, context.Get(NotBy), context.Get(BySomebodyElse), context.Get(NotByRequester))));
        var waits = new List<BookmarkRequest> { Wait(context, Decision, $"approval:{context.ExecutionId}"), Due(context, TimeOutDue, timeOut) };
        if (remindAfter > TimeSpan.Zero && remindAfter < timeOut) waits.Add(Due(context, ReminderDue, remindAfter));
        return WaitFor([.. waits]);
    }

    private ActivityResult Decide(ActivityContext context, JsonElement decision)
    {
        context.Set(Approved, decision.GetProperty("approved").GetInt32());
        context.Set(Rejected, decision.GetProperty("rejected").GetInt32());
        return Complete(decision.GetProperty("outcome").GetString()!);
    }

    private static ActivityResult Remind(ActivityContext context)
    {
        context.Enlist(context.Service<IApprovals>().Remind(context.TenantId, context.ExecutionId));
        return WaitFor();
    }

    private static BookmarkRequest Wait(ActivityContext context, string name, string key) =>
        new(name, key, new JsonObject { ["approvalId"] = context.ExecutionId }) { WaitsFor = "approval" };

    private static BookmarkRequest Due(ActivityContext context, string name, TimeSpan after) =>
        Wait(context, name, $"timer:{context.ExecutionId}:{name}") with { DueIn = after };
}
