using LeadSens.Server.Api;
using LeadSens.Server.Identity;

namespace LeadSens.Server.UseCases;

/// <summary>Why a use case did nothing.</summary>
/// <param name="Code">Stable: what programs go by.</param>
internal sealed record Refusal(RefusalKind Kind, string Code, string Title, string? Detail = null)
{
    /// <summary>What is wrong with the request, by field.</summary>
    public IReadOnlyDictionary<string, string[]>? Errors { get; init; }

    /// <summary>When asking again may help.</summary>
    public TimeSpan? RetryAfter { get; init; }

    public static Refusal Invalid(FieldErrors errors) => Invalid(errors.ByField);

    public static Refusal Invalid(IReadOnlyDictionary<string, string[]> errors, string code = "validation_failed") =>
        new(RefusalKind.Invalid, code, "The request has fields that cannot be accepted.") { Errors = errors };

    public static Refusal Invalid(string field, string problem) => Invalid(new Dictionary<string, string[]> { [field] = [problem] });

    public static Refusal Forbidden(Permission permission) =>
        new(RefusalKind.Forbidden, "forbidden", "You may not do this.", $"This needs the permission '{CallerClaims.ScopeOf(permission)}' in the workspace.");

    /// <summary>Unknown, or not of the caller's workspace (the answer does not tell which).</summary>
    public static Refusal NotFound(string code) => new(RefusalKind.NotFound, code, "There is no such thing in this workspace.");

    /// <summary>The thing's state does not allow it.</summary>
    public static Refusal Conflict(string code, string detail) => new(RefusalKind.Conflict, code, "The state does not allow this.", detail);

    /// <summary>For a list's filter of few words; null where the word is one of them.</summary>
    public static Refusal? UnlessOneOf(IReadOnlyList<string> words, string field, string? word) =>
        word is null || words.Contains(word) ? null : Invalid(field, $"'{word}' is none; known are {string.Join(", ", words)}.");
}

/// <summary>Each adapter has its own word for them: a status, a tool's error.</summary>
internal enum RefusalKind
{
    Invalid,
    Unauthorized,
    Forbidden,
    NotFound,
    Conflict,
    Gone,

    /// <summary>Somebody outside did not answer, or not as they should.</summary>
    Failed,
}
