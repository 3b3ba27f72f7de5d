using LeadSens.Engine;

namespace LeadSens.Activities;

/// <summary>Opens, reminds of and times out the approvals behind a RequestApproval box.</summary>
public interface IApprovals
{
    /// <summary>Prepares one round: an approval over the campaign's leads that this box has not decided yet. Nothing is written before the burst commits.</summary>
    ApprovalTicket Open(ApprovalRequest request);

    /// <summary>Ends a pending approval as timed out. Answers the outcome that stands: a decision that came first wins.</summary>
    Task<string> TimeOutAsync(Guid approvalId, CancellationToken cancellationToken);

    /// <summary>Reminds the reviewers of a pending approval, once the burst commits.</summary>
    CommitWrite Remind(Guid approvalId);
}

/// <summary>An approval to ask for.</summary>
/// <param name="NodeId">The box; its rounds belong together.</param>
/// <param name="Roles">Who may decide in the app; empty: everybody in the workspace.</param>
/// <param name="NotBy">Who may not decide, because he asked for it; null: nobody is kept out.</param>
public sealed record ApprovalRequest(
    Guid WorkspaceId, Guid CampaignId, Guid InstanceId, string NodeId, TimeSpan TimeOut, IReadOnlyList<string> Roles, string? NotBy);

/// <summary>An opened approval.</summary>
/// <param name="Key">The stimulus that carries the decision; its payload is <c>{outcome, approved, rejected, open}</c>.</param>
/// <param name="Write">Creates the approval in the burst's transaction. Where no lead is left to decide, it is decided in the same transaction.</param>
public sealed record ApprovalTicket(Guid ApprovalId, string Key, CommitWrite Write);
