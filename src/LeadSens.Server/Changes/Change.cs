using LeadSens.Server.Identity;

namespace LeadSens.Server.Changes;

/// <summary>Something of a workspace that changed, as the triggers of Data/Functions/note_….sql note it.</summary>
/// <param name="Kind">A <see cref="ChangeKind"/>'s name.</param>
internal readonly record struct Change(string Kind, Guid Id);

/// <summary>A kind of thing whose changes are told. A slice that has one registers it, and a trigger on its table notes them (<c>note_change</c>).</summary>
/// <param name="Needs">Who may be told: who may read it.</param>
internal sealed record ChangeKind(string Name, Permission Needs)
{
    public const string Campaign = "campaign", Approval = "approval", Connection = "connection", Run = "run";
}
