using LeadSens.Server.Data;

namespace LeadSens.Server.Campaigns;

/// <summary>Folds what statements appended to campaigns' figures into the campaigns' own rows, so that reading them sums up a few seconds' worth at most. The
/// figures are the same before and after.</summary>
internal sealed class FoldCounts(SystemDatabase database, TimeProvider time, ILogger<FoldCounts> logger) : BackgroundService
{
    private const int Portion = 1_000;
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    private static readonly string[] Columns =
    [
        "sourced", "duplicates", "suppressed", "scored", "skipped", "qualified", "enriched", "verified", "not_verified", "needs_review", "drafted",
        "rejected", "synced", "failed", "approved", "intents",
        "pushed", "refused",
    ];

    /// <summary>Several nodes take different rows, and the campaigns' rows in the order of their ids. What is left of a campaign that is gone goes,
    /// too.</summary>
    private static readonly string Sql = $"""
        with taken as (
            delete from campaign_count_changes where ctid = any (array(
                select ctid from campaign_count_changes order by campaign_id limit $1 for update skip locked))
            returning campaign_id, {string.Join(", ", Columns)}),
        folded as (
            insert into campaign_counts as kept (workspace_id, campaign_id, {string.Join(", ", Columns)})
            select c.workspace_id, c.id, {string.Join(", ", Columns.Select(column => $"sum(t.{column})"))}
            from taken t join campaigns c on c.id = t.campaign_id group by c.workspace_id, c.id order by c.id
            on conflict (campaign_id) do update set {string.Join(", ", Columns.Select(column => $"{column} = kept.{column} + excluded.{column}"))})
        select count(*) from taken
        """;

    public async Task SweepAsync(CancellationToken cancellationToken)
    {
        while (await database.FirstAsync(Sql, row => row.GetInt64(0), cancellationToken, Portion) == Portion)
        {
            // There may be more.
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await SweepAsync(stoppingToken);
            }
            catch (Exception failure) when (!stoppingToken.IsCancellationRequested)
            {
                Log.FoldingFailed(logger, failure);
            }
        }
    }
}
