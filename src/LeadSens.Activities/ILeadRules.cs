using LeadSens.Engine;

namespace LeadSens.Activities;

/// <summary>Decisions over all leads of a campaign that need no provider: each is counted now and written with the burst.</summary>
public interface ILeadRules
{
    /// <summary>Splits the scored leads at the threshold, inclusive.</summary>
    ValueTask<FilterPlan> FilterAsync(RunCampaign campaign, int threshold, CancellationToken cancellationToken);

    /// <summary>Judges the qualified leads' addresses by the verification status that came with them.</summary>
    ValueTask<VerificationPlan> VerifyAsync(RunCampaign campaign, CancellationToken cancellationToken);
}

/// <summary>What a filter will do.</summary>
public sealed record FilterPlan(long Qualified, long Skipped, CommitWrite Write);

/// <summary>What a verification will do.</summary>
public sealed record VerificationPlan(long Verified, long NotVerified, long NeedsReview, CommitWrite Write);
