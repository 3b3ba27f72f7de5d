using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using LeadSens.Server.Api;
using LeadSens.Server.Data;
using LeadSens.Server.Identity;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadSens.Server.Campaigns;

/// <summary>Streams a campaign's view each time that it changed, and ends when the campaign has ended.</summary>
internal static class CampaignEvents
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    public static async Task<Results<ServerSentEventsResult<CampaignView>, ProblemHttpResult>> HandleAsync(
        Guid id, WorkspaceContext caller, CampaignViews views, CampaignLooks looks, TimeProvider time, CancellationToken cancellationToken)
    {
        var first = await views.GetAsync(caller.WorkspaceId, id, cancellationToken);
        if (first is null) return Problems.Of(CampaignRefusals.NotFound());
        return TypedResults.ServerSentEvents(ChangesAsync(first, caller.WorkspaceId, looks, time, cancellationToken));
    }

    private static async IAsyncEnumerable<SseItem<CampaignView>> ChangesAsync(
        CampaignView view, Guid workspaceId, CampaignLooks looks, TimeProvider time, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var watch = looks.Begin(workspaceId, view.Id);
        yield return new(view, "campaign");
        while (view.Status is not (CampaignStatus.Completed or CampaignStatus.Cancelled))
        {
            await Task.Delay(Interval, time, cancellationToken);
            if (await LookAsync(watch, view, cancellationToken) is not { } next) yield break;
            var changed = !Same(view, next);
            view = next;
            if (changed) yield return new(view, "campaign");
        }
    }

    /// <summary>The last look stands where the database has no turn for another just now; the next second brings one.</summary>
    private static async Task<CampaignView?> LookAsync(CampaignLooks.Watch watch, CampaignView last, CancellationToken cancellationToken)
    {
        try
        {
            return await watch.LookAsync(cancellationToken);
        }
        catch (DatabaseBusyException)
        {
            return last;
        }
    }

    private static bool Same(CampaignView one, CampaignView other) =>
        one.Status == other.Status && one.WaitsFor == other.WaitsFor && one.Leads == other.Leads && one.Pushes == other.Pushes && one.Cost == other.Cost;
}
