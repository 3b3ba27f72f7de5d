using LeadSens.Server.Identity;
using LeadSens.Server.UseCases;

namespace LeadSens.Server.Rights;

internal sealed class EraseLead(Erasures erasures) : IUseCase<EraseLead, EraseLead.Request, Erasure>
{
    public sealed record Request(Guid Id);

    public static UseCase Declaration { get; } = new("eraseLead", "Erase the person of a lead", Permission.Work, Effect.Changes, "person.erased");

    public async Task<Outcome<Erasure>> RunAsync(Caller caller, Request request, CancellationToken cancellationToken) =>
        await erasures.EraseAsync(caller.WorkspaceId, request.Id, null, caller.By, cancellationToken) is { } erasure
            ? erasure : Refusal.NotFound("lead_not_found");
}
