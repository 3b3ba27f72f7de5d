using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using LeadSens.Sandbox.Control;

namespace LeadSens.Sandbox.Mistral;

/// <summary>Writes one e-mail of a sequence from the facts in the prompt: the first name first, one question, no more words than allowed.</summary>
internal static class EmailStep
{
    private const int LongestSubject = 60;
    private static readonly JsonSerializerOptions Readable = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Answer(Prompt prompt, Spoil? fault)
    {
        var brief = DraftBrief.Read(prompt);
        var copy = brief.Language == "fr" ? EmailCopy.French : EmailCopy.English;
        var subject = Subject(brief, copy);
        var body = fault is Spoil.Stubborn || fault is Spoil.TooLong && !brief.IsRedo ? TooLong(brief, copy) : Body(brief, copy);
        return new JsonObject { ["subject"] = subject, ["body"] = body }.ToJsonString(Readable);
    }

    /// <summary>The first that fits and was not used before.</summary>
    private static string Subject(DraftBrief brief, EmailCopy copy)
    {
        var templates = copy.Subjects[brief.Step - 1];
        var start = brief.Dice.Below(templates.Length, "subject");
        var candidates = Enumerable.Range(0, templates.Length).Select(i => Fill(templates[(start + i) % templates.Length], brief, copy))
            .Concat(Enumerable.Range(brief.Step, 50).Select(i => Fill(copy.LastSubject, brief, copy) + i.ToString(CultureInfo.InvariantCulture)));
        return candidates.Select(Capital).First(subject => subject.Length <= LongestSubject && !brief.PreviousSubjects.Any(used => Bare(used) == Bare(subject)));
    }

    private static string Body(DraftBrief brief, EmailCopy copy)
    {
        var greeting = brief.FirstName is { } name ? $"{name}, " : $"{copy.Greeting}, ";
        var opening = greeting + Fill(brief.Dice.Pick(copy.Openings[brief.Step - 1], "opening"), brief, copy);
        var question = Fill(brief.Dice.Pick(copy.Questions[brief.Step - 1], "question"), brief, copy);
        var middle = new List<string>();
        if (brief.Asked is { } asked)
        {
            middle.Add(string.Format(CultureInfo.InvariantCulture, copy.Asked, asked));
        }

        if (!brief.IsTerse)
        {
            middle.AddRange(copy.Middles[brief.Step - 1].Select(template => Fill(template, brief, copy)));
        }

        while (middle.Count > 0 && Words(opening) + middle.Sum(Words) + Words(question) > brief.MaxWords)
        {
            middle.RemoveAt(middle.Count - 1);
        }

        return string.Join("\n\n", [opening, .. middle, question]);
    }

    private static string TooLong(DraftBrief brief, EmailCopy copy)
    {
        var padding = Fill(copy.Middles[0][0], brief, copy);
        var repeats = brief.MaxWords / Math.Max(1, Words(padding)) + 1;
        return Body(brief, copy) + "\n\n" + string.Join(' ', Enumerable.Repeat(padding, repeats));
    }

    private static string Fill(string template, DraftBrief brief, EmailCopy copy) => template
        .Replace("{company}", brief.Company ?? copy.YourCompany, StringComparison.Ordinal)
        .Replace("{sender}", brief.Sender ?? copy.Us, StringComparison.Ordinal)
        .Replace("{fact}", brief.Fact ?? copy.NoFact, StringComparison.Ordinal)
        .Replace("{role}", brief.Role ?? copy.NoRole, StringComparison.Ordinal);

    private static int Words(string text) => text.Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries).Length;

    private static string Capital(string text) => char.ToUpperInvariant(text[0]) + text[1..];

    private static string Bare(string subject) => string.Concat(subject.Where(char.IsLetterOrDigit)).ToLowerInvariant();
}
