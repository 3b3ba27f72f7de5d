using LeadSens.Server.Api;
using LeadSens.Server.Data;
using LeadSens.Server.Identity;
using LeadSens.Server.UseCases;
using Npgsql;

namespace LeadSens.Server.Jobs;

internal sealed class ListJobs(Database database) : IUseCase<ListJobs, ListJobs.Request, Page<JobsApi.JobView>>
{
    public sealed record Request(PageRequest Page, string? State);

    private const string Sql = """
        select id, batch_id, campaign_id, lead_id, kind, state, attempts, failure_kind, failure, run_after, ended_at from jobs
        where workspace_id = $1 and id > $2 and ($3::text is null or state = $3) order by id limit $4
        """;

    public static UseCase Declaration { get; } = new("listJobs", "Jobs and what became of them", Permission.Read);

    public async Task<Outcome<Page<JobsApi.JobView>>> RunAsync(Caller caller, Request request, CancellationToken cancellationToken)
    {
        if (Refusal.UnlessOneOf(JobState.All, "state", request.State) is { } unknown) return unknown;
        var rows = await database.Sql(Sql, caller.WorkspaceId, request.Page.After, request.State, request.Page.Size + 1).ListAsync(Read, cancellationToken);
        return Page<JobsApi.JobView>.Of(rows, request.Page.Size, job => job.Id.ToString());
    }

    private static JobsApi.JobView Read(NpgsqlDataReader row) => new(
        row.GetGuid(0), row.GetGuid(1), row.Maybe<Guid>(2), row.Maybe<Guid>(3), row.GetString(4), row.GetString(5), row.GetInt32(6), row.Text(7), row.Text(8),
        row.GetFieldValue<DateTimeOffset>(9), row.Maybe<DateTimeOffset>(10));
}
