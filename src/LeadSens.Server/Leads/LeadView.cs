using LeadSens.Server.Api;
using LeadSens.Server.Enrichment;

namespace LeadSens.Server.Leads;

/// <summary>A lead with everything that is known and was written about it.</summary>
/// <param name="Records">What each source said, as it said it.</param>
/// <param name="ExclusionReason">Why the campaign does not write to the lead; null when it may.</param>
/// <param name="Failure">What is missing and why; null when nothing is.</param>
internal sealed record LeadView(
    Guid Id, Guid CampaignId, string? Email, string? FirstName, string? LastName, string? JobTitle, string? CompanyName, string? Website, string? Industry,
    string? CompanySize, string? Country, string? City, string? LinkedInUrl, [property: OneOf(typeof(LeadStatus))] string Status,
    [property: OneOf(typeof(EnrichmentStatus))] string EnrichmentStatus, [property: OneOf(typeof(VerificationStatus))] string VerificationStatus,
    string? ExclusionReason, string? Failure, LeadScoreView? Score, LeadEnrichmentView? Enrichment, IReadOnlyList<LeadDraftView> Drafts,
    IReadOnlyList<LeadRecord> Records, LeadProvenance Provenance);

internal sealed record LeadRecord(string Source, string SourceId, int? VerificationStatus, DateTimeOffset CreatedAt);

internal sealed record LeadScoreView(int Score, [property: OneOf(typeof(ScoreBand))] string Band, ScoreBreakdown Breakdown, string Reason);

/// <summary>Fit per dimension, 1 to 10.</summary>
internal sealed record ScoreBreakdown(int JobTitleFit, int CompanyFit, int IndustryRelevance, int LocationFit);

internal sealed record LeadEnrichmentView(string? Website, CompanyProfile? Profile, string? Failure, string? PromptVersion, DateTimeOffset EnrichedAt);

/// <summary>One e-mail of the sequence; the originals are there when a reviewer edited it.</summary>
internal sealed record LeadDraftView(
    int Step, string Subject, string Body, string? OriginalSubject, string? OriginalBody, string Language, string PromptVersion, IReadOnlyList<string> Flags, DateTimeOffset CreatedAt);

/// <summary>Where what is known comes from.</summary>
internal sealed record LeadProvenance(string OriginalSource, string? EnrichmentSource, string? VerificationSource, DateTimeOffset? VerifiedAt, DateTimeOffset UpdatedAt);
