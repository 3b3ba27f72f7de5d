using System.Text;
using System.Text.Json;
using LeadSens.Server.Ai;
using LeadSens.Server.Jobs;
using LeadSens.Server.Leads;

namespace LeadSens.Server.Drafting;

/// <summary>Writes one e-mail: asks the large model, checks its rules in code, has it redone once, and flags what it still breaks.</summary>
internal sealed class DraftWriter(StructuredModel model)
{
    public const int MaxTokens = 700;
    public static readonly PromptFile Prompt = PromptFile.Load("Drafting", "draft.v1");

    public async Task<ProviderResult<WrittenDraft>> WriteAsync(
        ClaimedJob job, DraftInput input, SequenceStep step, IReadOnlyList<string> previousSubjects, JobBudget? budget, CancellationToken cancellationToken)
    {
        var brief = new DraftBrief(step, input.Lead.FirstName, DraftFacts.Of(input.Lead, input.Profile), previousSubjects);
        var first = await AskAsync(job, Blocks(input, step, previousSubjects, []), budget, cancellationToken);
        if (!first.Succeeded) return first.Failure;
        var broken = DraftRules.Check(first.Value, brief);
        if (broken.Count == 0) return Written(first.Value, broken);

        var second = await AskAsync(job, Blocks(input, step, previousSubjects, [.. broken.Select(rule => rule.Problem)]), budget, cancellationToken);
        return second.Succeeded ? Written(second.Value, DraftRules.Check(second.Value, brief)) : second.Failure;
    }

    public Task RecordCallsAsync(CancellationToken cancellationToken) => model.RecordCallsAsync(cancellationToken);

    private async Task<ProviderResult<DraftText>> AskAsync(ClaimedJob job, string user, JobBudget? budget, CancellationToken cancellationToken)
    {
        var answer = await model.AskAsync(
            new("draft", Prompt.Version, Prompt.Text, user, DraftSchema.Value, MaxTokens, job.WorkspaceId) { CampaignId = job.CampaignId, LeadId = job.LeadId, Budget = budget },
            DraftJson.Default.DraftText, null, cancellationToken);
        return answer.Succeeded ? answer.Value.Trimmed() : answer.Failure;
    }

    private static WrittenDraft Written(DraftText draft, IReadOnlyList<BrokenRule> broken) => new(draft.Subject, draft.Body, [.. broken.Select(rule => rule.Flag)]);

    private static string Blocks(DraftInput input, SequenceStep step, IReadOnlyList<string> previousSubjects, IReadOnlyList<string> problems)
    {
        var json = PromptJson.Readable;
        var text = new StringBuilder(2_048)
            .Append("<company_dna>\n").Append(input.CompanyDna).Append("\n</company_dna>\n<lead>\n").Append(JsonSerializer.Serialize(input.Lead, json.LeadFacts))
            .Append("\n</lead>\n<research>\n").Append(input.Profile is null ? "null" : JsonSerializer.Serialize(input.Profile, json.CompanyProfile))
            .Append("\n</research>\n<step>").Append(step.Number).Append("</step>\n<framework>").Append(step.Framework)
            .Append("</framework>\n<max_words>").Append(step.MaxWords).Append("</max_words>\n<language>").Append(input.Language)
            .Append("</language>\n<previous_subjects>").Append(JsonSerializer.Serialize(previousSubjects, json.IReadOnlyListString))
            .Append("</previous_subjects>\n<style_samples>").Append(input.StyleBlock).Append("</style_samples>");
        if (input.ChangesRequested is { } wish) text.Append("\n<changes_requested>").Append(PromptJson.Plain(wish)).Append("</changes_requested>");
        if (problems.Count > 0) text.Append("\n<problems>").Append(JsonSerializer.Serialize(problems, json.IReadOnlyListString)).Append("</problems>");
        return text.ToString();
    }
}
