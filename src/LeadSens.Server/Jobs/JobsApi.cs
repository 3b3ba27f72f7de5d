using LeadSens.Server.Api;

namespace LeadSens.Server.Jobs;

/// <summary>Operations: what failed, and again.</summary>
internal static class JobsApi
{
    internal sealed record JobView(
        Guid Id, Guid BatchId, Guid? CampaignId, Guid? LeadId, string Kind, [property: OneOf(typeof(JobState))] string State, int Attempts,
        [property: OneOf(typeof(ProviderFailureKind))] string? FailureKind, string? Failure,
        DateTimeOffset RunAfter, DateTimeOffset? EndedAt);

    internal sealed record Retried(Guid BatchId);

    public static void MapJobs(this IEndpointRouteBuilder app)
    {
        var jobs = app.MapApiGroup("jobs");
        jobs.MapGet("/", ([AsParameters] PageRequest page, [OneOf(typeof(JobState))] string? state, UseCaseCall call, ListJobs list) =>
            call.OkAsync(list, new(page, state))).Runs(ListJobs.Declaration);
        jobs.MapPost("/{id:guid}/retry", (Guid id, UseCaseCall call, RetryJob retry) => call.OkAsync(retry, new(id))).Runs(RetryJob.Declaration);
        app.MapOutbox();
    }
}
