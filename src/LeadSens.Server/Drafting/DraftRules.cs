using System.Text.RegularExpressions;

namespace LeadSens.Server.Drafting;

/// <summary>The rules of a draft that code can check, whatever the model was told.</summary>
internal static partial class DraftRules
{
    private const int LongestSubject = 80;

    public static IReadOnlyList<BrokenRule> Check(DraftText draft, DraftBrief brief)
    {
        var broken = new List<BrokenRule>();
        void Require(bool kept, string flag, string problem)
        {
            if (!kept) broken.Add(new(flag, problem));
        }

        var words = Words.Count(draft.Body);
        Require(words <= brief.Step.MaxWords, "word_limit", $"The body has {words} words; at most {brief.Step.MaxWords} are allowed.");
        Require(words > 0, "empty", "The body is empty.");
        Require(draft.Subject.Length is > 0 and <= LongestSubject && !draft.Subject.Contains('\n', StringComparison.Ordinal), "subject", $"The subject must be one line of 1 to {LongestSubject} characters.");
        Require(!brief.PreviousSubjects.Any(subject => SameSubject(subject, draft.Subject)), "repeated_subject", "The subject repeats an earlier one.");
        Require(StartsWithName(draft.Body, brief.FirstName), "first_name", $"The body must start with the first name: {brief.FirstName},");
        Require(CallsToAction(draft.Body) == 1, "call_to_action", $"The body has {CallsToAction(draft.Body)} calls to action; exactly one question is wanted.");
        Require(DraftFacts.UsesOne(draft, brief.Facts), "specific_fact", "No specific fact about the person or the company is used.");
        Require(!Signature().IsMatch(draft.Body), "signature", "The body ends with a signature or a sign-off; leave it out.");
        Require(!Flattery().IsMatch(draft.Body), "flattery", "The body flatters the reader; leave it out.");
        Require(!Placeholder().IsMatch(draft.Subject + "\n" + draft.Body), "placeholder", "The text holds a placeholder.");
        Require(!Link().IsMatch(draft.Body), "link", "The body holds a link or an address; leave it out.");
        return broken;
    }

    /// <summary>Questions are the calls to action; a text without one may ask in the imperative.</summary>
    private static int CallsToAction(string body)
    {
        var questions = Question().Count(body);
        return questions > 0 ? questions : Imperative().Count(body);
    }

    private static bool StartsWithName(string body, string? firstName) =>
        string.IsNullOrWhiteSpace(firstName) || body.StartsWith(firstName.Trim(), StringComparison.OrdinalIgnoreCase);

    private static bool SameSubject(string one, string other) => Bare(one).Equals(Bare(other), StringComparison.OrdinalIgnoreCase);

    /// <summary>"Re: Less paperwork!" repeats "less paperwork".</summary>
    private static string Bare(string subject) => Decoration().Replace(ReplyPrefix().Replace(subject, ""), " ").Trim();

    // What a model writes may be hostile: each pattern reads a text once, so that none needs a time-out, which would be an error of the job.
    [GeneratedRegex(@"\?+", RegexOptions.None, Timeout.Infinite)]
    private static partial Regex Question();

    [GeneratedRegex(@"\b(reply|let me know|tell me|book|schedule|répondez|dites-moi|réservez|faites-moi signe)\b", RegexOptions.IgnoreCase, Timeout.Infinite)]
    private static partial Regex Imperative();

    [GeneratedRegex(@"^\s*(re|fwd?|tr)\s*:\s*", RegexOptions.IgnoreCase, Timeout.Infinite)]
    private static partial Regex ReplyPrefix();

    [GeneratedRegex(@"[^\p{L}\p{N}\p{M}]+", RegexOptions.None, Timeout.Infinite)]
    private static partial Regex Decoration();

    [GeneratedRegex("""
        ^(?>[ \t]*)((best|kind|warm)([ ]regards|[ ]wishes)?|regards|sincerely|cheers|yours[ ](truly|sincerely)|cordialement|bien[ ]à[ ]vous|bien[ ]cordialement
        |sincères[ ]salutations|salutations)(?>[ \t]*)[,.!]?(?>[ \t]*)\r?$
        """, RegexOptions.IgnoreCase | RegexOptions.Multiline | RegexOptions.IgnorePatternWhitespace, Timeout.Infinite)]
    private static partial Regex Signature();

    [GeneratedRegex(@"\b((truly|really|so|very|deeply) (impressed|inspired)|(am|was|were|been) (impressed|blown away|amazed|inspired) (by|with)|love what you|huge fan|big fan|admire|your (amazing|incredible|impressive|outstanding)|been (following|watching) you|(très|vraiment) impressionnée?s?|impressionnée?s? par|j'admire|votre (incroyable|impressionnant|remarquable))", RegexOptions.IgnoreCase, Timeout.Infinite)]
    private static partial Regex Flattery();

    [GeneratedRegex(@"\{\{|\}\}|\[(your|first|last|company|name|votre|nom|prénom)[^\]]{0,80}\]|<[a-z_ ]+>", RegexOptions.IgnoreCase, Timeout.Infinite)]
    private static partial Regex Placeholder();

    [GeneratedRegex(@"https?://|www\.|\S@[^\s@]+\.\S", RegexOptions.IgnoreCase, Timeout.Infinite)]
    private static partial Regex Link();
}
