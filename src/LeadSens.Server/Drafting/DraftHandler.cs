using System.Text.Json;
using LeadSens.Server.Ai;
using LeadSens.Server.Connections;
using LeadSens.Server.Jobs;
using Npgsql;

namespace LeadSens.Server.Drafting;

/// <summary>An e-mail as it is stored; flags name the rules that it still breaks.</summary>
internal sealed record WrittenDraft(string Subject, string Body, IReadOnlyList<string> Flags);

/// <summary>A whole sequence.</summary>
internal sealed record DraftedSequence(string Language, IReadOnlyList<WrittenDraft> Drafts);

/// <summary>Writes a lead's three e-mails one after the other, because each must see the subjects before it. Each is stored as it is written.</summary>
internal sealed class DraftHandler(DraftWriter writer, ModelPrices prices, ProviderFor<LanguageModels> models) : JobHandler<DraftInput, DraftedSequence>
{
    private const int UsualBytes = 10_000;

    public override string Kind => "lead.draft";

    /// <summary>Verified leads without drafts, those with requested changes, and those that an earlier round could not write.</summary>
    public override string SelectSql => """
        select id as lead_id, null::jsonb as payload from leads
        where workspace_id = @workspace and campaign_id = @campaign and verification_status = 'Verified'
          and (status = 'Qualified' or status = 'Drafted' and changes_requested is not null or status = 'Failed' and failed_from in ('Qualified', 'Drafted'))
        order by id
        """;

    public override int Concurrency => models.Part.DraftConcurrency ?? base.Concurrency;

    public override decimal ReservedUsd => SequenceStep.All.Count * prices.MostFor("draft", UsualBytes, DraftWriter.MaxTokens);

    public override ValueTask<IReadOnlyList<LimitCost>> CostsAsync(Guid workspaceId, CancellationToken cancellationToken) =>
        models.CostsAsync(workspaceId, calls: SequenceStep.All.Count, cancellationToken);

    public override Task<IReadOnlyDictionary<Guid, DraftInput>> LoadAsync(NpgsqlConnection connection, IReadOnlyList<ClaimedJob> jobs, CancellationToken cancellationToken) =>
        DraftInputs.LoadAsync(connection, jobs, cancellationToken);

    public override async Task<JobOutcome<DraftedSequence>> RunAsync(ClaimedJob job, DraftInput input, JobProgress progress, CancellationToken cancellationToken)
    {
        var drafts = job.Checkpoint.ValueKind == JsonValueKind.Array ? job.Checkpoint.Deserialize(DraftJson.Default.ListWrittenDraft)! : [];
        foreach (var step in SequenceStep.All.Skip(drafts.Count))
        {
            var written = await writer.WriteAsync(job, input, step, [.. drafts.Select(draft => draft.Subject)], progress.Budget, cancellationToken);
            if (!written.Succeeded) return written.Failure;
            drafts.Add(written.Value);
            if (step.Number < SequenceStep.All.Count) progress.Checkpoint(JsonSerializer.SerializeToElement(drafts, DraftJson.Default.ListWrittenDraft));
        }

        return new DraftedSequence(input.Language, drafts);
    }

    public override Task BeforeSaveAsync(CancellationToken cancellationToken) => writer.RecordCallsAsync(cancellationToken);

    public override Task SaveAsync(NpgsqlConnection connection, IReadOnlyList<EndedJob<DraftedSequence>> ended, CancellationToken cancellationToken) =>
        DraftSql.SaveAsync(connection, ended, cancellationToken);
}
