using LeadSens.Server.Data;
using LeadSens.Server.Identity;

namespace LeadSens.Server.UseCases;

/// <summary>The one way to a use case, for every adapter: the caller's right, the request's texts, the workspace whose rows it sees, and that it is done once
/// under the caller's key.</summary>
internal sealed class UseCaseRunner(RequestTexts texts, IdempotencyKeys keys)
{
    /// <param name="key">What the caller calls this request, so that sending it again does nothing again; null: each is one of its own.</param>
    public async Task<Outcome<TAnswer>> RunAsync<TSelf, TRequest, TAnswer>(
        IUseCase<TSelf, TRequest, TAnswer> useCase, Caller caller, TRequest request, string? key, CancellationToken cancellationToken)
            where TSelf : IUseCase<TSelf, TRequest, TAnswer>
    {
        var declared = TSelf.Declaration;
        if (!caller.May(declared.Needs)) return Refusal.Forbidden(declared.Needs);
        if (texts.Check(request) is { Any: true } errors) return Refusal.Invalid(errors);
        using var scope = DatabaseScope.Narrow(caller.WorkspaceId);
        return key is null || declared.Effect == Effect.Reads
            ? await useCase.RunAsync(caller, request, cancellationToken)
            : await keys.OnceAsync(new(caller, declared.Name, key), request, () => useCase.RunAsync(caller, request, cancellationToken), cancellationToken);
    }
}
