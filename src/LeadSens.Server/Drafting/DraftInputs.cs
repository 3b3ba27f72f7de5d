using System.Text.Json;
using LeadSens.Server.Contacts;
using LeadSens.Server.Data;
using LeadSens.Server.Enrichment;
using LeadSens.Server.Jobs;
using LeadSens.Server.Leads;
using Npgsql;

namespace LeadSens.Server.Drafting;

/// <summary>What a sequence is written from.</summary>
/// <param name="CompanyDna">Whom the e-mails are written for; shared by all jobs of a workspace.</param>
/// <param name="StyleBlock">The last style samples as the model sees them; shared as well.</param>
internal sealed record DraftInput(LeadFacts Lead, CompanyProfile? Profile, string? ChangesRequested, string CompanyDna, string StyleBlock)
{
    public string Language => DraftLanguage.Of(Lead.Country);
}

internal static class DraftInputs
{
    private const int DefaultStyleSamples = 5;

    private static readonly string LeadsSql = $"""
        select l.id, l.workspace_id, e.profile, l.changes_requested, {LeadFacts.Columns}
        from leads l {KnownCompany.Join}
        where l.id = any($1) and {SqlText.Check("l.workspace_id = $2")} and l.verification_status = 'Verified' and {LeadMoves.Draft.Takes("l")}
        """;

    private const string DnaSql = "select company_dna from workspaces where id = $1";
    private const string SamplesSql = "select original, edited from style_samples where workspace_id = $1 order by id desc limit $2";

    public static async Task<IReadOnlyDictionary<Guid, DraftInput>> LoadAsync(NpgsqlConnection connection, IReadOnlyList<ClaimedJob> jobs, CancellationToken cancellationToken)
    {
        var shared = new Dictionary<Guid, (string Dna, string Style)>();
        foreach (var workspace in jobs.GroupBy(job => job.WorkspaceId))
            shared[workspace.Key] = await SharedAsync(connection, workspace.Key, workspace.Max(job => StyleSamples(job.Parameters)), cancellationToken);
        return jobs.ByJob(await connection.ListAsync(LeadsSql, row => (row.GetGuid(0), Read(row, shared[row.GetGuid(1)])), cancellationToken, jobs.LeadIds(), jobs.WorkspaceId()));
    }

    private static DraftInput Read(NpgsqlDataReader row, (string Dna, string Style) shared) => new(
        LeadFacts.Read(row, 4), row.Text(2) is { } profile ? JsonSerializer.Deserialize(profile, LeadJson.Default.CompanyProfile) : null, row.Text(3), shared.Dna, shared.Style);

    private static async Task<(string Dna, string Style)> SharedAsync(NpgsqlConnection connection, Guid workspaceId, int samples, CancellationToken cancellationToken)
    {
        var dna = await connection.FirstAsync(DnaSql, row => row.GetString(0), cancellationToken, workspaceId) ?? "";
        IReadOnlyList<StyleSample> style = await connection.ListAsync(SamplesSql, row => new StyleSample(row.GetString(0), row.GetString(1)), cancellationToken, workspaceId, samples);
        return (PromptJson.Plain(dna), JsonSerializer.Serialize(style, PromptJson.Readable.IReadOnlyListStyleSample));
    }

    private static int StyleSamples(JsonElement parameters) =>
        parameters.ValueKind == JsonValueKind.Object && parameters.TryGetProperty("styleSamples", out var count) ? count.GetInt32() : DefaultStyleSamples;
}
