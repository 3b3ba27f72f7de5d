using System.Text.Json;
using LeadSens.Server.Connections;
using LeadSens.Server.Data;
using LeadSens.Server.Identity;
using LeadSens.Server.UseCases;
using Npgsql;

namespace LeadSens.Server.Campaigns;

/// <summary>What a campaign will take, before anything is spent.</summary>
/// <param name="QualifiedShare">Share of leads that is expected to reach the threshold: the workspace's own past, else a half.</param>
/// <param name="Credits">Of whoever sells the leads: one per lead.</param>
/// <param name="Calls">By provider.</param>
internal sealed record Forecast(
    long Leads, double QualifiedShare, long Credits, IReadOnlyDictionary<string, long> Calls, CostForecast Cost, bool ExceedsBudget);

/// <summary>Expected cost of the language model, and the most that it can be when every lead qualifies and every draft is redone.</summary>
internal sealed record CostForecast(decimal Usd, decimal MostUsd, string Currency = "USD");

/// <summary>Forecasts calls and cost from the limit, and from how many leads qualified before.</summary>
internal sealed class ForecastCampaign(Database database, ProviderRegistry providers) : IUseCase<ForecastCampaign, CampaignId, Forecast>
{
    private const double AssumedShare = 0.5;
    private const int EnoughHistory = 50;

    /// <summary>Averages of the shipped prompts, in USD per call.</summary>
    private const decimal ScoreUsd = 0.00015m, SummaryUsd = 0.0004m, DraftUsd = 0.0012m;

    private const string Sql = """
        select lead_limit, budget_usd, targets,
            (select count(*) from leads l where l.workspace_id = $1 and l.score is not null),
            (select count(*) from leads l where l.workspace_id = $1 and l.score >= c.threshold),
            leads_counted
        from campaigns c where workspace_id = $1 and id = $2
        """;

    public static UseCase Declaration { get; } = new("forecastCampaign", "What a campaign will take and cost", Permission.Read);

    public async Task<Outcome<Forecast>> RunAsync(Caller caller, CampaignId request, CancellationToken cancellationToken) =>
        await database.FirstAsync(Sql, row => Read(row, providers), cancellationToken, caller.WorkspaceId, request.Id) is { } forecast
            ? forecast : CampaignRefusals.NotFound();

    private static Forecast Read(NpgsqlDataReader row, ProviderRegistry providers)
    {
        var (scored, counted) = (row.GetInt64(3), row.GetInt64(5));
        var share = scored >= EnoughHistory ? Math.Round((double)row.GetInt64(4) / scored, 3) : AssumedShare;
        var leads = counted > 0 ? Math.Min(counted, row.GetInt32(0)) : row.GetInt32(0);
        return Make(leads, share, row.Maybe<decimal>(1), row.GetFieldValue<string[]>(2), providers);
    }

    internal static Forecast Make(long leads, double share, decimal? budgetUsd, string[] targets, ProviderRegistry providers)
    {
        var qualified = (long)Math.Ceiling(leads * share);
        var size = new CampaignSize(leads, qualified, targets);
        var calls =
            providers.With<CampaignUse>().ToDictionary(one => JsonNamingPolicy.CamelCase.ConvertName(one.Provider.Identifier), one => one.Part.CallsOf(size));
        var expected = (leads * ScoreUsd) + (qualified * (SummaryUsd + (3 * DraftUsd)));
        var most = (leads * 2 * ScoreUsd) + (leads * 2 * (SummaryUsd + (6 * DraftUsd)));
        return new(leads, share, leads, calls, new(expected, most), budgetUsd < expected);
    }
}
