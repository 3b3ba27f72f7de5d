using LeadSens.Server.Data;
using LeadSens.Server.Identity;
using LeadSens.Server.UseCases;

namespace LeadSens.Server.Rights;

internal sealed class GetErasure(Erasures erasures, Database database) : IUseCase<GetErasure, GetErasure.Request, Erasure>
{
    public sealed record Request(Guid Id);

    private const string Sql = "select true from erasures where workspace_id = $1 and id = $2";

    public static UseCase Declaration { get; } = new("getErasure", "How far an erasure is", Permission.Read);

    public async Task<Outcome<Erasure>> RunAsync(Caller caller, Request request, CancellationToken cancellationToken) =>
        await database.Sql(Sql, caller.WorkspaceId, request.Id).FirstAsync(row => true, cancellationToken)
            ? await erasures.ReadAsync(request.Id, cancellationToken) : Refusal.NotFound("erasure_not_found");
}
