namespace LeadSens.Server.Campaigns;

/// <summary>Looks at a campaign for all who watch it on this node together: once a second, however many they are, whether anything changed, and at its leads only
/// then. A campaign is remembered while somebody watches it.</summary>
internal sealed class CampaignLooks(CampaignViews views, TimeProvider time)
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly Dictionary<(Guid WorkspaceId, Guid CampaignId), Watched> _watched = [];

    /// <summary>From now on until it is disposed of somebody watches.</summary>
    public Watch Begin(Guid workspaceId, Guid campaignId)
    {
        lock (_gate)
        {
            if (!_watched.TryGetValue((workspaceId, campaignId), out var watched)) _watched.Add((workspaceId, campaignId), watched = new());
            watched.Watchers++;
        }
        return new(this, workspaceId, campaignId);
    }

    private Task<CampaignView?> LookAsync(Guid workspaceId, Guid campaignId)
    {
        lock (_gate)
        {
            var watched = _watched[(workspaceId, campaignId)];
            if (watched.Look is { } look && (!look.IsCompleted || time.GetElapsedTime(watched.At) < Every)) return look;
            watched.At = time.GetTimestamp();
            // Not with the token of whoever comes first: the others wait for it as well.
            return watched.Look = Task.Run(() => LookAsync(watched, workspaceId, campaignId), CancellationToken.None);
        }
    }

    private async Task<CampaignView?> LookAsync(Watched watched, Guid workspaceId, Guid campaignId)
    {
        // Before the view: what changes in between is seen by the next look.
        var version = await views.VersionAsync(workspaceId, campaignId, CancellationToken.None);
        if (version is not null && version == watched.Version) return watched.View;
        watched.View = await views.GetAsync(workspaceId, campaignId, CancellationToken.None);
        watched.Version = version;
        return watched.View;
    }

    private void End(Guid workspaceId, Guid campaignId)
    {
        lock (_gate)
        {
            if (--_watched[(workspaceId, campaignId)].Watchers == 0) _watched.Remove((workspaceId, campaignId));
        }
    }

    /// <summary>One who watches.</summary>
    internal sealed class Watch(CampaignLooks looks, Guid workspaceId, Guid campaignId) : IDisposable
    {
        public Task<CampaignView?> LookAsync(CancellationToken cancellationToken) => looks.LookAsync(workspaceId, campaignId).WaitAsync(cancellationToken);

        public void Dispose() => looks.End(workspaceId, campaignId);
    }

    private sealed class Watched
    {
        public int Watchers { get; set; }
        public long At { get; set; }
        public Task<CampaignView?>? Look { get; set; }

        /// <summary>What the last look saw, and of which version that was; one look at a time sets them.</summary>
        public CampaignView? View { get; set; }
        public string? Version { get; set; }
    }
}
