using LeadSens.Server.Identity;

namespace LeadSens.Server.UseCases;

/// <summary>What is to be known of a use case before it is called, by whoever offers it: an endpoint, a chat, MCP.</summary>
/// <param name="Name">Its operation id in the API document, and what a tool of it is called.</param>
/// <param name="Summary">One line, for whoever chooses among them.</param>
/// <param name="Needs">What the caller must be allowed in the workspace.</param>
/// <param name="Audits">The action that its entry in the audit log names; null: it leaves none.</param>
internal sealed record UseCase(string Name, string Summary, Permission Needs, Effect Effect = Effect.Reads, string? Audits = null);

internal enum Effect
{
    /// <summary>Nothing that anybody could see afterwards.</summary>
    Reads,

    /// <summary>Makes, changes or removes something. Under a key (<see cref="IdempotencyKeys"/>) once.</summary>
    Changes,

    /// <summary>As Changes, and it spends money or credits, or sends something out of the house.</summary>
    Spends,
}

/// <summary>One thing that a caller can do: a function of (caller, request) to a value or a refusal, which knows nothing of what it is called through. What
/// holds for all of them (rights, texts, the workspace, keys) is <see cref="UseCaseRunner"/>'s.</summary>
internal interface IUseCase<TSelf, TRequest, TAnswer> where TSelf : IUseCase<TSelf, TRequest, TAnswer>
{
    static abstract UseCase Declaration { get; }

    Task<Outcome<TAnswer>> RunAsync(Caller caller, TRequest request, CancellationToken cancellationToken);
}
