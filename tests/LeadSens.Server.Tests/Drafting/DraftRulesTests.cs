using System.Reflection;
using System.Text.RegularExpressions;
using LeadSens.Server.Drafting;

namespace LeadSens.Server.Tests.Drafting;

public sealed class DraftRulesTests
{
    private const string Good = "Marie, most plants lose hours a week to paper checklists. Acme Robotics could win them back. Shall we talk for ten minutes on Tuesday?";
    private static readonly DraftBrief Brief = new(SequenceStep.All[2], "Marie", ["Acme Robotics", "Head of Operations"], ["Fewer checklists"]);

    [Fact]
    public void A_draft_that_keeps_the_rules_has_no_flags() => Flags("Hours back at Acme", Good).ShouldBeEmpty();

    [Theory]
    [InlineData("first_name", "Hello Marie, Acme Robotics loses hours. Shall we talk?")]
    [InlineData("call_to_action", "Marie, Acme Robotics loses hours. Shall we talk? Or may I send a page?")]
    [InlineData("call_to_action", "Marie, Acme Robotics loses hours every week.")]
    [InlineData("specific_fact", "Marie, companies lose hours. Shall we talk?")]
    [InlineData("signature", "Marie, Acme Robotics loses hours. Shall we talk?\n\nBest regards,\nTom")]
    [InlineData("flattery", "Marie, I was impressed by Acme Robotics. Shall we talk?")]
    [InlineData("placeholder", "Marie, Acme Robotics loses hours, says {{sender}}. Shall we talk?")]
    [InlineData("link", "Marie, Acme Robotics loses hours, see https://example.com. Shall we talk?")]
    public void A_broken_rule_is_flagged(string flag, string body) => Flags("Hours back", body).ShouldBe([flag]);

    /// <summary>A page that was read may tell the model to write this; each takes a pattern that looks back again and again for minutes.</summary>
    [Theory]
    [InlineData("", "@", "")]
    [InlineData("", "a@", " ")]
    [InlineData("", "\n", "regards")]
    [InlineData("regards", " ", "x")]
    [InlineData("", "[your ", "")]
    [InlineData("", "<a", "")]
    [InlineData("", "?x", "")]
    public void A_hostile_draft_is_checked_at_once(string begin, string often, string end)
    {
        var body = begin + string.Concat(Enumerable.Repeat(often, 50_000)) + end;
        var started = System.Diagnostics.Stopwatch.GetTimestamp();

        Flags("Hours back", body).ShouldNotBeEmpty();

        System.Diagnostics.Stopwatch.GetElapsedTime(started).TotalSeconds.ShouldBeLessThan(5);
    }

    [Fact]
    public void No_regular_expression_of_ours_has_the_time_out_of_scripts()
    {
        var ours = new[] { typeof(DraftRules).Assembly, typeof(LeadSens.Engine.ActivityRegistry).Assembly }.SelectMany(assembly => assembly.GetTypes())
            .SelectMany(type => type.GetMethods(BindingFlags.Static | BindingFlags.NonPublic | BindingFlags.Public | BindingFlags.DeclaredOnly))
            .Where(method => method.IsDefined(typeof(GeneratedRegexAttribute)) && !method.ContainsGenericParameters).ToList();

        ours.Count.ShouldBeGreaterThan(15);
        foreach (var method in ours) ((Regex)method.Invoke(null, null)!).MatchTimeout.ShouldBe(Regex.InfiniteMatchTimeout, $"{method.DeclaringType}.{method.Name}");
    }

    [Fact]
    public void Eighty_words_are_allowed_in_the_last_step_and_one_more_is_not()
    {
        string Body(int words) => "Marie, Acme Robotics " + string.Join(' ', Enumerable.Repeat("word", words - 5)) + " shall we?";

        Flags("New", Body(80)).ShouldBeEmpty();
        Flags("New", Body(81)).ShouldBe(["word_limit"]);
    }

    [Theory]
    [InlineData("Re: fewer checklists!")]
    [InlineData("FEWER CHECKLISTS")]
    public void A_subject_that_repeats_an_earlier_one_is_flagged(string subject) => Flags(subject, Good).ShouldBe(["repeated_subject"]);

    [Theory]
    [InlineData("France", "fr")]
    [InlineData(" france ", "fr")]
    [InlineData("FR", "fr")]
    [InlineData("Germany", "en")]
    [InlineData(null, "en")]
    public void The_language_follows_the_country(string? country, string language) => DraftLanguage.Of(country).ShouldBe(language);

    private static List<string> Flags(string subject, string body) => [.. DraftRules.Check(new(subject, body), Brief).Select(rule => rule.Flag)];
}
