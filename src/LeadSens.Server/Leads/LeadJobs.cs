using LeadSens.Server.Jobs;

namespace LeadSens.Server.Leads;

/// <summary>For handlers whose jobs are one lead each.</summary>
internal static class LeadJobs
{
    public static Guid[] LeadIds(this IReadOnlyList<ClaimedJob> jobs) => [.. jobs.Select(job => job.LeadId!.Value)];

    /// <summary>That of them all.</summary>
    public static Guid WorkspaceId(this IReadOnlyList<ClaimedJob> jobs) => jobs[0].WorkspaceId;

    /// <summary>The inputs that were read by lead, by job. A lead may have jobs in several batches.</summary>
    public static Dictionary<Guid, TInput> ByJob<TInput>(this IReadOnlyList<ClaimedJob> jobs, IReadOnlyList<(Guid LeadId, TInput Input)> read)
    {
        var inputs = new Dictionary<Guid, TInput>(read.Count);
        foreach (var (leadId, input) in read) inputs[leadId] = input;
        var byJob = new Dictionary<Guid, TInput>(jobs.Count);
        foreach (var job in jobs)
            if (inputs.TryGetValue(job.LeadId!.Value, out var input)) byJob[job.Id] = input;
        return byJob;
    }
}
