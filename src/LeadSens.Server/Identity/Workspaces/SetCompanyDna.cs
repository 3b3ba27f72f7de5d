using System.Text.Json.Nodes;
using LeadSens.Server.Audit;
using LeadSens.Server.Data;
using LeadSens.Server.UseCases;

namespace LeadSens.Server.Identity;

internal sealed class SetCompanyDna(Database database) : IUseCase<SetCompanyDna, WorkspacesApi.DnaRequest, WorkspacesApi.DnaRequest>
{
    private const int Longest = 20_000;

    public static UseCase Declaration { get; } = new("setCompanyDna", "The text that every draft is written from", Permission.Work, Effect.Changes,
        "dna.changed");

    public async Task<Outcome<WorkspacesApi.DnaRequest>> RunAsync(Caller caller, WorkspacesApi.DnaRequest request, CancellationToken cancellationToken)
    {
        if (request.CompanyDna is not { Length: <= Longest } text) return Refusal.Invalid("companyDna", $"A text of at most {Longest} characters.");
        await database.ChangeAsync(new(caller.WorkspaceId, caller.By, Declaration.Audits!, "workspace", caller.WorkspaceId,
            new JsonObject { ["characters"] = text.Length }),
            connection => connection.Sql("update workspaces set company_dna = $2 where id = $1", caller.WorkspaceId,
                text).RunAsync(cancellationToken), cancellationToken);
        return new WorkspacesApi.DnaRequest(text);
    }
}
