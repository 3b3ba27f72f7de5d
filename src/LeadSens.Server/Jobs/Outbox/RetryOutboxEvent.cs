using LeadSens.Server.Audit;
using LeadSens.Server.Data;
using LeadSens.Server.Identity;
using LeadSens.Server.UseCases;

namespace LeadSens.Server.Jobs;

/// <summary>Sends a dead letter again.</summary>
internal sealed class RetryOutboxEvent(Database database, OutboxSignal signal) : IUseCase<RetryOutboxEvent, RetryOutboxEvent.Request, Done>
{
    public sealed record Request(Guid Id);

    private const string ExistsSql = "select true from outbox_events where id = $1 and workspace_id = $2";

    public static UseCase Declaration { get; } = new("retryOutboxEvent", "Send a dead letter again", Permission.Work, Effect.Changes, "event.retried");

    public async Task<Outcome<Done>> RunAsync(Caller caller, Request request, CancellationToken cancellationToken)
    {
        var sent = await database.CommitAsync<Done>(async connection =>
        {
            if (!await OutboxStore.SendAgainAsync(connection, caller.WorkspaceId, request.Id, cancellationToken))
                return await connection.Sql(ExistsSql, request.Id, caller.WorkspaceId).FirstAsync(row => row.GetBoolean(0), cancellationToken)
                    ? Refusal.Conflict("event_not_dead", "Only a dead letter can be sent again.") : Refusal.NotFound("event_not_found");
            await AuditLog.AppendAsync(connection, new(caller.WorkspaceId, caller.By, Declaration.Audits!, "event", request.Id), cancellationToken);
            return default(Done);
        }, cancellationToken);
        if (sent.Refusal is null) signal.Wake();
        return sent;
    }
}
