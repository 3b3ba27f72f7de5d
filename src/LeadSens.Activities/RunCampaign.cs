using LeadSens.Engine;

namespace LeadSens.Activities;

/// <summary>The campaign that a box works on, which is of the workspace of the box's run. Ports take one of these and no id, and <see cref="FindAsync"/> is the
/// only way to one, so no box can be pointed at another workspace's campaign.</summary>
public sealed record RunCampaign
{
    internal RunCampaign(Guid workspaceId, Guid id) => (WorkspaceId, Id) = (workspaceId, id);

    public Guid WorkspaceId { get; }

    public Guid Id { get; }

    /// <summary>Which campaign a box works on: its input, else the run's correlation id. A campaign of another workspace is as unknown as one that is not there.</summary>
    internal static async ValueTask<(RunCampaign? Campaign, ActivityResult? Refusal)> FindAsync(ActivityContext context, Input<string?> input)
    {
        var given = context.Get(input);
        var (text, where) = string.IsNullOrWhiteSpace(given) ? (context.CorrelationId, "run's correlation id") : (given, "box's input 'Campaign'");
        if (string.IsNullOrWhiteSpace(text)) return (null, Missing);
        if (!Guid.TryParse(text, out var id) || !await context.Service<ICampaigns>().HasAsync(context.TenantId, id, context.CancellationToken))
            return (null, new ActivityResult.Faulted(new("campaign_unknown", $"The {where} is '{text}', and this workspace has no such campaign.")));
        return (new(context.TenantId, id), null);
    }

    private static ActivityResult Missing { get; } =
        new ActivityResult.Faulted(new("campaign_missing", "The box has no campaign: give it one, or start the run with the campaign's id as correlation id."));
}
