using LeadSens.Engine;

namespace LeadSens.Server.Workflows.Triggers;

/// <summary>A definition read for publishing: what keeps it from service, and what would start it there.</summary>
internal sealed record DefinitionCheck(IReadOnlyList<DefinitionError> Errors, IReadOnlyList<Trigger> Triggers)
{
    /// <param name="workspaceId">Null for what is shipped: its keys carry the zero id, which the database replaces by each workspace's own.</param>
    public static DefinitionCheck Of(string json, ActivityRegistry activities, Guid? workspaceId, DateTimeOffset now)
    {
        var read = DefinitionReader.Read(json, activities);
        if (!read.IsValid) return new(read.Errors, []);
        var errors = new List<DefinitionError>();
        var triggers = read.Definition!.FindTriggers(workspaceId ?? Guid.Empty, now, errors);
        return new(errors, triggers);
    }
}
