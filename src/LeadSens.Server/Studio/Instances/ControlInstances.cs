using LeadSens.Server.Audit;
using LeadSens.Server.Data;
using LeadSens.Server.Identity;
using LeadSens.Server.Workflows;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace LeadSens.Server.Studio.Instances;

internal sealed record InstanceIds(Guid[]? Ids, string? DefinitionId);

internal sealed record RetryRequest(Guid[]? WorkflowInstanceIds, string[]? ActivityIds);

internal sealed record Deleted(long Count)
{
    [System.Text.Json.Serialization.JsonPropertyName("deleted")]
    public long Count { get; } = Count;
}

internal sealed record Cancelled(long Count)
{
    [System.Text.Json.Serialization.JsonPropertyName("cancelled")]
    public long Count { get; } = Count;
}

internal sealed record RetryResults(IReadOnlyList<RetryResult> Results);

internal sealed record RetryResult(Guid WorkflowInstanceId, RetryLog Log, bool WorkflowHasScheduledWork, bool IsSuccessful);

internal sealed record RetryLog(IReadOnlyList<RetryLogEntry> LogEntries);

internal sealed record RetryLogEntry(string Message, string LogLevel, DateTimeOffset Timestamp);

/// <summary>Cancels, retries and deletes instances.</summary>
internal static class ControlInstances
{
    // A campaign's run is the campaign's: it is cancelled there, where its approvals and jobs end with it.
    private const string DeleteSql = """
        with gone as (
            delete from workflow_instances i where i.workspace_id = $1 and i.id = any($2) and i.status = 'Finished'
                and not exists (select from campaigns c where c.workflow_instance_id = i.id)
            returning i.id), journal as (delete from workflow_bursts j using gone where j.instance_id = gone.id),
        resumptions as (delete from workflow_resumptions r using gone where r.instance_id = gone.id),
        bookmarks as (delete from workflow_bookmarks b using gone where b.instance_id = gone.id)
        select id from gone
        """;

    private const int Portion = 500;

    public static async Task<Results<Ok, NotFound, JsonHttpResult<StudioError>>> CancelAsync(
        Guid id, WorkspaceContext caller, InstanceReader reader, WorkflowService workflows, CancellationToken cancellationToken)
    {
        if (!await reader.ExistsAsync(caller.WorkspaceId, id, cancellationToken)) return TypedResults.NotFound();
        return await CancelAsync(id, caller, workflows, cancellationToken) == CancelOutcome.Busy
            ? StudioErrors.BadRequest("The run is being changed by others just now. Cancel it again.") : TypedResults.Ok();
    }

    public static async Task<Ok<Cancelled>> CancelManyAsync(
        InstanceIds request, WorkspaceContext caller, WorkflowService workflows, Database database, CancellationToken cancellationToken)
    {
        var ids = await database.ListAsync("""
            select id from workflow_instances where workspace_id = $1 and status = 'Running' and (id = any($2) or definition_id = $3)
            """, row => row.GetGuid(0), cancellationToken, caller.WorkspaceId, request.Ids ?? [], request.DefinitionId ?? "");
        var cancelled = 0;
        foreach (var id in ids)
            if (await CancelAsync(id, caller, workflows, cancellationToken) == CancelOutcome.Cancelled) cancelled++;
        return TypedResults.Ok(new Cancelled(cancelled));
    }

    public static async Task<Results<NoContent, NotFound, JsonHttpResult<StudioError>>> DeleteAsync(
        Guid id, WorkspaceContext caller, InstanceReader reader, Database database, CancellationToken cancellationToken)
    {
        if (await DeleteAsync(database, caller, [id], cancellationToken) > 0) return TypedResults.NoContent();
        return await reader.SummaryAsync(caller.WorkspaceId, id, cancellationToken) is not { } left ? TypedResults.NotFound()
            : StudioErrors.BadRequest(left.Status == "Finished" ? "This is the run of a campaign, and stays with it." : "This instance has not ended. Cancel it first.");
    }

    /// <summary>Those that have not ended, are a campaign's or are not there stay out, and out of the count.</summary>
    public static async Task<Ok<Deleted>> DeleteManyAsync(InstanceIds request, WorkspaceContext caller, Database database, CancellationToken cancellationToken)
    {
        var deleted = 0L;
        foreach (var portion in (request.Ids ?? []).Distinct().Chunk(Portion)) deleted += await DeleteAsync(database, caller, portion, cancellationToken);
        return TypedResults.Ok(new Deleted(deleted));
    }

    /// <summary>Without activity ids the boxes of all incidents run again.</summary>
    public static async Task<Ok<RetryResults>> RetryAsync(
        RetryRequest request, WorkspaceContext caller, InstanceReader reader, WorkflowService workflows, TimeProvider time, CancellationToken cancellationToken)
    {
        var results = new List<RetryResult>();
        foreach (var id in request.WorkflowInstanceIds ?? [])
        {
            var outcome = RetryOutcome.Nothing;
            if (await reader.ExistsAsync(caller.WorkspaceId, id, cancellationToken))
                outcome = await workflows.RetryAsync(id, request.ActivityIds, AuditLog.Note(new(caller.WorkspaceId, caller.By, "instance.retried", "instance", id)), cancellationToken);

            var retried = outcome == RetryOutcome.Retried;
            var entry = new RetryLogEntry(Say(outcome), retried ? "Information" : "Warning", time.GetUtcNow());
            results.Add(new(id, new([entry]), retried, retried));
        }

        return TypedResults.Ok(new RetryResults(results));
    }

    private static string Say(RetryOutcome outcome) => outcome switch
    {
        RetryOutcome.Retried => "The faulted activities were scheduled again.",
        RetryOutcome.Excluded => "Another run has begun meanwhile, and the workflow's activation strategy allows one at a time. Retry this one when that has ended.",
        RetryOutcome.Busy => "The run is running just now. Retry it when it waits or has stopped.",
        _ => "There is nothing to run again.",
    };

    private static Task<CancelOutcome> CancelAsync(Guid id, WorkspaceContext caller, WorkflowService workflows, CancellationToken cancellationToken) =>
        workflows.CancelAsync(id, $"cancelled by {caller.Caller}", AuditLog.Note(new(caller.WorkspaceId, caller.By, "instance.cancelled", "instance", id)), cancellationToken);

    private static async Task<long> DeleteAsync(Database database, WorkspaceContext caller, Guid[] ids, CancellationToken cancellationToken)
    {
        List<Guid> gone = [];
        async Task NoteAsync(NpgsqlConnection connection, CancellationToken token)
        {
            foreach (var id in gone) await AuditLog.AppendAsync(connection, new(caller.WorkspaceId, caller.By, "instance.deleted", "instance", id), token);
        }

        return await database.ChangeNotedAsync(NoteAsync, async connection =>
            (gone = await connection.ListAsync(DeleteSql, row => row.GetGuid(0), cancellationToken, caller.WorkspaceId, ids)).Count, cancellationToken);
    }
}
