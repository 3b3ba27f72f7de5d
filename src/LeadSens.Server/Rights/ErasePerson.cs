using LeadSens.Server.Identity;
using LeadSens.Server.UseCases;

namespace LeadSens.Server.Rights;

internal sealed class ErasePerson(Erasures erasures) : IUseCase<ErasePerson, RightsApi.EraseRequest, Erasure>
{
    public static UseCase Declaration { get; } = new("erasePerson", "Erase a person by the e-mail address", Permission.Work, Effect.Changes, "person.erased");

    public async Task<Outcome<Erasure>> RunAsync(Caller caller, RightsApi.EraseRequest request, CancellationToken cancellationToken) =>
        RightsApi.AddressOf(request.Email) is { } key ? (await erasures.EraseAsync(caller.WorkspaceId, null, key, caller.By, cancellationToken))!
            : Refusal.Invalid("email", "The person's e-mail address.");
}
