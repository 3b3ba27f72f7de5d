using System.Text.Json.Nodes;
using LeadSens.Server.Api;
using LeadSens.Server.Audit;
using LeadSens.Server.Data;
using LeadSens.Server.Identity;
using LeadSens.Server.UseCases;
using Npgsql;

namespace LeadSens.Server.Suppressions;

/// <summary>Adding what is there answers what is there; the person's own wish stands from then on.</summary>
internal sealed class AddSuppression(Database database, SuppressionKeys keys) : IUseCase<AddSuppression, SuppressionRequest, Suppression>
{
    private const string FindSql = $"select {Suppression.Columns} from suppressions where workspace_id = $1 and (value = $2 or hash = $3)";

    public static UseCase Declaration { get; } = new("addSuppression", "Never contact an address or a domain", Permission.Work, Effect.Changes,
        "suppression.added");

    public async Task<Outcome<Suppression>> RunAsync(Caller caller, SuppressionRequest request, CancellationToken cancellationToken)
    {
        var errors = new FieldErrors();
        var value = SuppressionRequest.Normalise(request.Value);
        errors.Require(value is not null, "value", "Give an e-mail address or a domain.");
        SuppressionRequest.CheckRest(errors, request.Reason, request.Source);
        if (errors.Any) return Refusal.Invalid(errors);
        var (key, source) = (await keys.OfAsync(caller.WorkspaceId, cancellationToken), request.Source ?? SuppressionSource.Manual);
        return await database.CommitAsync<Suppression>(async connection =>
        {
            var before = await FindAsync(connection);
            await SuppressionRows.AddAsync(connection, caller.WorkspaceId, [value!], request.Reason, source, key, cancellationToken);
            var after = (await FindAsync(connection))!;
            var entry = new AuditEntry(caller.WorkspaceId, caller.By, Declaration.Audits!, Details: new JsonObject { ["kind"] = after.Kind,
                ["source"] = source });
            if (after != before) await AuditLog.AppendAsync(connection, entry, cancellationToken);
            return after;
        }, cancellationToken);

        Task<Suppression?> FindAsync(NpgsqlConnection connection) =>
            connection.Sql(FindSql, caller.WorkspaceId, value, key.HashOf(value!)).FirstAsync(Suppression.Read, cancellationToken);
    }
}
