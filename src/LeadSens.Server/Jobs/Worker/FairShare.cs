namespace LeadSens.Server.Jobs;

/// <summary>Divides free places between workspaces first and between a workspace's batches second.</summary>
internal static class FairShare
{
    /// <param name="places">How many jobs may be claimed.</param>
    /// <param name="turn">Moves on with every division, so that the odd place goes round.</param>
    /// <returns>For each batch how many of its jobs to claim; together exactly <paramref name="places"/> unless there is no batch.</returns>
    public static int[] Divide(int places, IReadOnlyList<OpenBatch> batches, int turn)
    {
        var shares = new int[batches.Count];
        if (batches.Count == 1)
        {
            shares[0] = places;
            return shares;
        }

        var workspaces = new List<List<int>>();
        var indexOf = new Dictionary<Guid, int>();
        for (var i = 0; i < batches.Count; i++)
        {
            if (!indexOf.TryGetValue(batches[i].WorkspaceId, out var at))
            {
                indexOf[batches[i].WorkspaceId] = at = workspaces.Count;
                workspaces.Add([]);
            }

            workspaces[at].Add(i);
        }

        for (var w = 0; w < workspaces.Count; w++)
        {
            var ofWorkspace = Part(places, workspaces.Count, w, turn);
            for (var b = 0; b < workspaces[w].Count; b++)
                shares[workspaces[w][b]] = Part(ofWorkspace, workspaces[w].Count, b, turn / workspaces.Count);
        }

        return shares;
    }

    private static int Part(int places, int parts, int index, int turn)
    {
        var place = (int)(((uint)index + (uint)turn) % (uint)parts);
        return (places / parts) + (place < places % parts ? 1 : 0);
    }
}
