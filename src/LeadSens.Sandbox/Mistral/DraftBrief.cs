using System.Globalization;
using System.Text.Json;
using LeadSens.Sandbox.Data;
using LeadSens.Sandbox.Http;

namespace LeadSens.Sandbox.Mistral;

/// <summary>What an e-mail is to be written from.</summary>
/// <param name="Fact">The fact of this step: a problem first, then a product or technology, then a market or an industry.</param>
/// <param name="Asked">What a reviewer wants said, quoted in the request for changes.</param>
/// <param name="IsRedo">The last version broke rules.</param>
/// <param name="IsTerse">Only the necessary: asked for, or the style that reviewers' edits show.</param>
internal sealed record DraftBrief(
    int Step, int MaxWords, string Language, string? FirstName, string? Company, string? Role, string? Sender, string? Fact,
    string[] PreviousSubjects, string? Asked, bool IsRedo, bool IsTerse, Dice Dice)
{
    private const int MostFactWords = 12;

    public static DraftBrief Read(Prompt prompt)
    {
        var lead = prompt.Json("lead");
        var research = prompt.Json("research");
        var changes = prompt.Block("changes_requested") ?? "";
        var isRedo = prompt.Block("problems") is not null;
        var step = Math.Clamp(Whole(prompt.Block("step"), 1), 1, 3);
        var dice = Dice.Of(step, lead.ValueKind is JsonValueKind.Undefined ? "" : lead.GetRawText()).With(changes).With(isRedo ? 1 : 0);
        return new DraftBrief(
            step,
            Whole(prompt.Block("max_words"), 150),
            prompt.Block("language") ?? "en",
            Plain(lead.Text("firstName")),
            Plain(lead.Text("companyName")),
            Plain(lead.Text("jobTitle")),
            SenderOf(prompt.Block("company_dna")),
            Facts(step, lead, research).Select(Plain).FirstOrDefault(fact => fact is not null),
            Texts(prompt.Json("previous_subjects")),
            Plain(Quoted(changes)),
            isRedo,
            isRedo || WantsLess(changes) || EditsAreShorter(prompt.Json("style_samples")),
            dice);
    }

    private static IEnumerable<string?> Facts(int step, JsonElement lead, JsonElement research)
    {
        string[][] lists = [research.Texts("painPoints"), [.. research.Texts("products"), .. research.Texts("techStack")], [.. research.Texts("signals"), .. research.Texts("recentNews")]];
        for (var i = 0; i < lists.Length; i++)
        {
            foreach (var fact in lists[(step - 1 + i) % lists.Length])
            {
                yield return fact;
            }
        }

        yield return research.Text("targetMarket");
        yield return lead.Text("industry");
        yield return lead.Text("city");
    }

    /// <summary>The DNA's first line names who writes.</summary>
    private static string? SenderOf(string? dna) =>
        Plain(dna?.Split('\n').Select(line => line.Trim(' ', '#')).FirstOrDefault(line => line.Length > 0)?.Split(" is ")[0]);

    /// <summary>One line without question marks, links or more than a few words: what came from outside stays a fact.</summary>
    private static string? Plain(string? text)
    {
        if (string.IsNullOrWhiteSpace(text) || text.Contains("://", StringComparison.Ordinal) || text.Contains('@', StringComparison.Ordinal))
        {
            return null;
        }

        var words = text.Replace("?", "", StringComparison.Ordinal).Split((char[])[' ', '\n', '\r', '\t'], StringSplitOptions.RemoveEmptyEntries);
        return words.Length == 0 ? null : string.Join(' ', words.Take(MostFactWords)).TrimEnd('.', ',', ';', ':');
    }

    private static string? Quoted(string text)
    {
        var parts = text.Split('"', '“', '”', '«', '»');
        return parts.Length >= 3 ? parts[1].Trim() : null;
    }

    private static bool WantsLess(string changes) =>
        changes.Contains("short", StringComparison.OrdinalIgnoreCase) || changes.Contains("court", StringComparison.OrdinalIgnoreCase);

    private static bool EditsAreShorter(JsonElement samples) => samples.ValueKind is JsonValueKind.Array && samples.GetArrayLength() > 0
        && samples.EnumerateArray().All(sample => (sample.Text("edited")?.Length ?? 0) < (sample.Text("original")?.Length ?? 0));

    private static string[] Texts(JsonElement list) => list.ValueKind is JsonValueKind.Array
        ? [.. list.EnumerateArray().Where(item => item.ValueKind is JsonValueKind.String).Select(item => item.GetString()!)]
        : [];

    private static int Whole(string? text, int otherwise) => int.TryParse(text, CultureInfo.InvariantCulture, out var number) ? number : otherwise;
}
