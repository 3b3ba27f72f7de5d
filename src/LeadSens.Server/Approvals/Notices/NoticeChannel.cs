using Npgsql;

namespace LeadSens.Server.Approvals;

/// <summary>Where a workspace hears of approvals beside its reviewers' mails: what a provider has that posts to a place many people read.</summary>
internal abstract class NoticeChannel
{
    /// <summary>In the caller's transaction. The same occasion is told once, however often it is asked for; nothing happens where the workspace has no such
    /// channel.</summary>
    public abstract Task AddAsync(NpgsqlConnection connection, ApprovalFacts facts, string occasion, CancellationToken cancellationToken);
}
