using LeadSens.Engine;

namespace LeadSens.Activities;

/// <summary>Opens, reminds of and times out the approvals behind a RequestApproval box.</summary>
public interface IApprovals
{
    /// <summary>Prepares one round: an approval over the campaign's leads that this box has not decided yet. Nothing is written before
    /// the burst commits; where no lead is left to decide, the same transaction decides it.</summary>
    CommitWrite Open(ApprovalRequest request);

    /// <summary>Ends a pending approval as timed out. Answers the outcome that stands: a decision that came first wins.</summary>
    Task<string> TimeOutAsync(Guid workspaceId, Guid approvalId, CancellationToken cancellationToken);

    /// <summary>Tells the reviewers once more, when the burst commits and the approval is still pending.</summary>
    CommitWrite Remind(Guid workspaceId, Guid approvalId);
}

/// <summary>An approval to ask for.</summary>
/// <param name="ApprovalId">Chosen by the caller. The stimulus <c>approval:&lt;id&gt;</c> carries the decision: <c>{outcome, approved, rejected, open}</c>.</param>
/// <param name="NodeId">The box; its rounds belong together.</param>
/// <param name="Roles">Who may decide in the app; empty: everybody in the workspace.</param>
/// <param name="NotBy">Who may not decide, because he asked for it; null: nobody is kept out.</param>
/// <param name="NotByRequester">Keeps out whoever started the campaign.</param>
/// <param name="BySomebodyElse">Confirms what another box approved: not by those who decided there, and without edits.</param>
public sealed record ApprovalRequest(
    Guid ApprovalId, RunCampaign Campaign, Guid InstanceId, string NodeId, TimeSpan TimeOut, IReadOnlyList<string> Roles, string? NotBy,
    bool BySomebodyElse = false, bool NotByRequester = false);
