namespace LeadSens.Engine;

/// <summary>Finds definitions for the runner. The host keeps what it parsed: a version never changes, so it is parsed once.</summary>
public interface IDefinitionSource
{
    /// <summary>The valid definition with this version id; null when there is none.</summary>
    ValueTask<WorkflowDefinition?> FindAsync(string definitionVersionId, CancellationToken cancellationToken);

    /// <summary>The version that a new run of a tenant gets; null when there is none. Boxes that start other workflows ask for it.</summary>
    ValueTask<WorkflowDefinition?> FindPublishedAsync(Guid tenantId, string definitionId, CancellationToken cancellationToken) => ValueTask.FromResult<WorkflowDefinition?>(null);
}
