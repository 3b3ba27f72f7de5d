namespace LeadSens.Engine;

/// <summary>Something that keeps a definition from running.</summary>
/// <param name="ActivityId">The box; null when the error is not in a box.</param>
/// <param name="Path">Where in the box or the definition: an input's name, <c>connections[2]</c>, <c>variables[0]</c>.</param>
/// <param name="Message">For the person who drew the graph; names the box.</param>
public sealed record DefinitionError(string? ActivityId, string Path, string Message);

/// <summary>What reading gave: a definition that may run when there are no errors. With errors the definition is there as far as it could
/// be read (unknown activity types survive a round trip); null when the text is no definition at all.</summary>
public sealed record DefinitionReadResult(WorkflowDefinition? Definition, IReadOnlyList<DefinitionError> Errors)
{
    public bool IsValid => Definition is not null && Errors.Count == 0;
}
