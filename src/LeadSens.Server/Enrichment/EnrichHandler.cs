using System.Text.Json;
using LeadSens.Server.Ai;
using LeadSens.Server.Connections;
using LeadSens.Server.Data;
using LeadSens.Server.Jobs;
using LeadSens.Server.Leads;
using Npgsql;

namespace LeadSens.Server.Enrichment;

/// <summary>Where to read and what to call the company.</summary>
internal sealed record EnrichInput(string? Website, string? CompanyName);

/// <summary>A page that was read and cut: the checkpoint between scrape and summary.</summary>
internal sealed record ScrapedPage(string Website, string Text);

/// <summary>A summarised site.</summary>
internal sealed record EnrichResult(string Website, CompanyProfile Profile);

/// <summary>Reads a company's site, then summarises it. A site that cannot be read ends the job as failed and leaves the lead's status as it is.</summary>
internal sealed class EnrichHandler(ProviderFor<PageReader> reader, StructuredModel model, ModelPrices prices, ProviderFor<LanguageModels> models)
    : JobHandler<EnrichInput, EnrichResult>
{
    private const int MaxTokens = 900;
    private const int UsualBytes = 12_000;
    private const int DefaultMaxCharacters = 5_000;
    private static readonly PromptFile Prompt = PromptFile.Load("Enrichment", "summary.v1");

    public override string Kind => "lead.enrich";

    public override string SelectSql => """
        select id as lead_id, null::jsonb as payload from leads
        where workspace_id = @workspace and campaign_id = @campaign and status = 'Qualified' and enrichment_status in ('None', 'Failed')
        order by id
        """;

    public override decimal ReservedUsd => prices.MostFor("summary", UsualBytes, MaxTokens);

    /// <summary>Short: a slow site holds nobody up for minutes.</summary>
    public override IReadOnlyList<TimeSpan> RetrySchedule { get; } = [TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(10)];

    public override async ValueTask<IReadOnlyList<LimitCost>> CostsAsync(Guid workspaceId, CancellationToken cancellationToken)
    {
        var reading = await reader.CostsAsync(workspaceId, calls: 1, cancellationToken);
        var summarising = await models.CostsAsync(workspaceId, calls: 1, cancellationToken);
        return [.. reading, .. summarising];
    }

    public override async Task<IReadOnlyDictionary<Guid, EnrichInput>> LoadAsync(NpgsqlConnection connection, IReadOnlyList<ClaimedJob> jobs, CancellationToken cancellationToken) =>
        jobs.ByJob(await connection.ListAsync(EnrichSql.Leads, row => (row.GetGuid(0), new EnrichInput(row.Text(1), row.Text(2))), cancellationToken, jobs.LeadIds(), jobs.WorkspaceId()));

    public override async Task<JobOutcome<EnrichResult>> RunAsync(ClaimedJob job, EnrichInput input, JobProgress progress, CancellationToken cancellationToken)
    {
        var page = await ReadAsync(job, input, progress, cancellationToken);
        if (!page.Succeeded) return page.Failure;
        var user = $"<company>{PromptJson.Plain(input.CompanyName ?? "")}</company>\n<page>\n{PromptJson.Plain(page.Value.Text)}\n</page>";
        var profile = await model.AskAsync(
            new("summary", Prompt.Version, Prompt.Text, user, ProfileSchema.Value, MaxTokens, job.WorkspaceId) { CampaignId = job.CampaignId, LeadId = job.LeadId, Budget = progress.Budget },
            EnrichmentJson.Default.CompanyProfile, null, cancellationToken);
        return profile.Succeeded ? new EnrichResult(page.Value.Website, profile.Value) : profile.Failure;
    }

    public override Task BeforeSaveAsync(CancellationToken cancellationToken) => model.RecordCallsAsync(cancellationToken);

    public override Task SaveAsync(NpgsqlConnection connection, IReadOnlyList<EndedJob<EnrichResult>> ended, CancellationToken cancellationToken) =>
        EnrichSql.SaveAsync(connection, ended, Prompt.Version, reader.Name, cancellationToken);

    /// <summary>The page of an earlier attempt, else a scrape, which is stored before the summary: nobody pays for it twice.</summary>
    private async Task<ProviderResult<ScrapedPage>> ReadAsync(ClaimedJob job, EnrichInput input, JobProgress progress, CancellationToken cancellationToken)
    {
        if (job.Checkpoint.ValueKind == JsonValueKind.Object) return job.Checkpoint.Deserialize(EnrichmentJson.Default.ScrapedPage)!;
        if (CompanyWebsite.Of(input.Website, input.CompanyName) is not { } website)
            return new ProviderFailure(ProviderFailureKind.NotFound, reader.Name, "Neither a website nor a company is known.");
        var account = await reader.ForAsync(job.WorkspaceId, cancellationToken);
        if (!account.Succeeded) return account.Failure;
        var answer = await reader.Part.ReadAsync(account.Value, website, cancellationToken);
        if (!answer.Succeeded) return answer.Failure;
        var page = new ScrapedPage(answer.Value.Url, Cut(answer.Value.Text, MaxCharacters(job.Parameters)));
        progress.Checkpoint(JsonSerializer.SerializeToElement(page, EnrichmentJson.Default.ScrapedPage));
        return page;
    }

    private static int MaxCharacters(JsonElement parameters) =>
        parameters.ValueKind == JsonValueKind.Object && parameters.TryGetProperty("maxCharacters", out var most) ? most.GetInt32() : DefaultMaxCharacters;

    /// <summary>Never in the middle of a character of two halves, and without the zero that PostgreSQL cannot store.</summary>
    private static string Cut(string text, int most)
    {
        var clean = text.Contains('\0', StringComparison.Ordinal) ? text.Replace("\0", "", StringComparison.Ordinal) : text;
        if (clean.Length <= most) return clean;
        return clean[..(char.IsHighSurrogate(clean[most - 1]) ? most - 1 : most)];
    }
}
