namespace LeadSens.Server.Tests.Support;

/// <summary>A stage of the shipped graph, and a call of it that makes its batch wait: a read that is answered "later", or a write that is
/// refused for now (an unanswered one would be looked up).</summary>
/// <param name="Reconciles">After a cancel it still looks for what it began.</param>
internal sealed record StagePoint(string Kind, FaultTarget Target, int Status, bool Reconciles = false)
{
    /// <summary>Ten minutes by the database's clock.</summary>
    private const int RetryAfter = 600;

    public static readonly TimeSpan Over = TimeSpan.FromSeconds(RetryAfter + 60);

    /// <summary>In the order of the graph; the approval lies between the drafts and the push.</summary>
    public static readonly IReadOnlyList<StagePoint> All =
    [
        new("campaign.count", new("instantly", "/api/v2/supersearch-enrichment/count"), 503),
        new("campaign.source", new("instantly", "/api/v2/supersearch-enrichment/enrich"), 429, Reconciles: true),
        new("lead.deduplicate", new("hubspot", Contains: "/batch/read"), 503),
        new("lead.score", new("mistral", Contains: "lead_score"), 503),
        new("lead.enrich", new("jina"), 503),
        new("lead.draft", new("mistral", Contains: "email_step"), 503),
        new("campaign.push", new("instantly", "/api/v2/leads/add"), 429, Reconciles: true),
        new("campaign.activate", new("instantly", "/api/v2/campaigns", "/activate"), 429, Reconciles: true),
        new("crm.sync", new("hubspot", Contains: "/batch/upsert"), 503),
    ];

    public static TheoryData<string> Kinds => [.. All.Select(point => point.Kind)];

    public bool IsAfterApproval => Kind is "campaign.push" or "campaign.activate" or "crm.sync";

    public object Fault => Target.With(BadAnswer.Of(Status, RetryAfter), times: 1);

    public static StagePoint Of(string kind) => All.Single(point => point.Kind == kind);

    /// <summary>Waits until the stage has nothing under way and something that is due in minutes.</summary>
    public Task ReachedAsync(TestDatabase db, Guid campaignId) => Eventually.Be(
        () => db.ScalarAsync<bool>("""
            select exists (select from jobs where campaign_id = $1 and kind = $2 and state = 'Queued' and failure_kind is not null and run_after > clock_now() + interval '5 minutes')
                and not exists (select from jobs where campaign_id = $1 and state = 'Running')
                and not exists (select from jobs where campaign_id = $1 and state = 'Queued' and run_after <= clock_now())
            """, campaignId, Kind), TimeSpan.FromSeconds(30), Kind);
}
