using System.Collections.Frozen;
using System.Text.Json;

namespace LeadSens.Engine;

/// <summary>One version of a workflow, read once and shared by all instances that run it.</summary>
public sealed class WorkflowDefinition
{
    private readonly FrozenDictionary<string, Activity> _byId;
    private readonly FrozenDictionary<string, Activity> _byName;

    internal WorkflowDefinition(IReadOnlyList<Activity> activities)
    {
        Activities = activities;
        MaxSlots = activities.Count == 0 ? 0 : activities.Max(activity => activity.Evaluated.Count == 0 ? 0 : activity.Evaluated[^1].Slot + 1);
        _byId = activities.DistinctBy(activity => activity.StateId).ToFrozenDictionary(activity => activity.StateId, StringComparer.Ordinal);
        _byName = activities.Where(activity => activity.Name is not null && activity.StateId == activity.Id).DistinctBy(activity => activity.Name).ToFrozenDictionary(activity => activity.Name!, StringComparer.Ordinal);
    }

    /// <summary>The version id.</summary>
    public required string Id { get; init; }

    /// <summary>The same for all versions.</summary>
    public required string DefinitionId { get; init; }

    public required int Version { get; init; }
    public required string? Name { get; init; }
    public required string? Description { get; init; }

    /// <summary>The whole text as it was read, unknown parts included.</summary>
    public required JsonElement Source { get; init; }

    /// <summary>Every box, containers before what they contain.</summary>
    public IReadOnlyList<Activity> Activities { get; }

    /// <summary>True when the instance goes on beside a faulted box; false when a fault ends it.</summary>
    public required bool ContinueWithIncidents { get; init; }

    /// <summary>Which of its runs exclude each other.</summary>
    internal ActivationStrategy ActivationStrategy { get; init; }

    internal Activity Root { get; init; } = null!;
    internal IReadOnlyList<Variable> Variables { get; init; } = [];
    internal IReadOnlyList<WorkflowArgument> Inputs { get; init; } = [];
    internal IReadOnlyList<WorkflowArgument> Outputs { get; init; } = [];

    /// <summary>True when a script of it needs a host process.</summary>
    internal bool UsesHosts => Scripts.Count > 0 && Scripts.Any(static script => script is not { IsBounded: true });

    internal IReadOnlyList<ScriptExpression?> Scripts { get; init; } = [];

    /// <summary>The most expressions that one box has.</summary>
    internal int MaxSlots { get; }

    /// <summary>The box with this id, or node id inside a workflow that is used as a box; null when there is none.</summary>
    public Activity? Find(string activityId) => _byId.GetValueOrDefault(activityId);

    /// <summary>What starts this workflow: the triggers of the boxes that are marked for it. A box inside a loop, a branch or a workflow that is
    /// used as a box starts nothing, because no run can begin there.</summary>
    /// <param name="errors">Takes what keeps a box from being a trigger.</param>
    public IReadOnlyList<Trigger> FindTriggers(Guid tenantId, DateTimeOffset now, ICollection<DefinitionError> errors)
    {
        List<Trigger> triggers = [.. Activities.OfType<TriggerActivity>().Where(box => box.CanStart && CanBegin(box)).SelectMany(box => new TriggerReading(this, box, tenantId, now, errors).Read())];
        foreach (var same in triggers.Where(trigger => trigger.Request.IsExclusive).GroupBy(trigger => trigger.Request.Key).Where(same => same.Count() > 1))
            errors.Add(new DefinitionError(same.Last().ActivityId, "path", $"The boxes {string.Join(" and ", same.Select(trigger => $"'{trigger.ActivityId}'"))} both take {same.First().Request.Describe()}, and only one may."));
        foreach (var trigger in triggers.Where(trigger => !KeyLength.Fits(trigger.Request.Key)))
            errors.Add(new DefinitionError(trigger.ActivityId, "", KeyLength.Problem($"What the box '{trigger.ActivityId}' takes (an event's name, a path)")));
        return triggers;
    }

    private static bool CanBegin(Activity box)
    {
        while (box.Parent is { } container)
        {
            if (!container.BeginsAt(box)) return false;
            box = container;
        }

        return true;
    }

    /// <summary>The box with this name; null when there is none.</summary>
    internal Activity? FindByName(string name) => _byName.GetValueOrDefault(name);

    /// <summary>The variable of this name or id that is nearest to a box; null when none is in scope.</summary>
    internal Variable? FindVariable(string name, Activity from) => FindVariable(name, from, Variables);

    internal static Variable? FindVariable(string name, Activity from, IReadOnlyList<Variable> outermost)
    {
        for (var inside = from as Container ?? from.Parent; inside is not null; inside = inside.Parent)
        {
            if (Find(inside.Variables, name) is { } found && !(found.IsPerChild && inside == from)) return found;
        }

        return Find(outermost, name);
    }

    private static Variable? Find(IReadOnlyList<Variable> variables, string name)
    {
        for (var i = 0; i < variables.Count; i++)
        {
            if (variables[i].Name == name || variables[i].Id == name) return variables[i];
        }

        return null;
    }
}
