using System.Text.Json.Nodes;
using LeadSens.Server.Audit;
using LeadSens.Server.Data;
using LeadSens.Server.Identity;
using LeadSens.Server.UseCases;

namespace LeadSens.Server.Suppressions;

internal sealed class RemoveSuppression(Database database) : IUseCase<RemoveSuppression, RemoveSuppression.Request, Done>
{
    /// <param name="Confirm">The entry's source, where the person wanted to be on the list: unsubscribe, complaint, erasure.</param>
    public sealed record Request(Guid Id, string? Confirm);

    private const string FindSql = "select source from suppressions where workspace_id = $1 and id = $2 for update";

    public static UseCase Declaration { get; } = new("removeSuppression", "Take an entry off the list", Permission.Work, Effect.Changes, "suppression.removed");

    public Task<Outcome<Done>> RunAsync(Caller caller, Request request, CancellationToken cancellationToken) => database.CommitAsync<Done>(async connection =>
    {
        var (id, workspace) = (request.Id, caller.WorkspaceId);
        var source = await connection.Sql(FindSql, workspace, id).FirstAsync(row => row.GetString(0), cancellationToken);
        if (source is null) return Refusal.NotFound("suppression_not_found");
        if (SuppressionSource.OfThePerson.Contains(source) && request.Confirm != source)
            return Refusal.Conflict("suppression_protected", $"The person wanted this entry ({source}). To take it off all the same, send ?confirm={source}.");
        await connection.Sql("delete from suppressions where workspace_id = $1 and id = $2", workspace, id).RunAsync(cancellationToken);
        var entry = new AuditEntry(workspace, caller.By, Declaration.Audits!, "suppression", id, new JsonObject { ["source"] = source });
        await AuditLog.AppendAsync(connection, entry, cancellationToken);
        return default(Done);
    }, cancellationToken);
}
