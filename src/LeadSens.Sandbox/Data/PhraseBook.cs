namespace LeadSens.Sandbox.Data;

internal enum Fact { Summary, Products, Market, Value, Pains, News, Tech, Team, Signals }

/// <summary>How a site says a fact: what comes before and after it.</summary>
internal sealed record Phrase(Fact Fact, string Before, string After = "");

/// <summary>The phrases that the seeded sites are written in and that the model knows how to read, in English and French.</summary>
internal static class PhraseBook
{
    public static readonly Phrase[] English =
    [
        new(Fact.Summary, " provides "),
        new(Fact.Products, "Our products include "),
        new(Fact.Market, "We work with "),
        new(Fact.Value, "Customers choose us because "),
        new(Fact.Pains, "Many of them struggle with "),
        new(Fact.News, "News: "),
        new(Fact.Tech, "Our platform runs on "),
        new(Fact.Team, "We are a team of ", " people"),
        new(Fact.Signals, "We are at present "),
    ];

    public static readonly Phrase[] French =
    [
        new(Fact.Summary, " propose "),
        new(Fact.Products, "Nos produits comprennent "),
        new(Fact.Market, "Nous travaillons avec "),
        new(Fact.Value, "Nos clients nous choisissent parce que "),
        new(Fact.Pains, "Beaucoup d'entre eux souffrent de "),
        new(Fact.News, "Actualité : "),
        new(Fact.Tech, "Notre plateforme repose sur "),
        new(Fact.Team, "Nous sommes une équipe de ", " personnes"),
        new(Fact.Signals, "En ce moment : "),
    ];

    public static readonly Phrase[] All = [.. English, .. French];

    public static string Say(this Phrase[] book, Fact fact, string what)
    {
        var phrase = book.First(phrase => phrase.Fact == fact);
        return $"{phrase.Before}{what}{phrase.After}.";
    }
}
