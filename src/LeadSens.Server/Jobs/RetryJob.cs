using LeadSens.Server.Audit;
using LeadSens.Server.Data;
using LeadSens.Server.Identity;
using LeadSens.Server.UseCases;

namespace LeadSens.Server.Jobs;

/// <summary>Tries a failed job again, in a batch of its own.</summary>
internal sealed class RetryJob(Database database, JobKinds kinds, JobSignal signal) : IUseCase<RetryJob, RetryJob.Request, JobsApi.Retried>
{
    public sealed record Request(Guid Id);

    private const string BatchOfSql = "select batch_id from jobs where id = $1 and workspace_id = $2";

    public static UseCase Declaration { get; } = new("retryJob", "Try a failed job again", Permission.Work, Effect.Spends, "job.retried");

    public async Task<Outcome<JobsApi.Retried>> RunAsync(Caller caller, Request request, CancellationToken cancellationToken)
    {
        var retried = await database.CommitAsync<JobsApi.Retried>(async connection =>
        {
            var batch = await connection.Sql(BatchOfSql, request.Id, caller.WorkspaceId).FirstAsync(row => row.GetGuid(0), cancellationToken);
            if (batch == Guid.Empty) return Refusal.NotFound("job_not_found");
            if (await JobRetry.RetryAsync(connection, kinds.Finishing, caller.WorkspaceId, batch, request.Id, cancellationToken) is not { } opened)
                return Refusal.Conflict("job_not_retriable",
                    "Only a failed job that was not retried already, and whose campaign was not cancelled, can be retried.");
            await AuditLog.AppendAsync(connection, new(caller.WorkspaceId, caller.By, Declaration.Audits!, "job", request.Id), cancellationToken);
            return new JobsApi.Retried(opened);
        }, cancellationToken);
        if (retried.Refusal is null) signal.Wake();
        return retried;
    }
}
