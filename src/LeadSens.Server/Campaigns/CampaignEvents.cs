using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using LeadSens.Server.Api;
using LeadSens.Server.Changes;
using LeadSens.Server.Data;
using LeadSens.Server.Identity;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadSens.Server.Campaigns;

/// <summary>Streams a campaign's view each time that it changed, and ends when the campaign has ended. However many watch it, it is read once for each
/// change.</summary>
internal static class CampaignEvents
{
    public static async Task<Results<ServerSentEventsResult<CampaignView>, ProblemHttpResult>> HandleAsync(
        Guid id, WorkspaceContext caller, HttpContext context, CampaignViews views, ChangeHub hub, TimeProvider time, IHostApplicationLifetime server,
        CancellationToken cancellationToken)
    {
        var first = await views.GetAsync(caller.WorkspaceId, id, cancellationToken);
        if (first is null) return Problems.Of(CampaignRefusals.NotFound());
        if (hub.Begin(caller.WorkspaceId, only: new(ChangeKind.Campaign, id)) is not { } watch) return TooManyStreams.Problem;
        context.Response.RegisterForDispose(watch);
        return TypedResults.ServerSentEvents(ChangesAsync(first, watch, views, time, server.ApplicationStopping, cancellationToken));
    }

    private static async IAsyncEnumerable<SseItem<CampaignView>> ChangesAsync(
        CampaignView view, ChangeWatch watch, CampaignViews views, TimeProvider time, CancellationToken stopping,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, stopping);
        yield return new(view, "campaign");
        while (view.Status is not (CampaignStatus.Completed or CampaignStatus.Cancelled)
            && await NextAsync(watch, view.Id, views, time, ends.Token) is { } next)
        {
            var changed = !Same(view, next);
            view = next;
            if (changed) yield return new(view, "campaign");
        }
    }

    /// <summary>The campaign after its next change; null when it is gone, or the stream.</summary>
    private static async Task<CampaignView?> NextAsync(ChangeWatch watch, Guid id, CampaignViews views, TimeProvider time, CancellationToken cancellationToken)
    {
        try
        {
            await Task.Delay(ChangeHub.Every, time, cancellationToken);
            await watch.WaitAsync(Timeout.InfiniteTimeSpan, time, cancellationToken);
            var told = watch.Take();
            // As it was read for the others, where they were told of the change before.
            var round = told.Changes.Values.FirstOrDefault(told.Round);
            return await round.OnceAsync((typeof(CampaignView), id), () => ReadAsync(views, watch.WorkspaceId, id));
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }

    /// <summary>For all who wait for it: as none of them.</summary>
    private static async Task<CampaignView?> ReadAsync(CampaignViews views, Guid workspaceId, Guid id)
    {
        using var scope = DatabaseScope.Work(workspaceId);
        return await views.GetAsync(workspaceId, id, CancellationToken.None);
    }

    private static bool Same(CampaignView one, CampaignView other) =>
        one.Status == other.Status && one.WaitsFor == other.WaitsFor && one.Leads == other.Leads && one.Pushes == other.Pushes && one.Cost == other.Cost;
}
