using System.Diagnostics;
using LeadSens.Demo;

namespace LeadSens.Bench.Campaign;

/// <summary>How long a campaign took, and how it ended.</summary>
internal sealed record CampaignTime(double WallSeconds, CampaignView Campaign);

internal static class CampaignRunner
{
    /// <summary>From the request that starts it to its end, approved as soon as it asks.</summary>
    /// <param name="pace">How often it is asked how far it is; the questions cost the Server CPU and statements too.</param>
    public static async Task<CampaignTime> RunAsync(ApiClient api, int leads, TimeSpan pace, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        var id = await api.CreateCampaignAsync($"Benchmark of {leads}", leads, cancellationToken);
        while (true)
        {
            var status = await api.NewestStatusAsync(cancellationToken);
            if (status == "AwaitingApproval" && await api.PendingApprovalAsync(id, cancellationToken) is { } approval)
                await api.ApproveAsync(approval, cancellationToken);
            if (status is "Completed" or "Faulted" or "Cancelled")
                return new(Stopwatch.GetElapsedTime(started).TotalSeconds, await api.GetCampaignAsync(id, cancellationToken));
            await Task.Delay(pace, TimeProvider.System, cancellationToken);
        }
    }
}
