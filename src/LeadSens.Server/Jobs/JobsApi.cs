using LeadSens.Server.Api;
using LeadSens.Server.Data;
using LeadSens.Server.Identity;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace LeadSens.Server.Jobs;

/// <summary>Operations: what failed, and again.</summary>
internal static class JobsApi
{
    private const string ListSql = """
        select id, batch_id, campaign_id, lead_id, kind, state, attempts, failure_kind, failure, run_after, ended_at from jobs
        where workspace_id = $1 and id > $2 and ($3 = '' or state = $3) order by id limit $4
        """;

    private const string BatchOfSql = "select batch_id from jobs where id = $1 and workspace_id = $2";

    internal sealed record JobView(
        Guid Id, Guid BatchId, Guid? CampaignId, Guid? LeadId, string Kind, [property: OneOf(typeof(JobState))] string State, int Attempts,
        [property: OneOf(typeof(ProviderFailureKind))] string? FailureKind, string? Failure,
        DateTimeOffset RunAfter, DateTimeOffset? EndedAt);

    internal sealed record Retried(Guid BatchId);

    public static void MapJobs(this IEndpointRouteBuilder app)
    {
        var jobs = app.MapApiGroup("jobs");
        jobs.MapGet("/", ListAsync).Named("listJobs", "Jobs and what became of them");
        jobs.MapPost("/{id:guid}/retry", RetryAsync).Named("retryJob", "Try a failed job again").Refuses(StatusCodes.Status409Conflict);
        app.MapOutbox();
    }

    private static async Task<Ok<Page<JobView>>> ListAsync(
        [AsParameters] PageRequest page, [OneOf(typeof(JobState))] string? state, WorkspaceContext caller, Database database, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var command = new NpgsqlCommand(ListSql, connection);
        foreach (var value in new object[] { caller.WorkspaceId, page.After, state ?? "", page.Size + 1 }) command.Parameters.Add(new() { Value = value });
        var rows = new List<JobView>();
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        while (await row.ReadAsync(cancellationToken))
        {
            rows.Add(new(
                row.GetGuid(0), row.GetGuid(1), row.IsDBNull(2) ? null : row.GetGuid(2), row.IsDBNull(3) ? null : row.GetGuid(3), row.GetString(4), row.GetString(5), row.GetInt32(6),
                row.IsDBNull(7) ? null : row.GetString(7), row.IsDBNull(8) ? null : row.GetString(8), row.GetFieldValue<DateTimeOffset>(9),
                row.IsDBNull(10) ? null : row.GetFieldValue<DateTimeOffset>(10)));
        }

        return TypedResults.Ok(Page<JobView>.Of(rows, page.Size, job => job.Id.ToString()));
    }

    private static async Task<Results<Ok<Retried>, ProblemHttpResult>> RetryAsync(
        Guid id, WorkspaceContext caller, Database database, JobKinds kinds, JobSignal signal, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var find = new NpgsqlCommand(BatchOfSql, connection) { Parameters = { new() { Value = id }, new() { Value = caller.WorkspaceId } } };
        if (await find.ExecuteScalarAsync(cancellationToken) is not Guid batch) return Problems.NotFound("job_not_found");
        if (await JobRetry.RetryAsync(connection, kinds.Finishing, caller.WorkspaceId, batch, id, cancellationToken) is not { } opened)
            return Problems.Conflict("job_not_retriable", "Only a failed job that was not retried already, and whose campaign was not cancelled, can be retried.");
        signal.Wake();
        return TypedResults.Ok(new Retried(opened));
    }
}
