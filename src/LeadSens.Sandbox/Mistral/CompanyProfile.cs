using System.Text.Json;
using LeadSens.Sandbox.Data;

namespace LeadSens.Sandbox.Mistral;

/// <summary>Reads facts out of a page: only sentences that state them in a known way count, so that whatever else the page says changes nothing.</summary>
internal static class CompanyProfile
{
    private const int LongestFact = 200;

    public static string Answer(Prompt prompt)
    {
        var company = prompt.Block("company")?.Trim('"') ?? "";
        var facts = Read(prompt.Block("page") ?? "", company);
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            json.WriteString("companySummary", facts.GetValueOrDefault(Fact.Summary));
            List(json, "products", facts, Fact.Products);
            json.WriteString("targetMarket", facts.GetValueOrDefault(Fact.Market));
            json.WriteString("valueProposition", facts.GetValueOrDefault(Fact.Value));
            List(json, "painPoints", facts, Fact.Pains);
            Whole(json, "recentNews", facts, Fact.News);
            List(json, "techStack", facts, Fact.Tech);
            json.WriteString("teamSize", facts.GetValueOrDefault(Fact.Team));
            Whole(json, "signals", facts, Fact.Signals);
            json.WriteEndObject();
        }

        return System.Text.Encoding.UTF8.GetString(buffer.GetBuffer().AsSpan(0, (int)buffer.Length));
    }

    private static Dictionary<Fact, string> Read(string page, string company)
    {
        var facts = new Dictionary<Fact, string>();
        foreach (var line in page.Split('\n'))
        {
            foreach (var part in line.Split(". "))
            {
                var sentence = part.Trim(' ', '#', '*', '-', '\r', '\t').TrimEnd('.');
                if (sentence.Length is > 0 and <= LongestFact && Match(sentence, company) is { } fact)
                {
                    facts.TryAdd(fact.Fact, fact.Value);
                }
            }
        }

        return facts;
    }

    private static (Fact Fact, string Value)? Match(string sentence, string company)
    {
        foreach (var phrase in PhraseBook.All)
        {
            if (phrase.Fact is Fact.Summary ? IsSummary(sentence, phrase, company) : Anchor(sentence, phrase) >= 0)
            {
                return (phrase.Fact, phrase.Fact switch
                {
                    Fact.Summary => sentence[Start(sentence, company)..] + ".",
                    _ => Value(sentence[(Anchor(sentence, phrase) + phrase.Before.Length)..], phrase.After),
                });
            }
        }

        return null;
    }

    /// <summary>Where the phrase starts: at the sentence's start, or behind a headline that lost its line break.</summary>
    private static int Anchor(string sentence, Phrase phrase) => sentence.IndexOf(phrase.Before, StringComparison.Ordinal);

    private static bool IsSummary(string sentence, Phrase phrase, string company) =>
        sentence.Contains(phrase.Before, StringComparison.Ordinal) && (company.Length == 0 || Start(sentence, company) > 0 || sentence.StartsWith(company, StringComparison.OrdinalIgnoreCase));

    private static int Start(string sentence, string company) =>
        company.Length == 0 ? 0 : Math.Max(0, sentence.LastIndexOf(company, StringComparison.OrdinalIgnoreCase));

    private static string Value(string rest, string after) => after.Length > 0 && rest.IndexOf(after, StringComparison.Ordinal) is > 0 and var end ? rest[..end] : rest;

    private static void List(Utf8JsonWriter json, string name, Dictionary<Fact, string> facts, Fact fact)
    {
        json.WriteStartArray(name);
        if (facts.TryGetValue(fact, out var text))
        {
            foreach (var item in text.Split([", ", " and ", " et "], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            {
                json.WriteStringValue(item);
            }
        }

        json.WriteEndArray();
    }

    private static void Whole(Utf8JsonWriter json, string name, Dictionary<Fact, string> facts, Fact fact)
    {
        json.WriteStartArray(name);
        if (facts.TryGetValue(fact, out var text))
        {
            json.WriteStringValue(text);
        }

        json.WriteEndArray();
    }
}
