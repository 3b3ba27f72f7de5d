namespace LeadSens.Engine.BuiltIn;

/// <summary>Brings what a run answers to the request that waits for it. Nothing is told before the burst commits.</summary>
public interface IHttpAnswers
{
    /// <summary>The run has taken this request, so the next answer of the run is for it.</summary>
    CommitWrite Take(Guid tenantId, Guid instanceId, Guid requestId);

    /// <summary>Answers the request that the run took last and that has no answer yet; does nothing when there is none.</summary>
    CommitWrite Answer(Guid instanceId, HttpAnswer answer);
}

/// <summary>An answer.</summary>
/// <param name="Content">Null: none.</param>
public sealed record HttpAnswer(int StatusCode, string? Content, string? ContentType, IReadOnlyList<KeyValuePair<string, string>> Headers);
