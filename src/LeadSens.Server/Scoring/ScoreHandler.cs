using System.Text.Json;
using LeadSens.Server.Ai;
using LeadSens.Server.Campaigns;
using LeadSens.Server.Connections;
using LeadSens.Server.Data;
using LeadSens.Server.Jobs;
using LeadSens.Server.Leads;
using Npgsql;

namespace LeadSens.Server.Scoring;

/// <summary>What a score is made from.</summary>
/// <param name="IcpBlock">The ICP as the model sees it; made once for all leads of a campaign.</param>
internal sealed record ScoreInput(string IcpBlock, LeadFacts Lead);

/// <summary>Scores one lead against its campaign's ICP with one call of the small model.</summary>
internal sealed class ScoreHandler(StructuredModel model, ModelPrices prices, ProviderFor<LanguageModels> models) : JobHandler<ScoreInput, LeadScore>
{
    private const int MaxTokens = 300;
    private const int UsualBytes = 6_000;
    private static readonly PromptFile Prompt = PromptFile.Load("Scoring", "score.v1");

    public override string Kind => "lead.score";

    public override string SelectSql { get; } = $"""
        select id as lead_id, null::jsonb as payload from leads
        where workspace_id = @workspace and campaign_id = @campaign and {LeadMoves.Score.Takes("leads")}
        order by id
        """;

    public override decimal ReservedUsd => prices.MostFor("score", UsualBytes, MaxTokens);

    public override ValueTask<IReadOnlyList<LimitCost>> CostsAsync(Guid workspaceId, CancellationToken cancellationToken) =>
        models.CostsAsync(workspaceId, calls: 1, cancellationToken);

    public override async Task<IReadOnlyDictionary<Guid, ScoreInput>> LoadAsync(NpgsqlConnection connection, IReadOnlyList<ClaimedJob> jobs, CancellationToken cancellationToken)
    {
        var icps = (await connection.ListAsync(ScoreSql.Icps, row => (Id: row.GetGuid(0), Icp: row.GetString(1)), cancellationToken, jobs.Select(job => job.RequireCampaign()).Distinct().ToArray(), jobs.WorkspaceId()))
            .ToDictionary(campaign => campaign.Id, campaign => IcpBlock(campaign.Icp));
        var leads = await connection.ListAsync(
            ScoreSql.Leads, row => (Id: row.GetGuid(0), Input: new ScoreInput(icps[row.GetGuid(1)], LeadFacts.Read(row, 2))), cancellationToken, jobs.LeadIds(), jobs.WorkspaceId());
        return jobs.ByJob(leads);
    }

    public override async Task<JobOutcome<LeadScore>> RunAsync(ClaimedJob job, ScoreInput input, JobProgress progress, CancellationToken cancellationToken)
    {
        var user = $"<icp>\n{input.IcpBlock}\n</icp>\n<lead>\n{JsonSerializer.Serialize(input.Lead, PromptJson.Readable.LeadFacts)}\n</lead>";
        var answer = await model.AskAsync(
            new("score", Prompt.Version, Prompt.Text, user, ScoreSchema.Value, MaxTokens, job.WorkspaceId) { CampaignId = job.CampaignId, LeadId = job.LeadId, Budget = progress.Budget },
            ScoreJson.Default.LeadScore, null, cancellationToken);
        return answer.Succeeded ? answer.Value : answer.Failure;
    }

    public override Task BeforeSaveAsync(CancellationToken cancellationToken) => model.RecordCallsAsync(cancellationToken);

    public override Task SaveAsync(NpgsqlConnection connection, IReadOnlyList<EndedJob<LeadScore>> ended, CancellationToken cancellationToken) =>
        ScoreSql.SaveAsync(connection, ended, cancellationToken);

    private static string IcpBlock(string icp) =>
        JsonSerializer.Serialize(JsonSerializer.Deserialize(icp, IcpJson.Default.Icp)!, PromptJson.Readable.Icp);
}
