using System.Text;

namespace LeadSens.Sandbox.Data;

/// <summary>A company's website, computed from the seed and the host alone.</summary>
internal sealed class Site
{
    private static readonly string[] Technologies =
        ["PostgreSQL", "Kubernetes", "React", "Python", "Snowflake", "Salesforce", "SAP", "HubSpot", "Kafka", "Java", "AWS", "Azure", "Power BI", "Odoo", "Shopify", "Terraform"];

    private static readonly string[] Cities = ["Lyon", "Leeds", "Porto", "Gdańsk", "Austin", "Utrecht", "Malmö", "Québec", "Graz", "Valencia"];
    private static readonly string[] Months = ["January", "February", "March", "April", "May", "June", "September", "October"];
    private static readonly string[] Signals = ["hiring two account executives", "hiring a head of operations", "opening a second site", "preparing a funding round"];
    private static readonly string[] Reasons = ["everything is set up within two weeks", "one price covers everything", "a person answers within the hour", "it works with the tools they have"];

    private readonly Dice dice;
    private readonly string label;
    private readonly Industry industry;

    public Site(int seed, string host)
    {
        var plain = Ascii.Host(host);
        dice = Dice.Of(seed, "site").With(plain);
        label = plain;
        var known = Industries.BySuffix(plain);
        industry = known?.Industry ?? dice.Pick(Industries.All, "industry");
        Company = known is { } match
            ? $"{Capital(plain[..^match.Suffix.Length])} {match.Suffix}"
            : Capital(plain);
        IsFrench = host.EndsWith(".fr", StringComparison.OrdinalIgnoreCase);
    }

    public string Company { get; }
    public bool IsFrench { get; }

    /// <summary>About one site in twenty cannot be read, each in its own way.</summary>
    public SiteFault Fault => dice.Below(20, "reachable") != 0 ? SiteFault.None : dice.Below(5, "fault") switch
    {
        0 => SiteFault.Missing,
        1 => SiteFault.Refused,
        _ => SiteFault.NoSuchHost,
    };

    /// <summary>Some pages address whoever summarises them.</summary>
    public bool IsHostile => dice.OneIn(40, "hostile");

    public string Title => IsFrench ? $"{Company} | Accueil" : $"{Company} | Home";

    public string Text()
    {
        var page = new StringBuilder(6000);
        page.Append("# ").Append(Company).Append("\n\n");
        if (dice.OneIn(14, "bare"))
        {
            return page.Append(IsFrench ? "Site en construction. Revenez bientôt.\n" : "This site is being rebuilt. Please come back soon.\n").ToString();
        }

        var book = IsFrench ? PhraseBook.French : PhraseBook.English;
        var (products, markets, pains) = IsFrench ? FrenchTrade.Of(industry) : new FrenchTrade(industry.Products, industry.Markets, industry.Pains);
        page.Append(Company).Append(book.Say(Fact.Summary, Both(products, "product"))).Append("\n\n");
        page.Append(IsFrench ? "## Produits\n\n" : "## Products\n\n").Append(book.Say(Fact.Products, Both(products, "product"))).Append(' ');
        page.Append(book.Say(Fact.Market, dice.Pick(markets, "market"))).Append(' ');
        page.Append(book.Say(Fact.Pains, Both(pains, "pain"))).Append("\n\n");
        if (IsHostile)
        {
            page.Append(Hostile.Text).Append("\n\n");
        }

        More(page, book);
        Filler.Append(page, dice, IsFrench);
        return page.Append("\n© 2026 ").Append(Company).Append('\n').ToString();
    }

    private void More(StringBuilder page, Phrase[] book)
    {
        void Maybe(int percent, Fact fact, string what)
        {
            if (dice.Below(100, fact.ToString()) < percent)
            {
                page.Append(book.Say(fact, what)).Append(' ');
            }
        }

        Maybe(85, Fact.Value, dice.Pick(IsFrench ? FrenchTrade.Reasons : Reasons, "reason"));
        Maybe(70, Fact.Tech, Both(Technologies, "technology"));
        Maybe(75, Fact.Team, $"{8 + dice.Below(400, "people")}");
        page.Append("\n\n");
        Maybe(60, Fact.News, News());
        Maybe(50, Fact.Signals, dice.Pick(IsFrench ? FrenchTrade.Signals : Signals, "signal"));
        page.Append("\n\n");
    }

    private string News() => IsFrench
        ? $"en {dice.Pick(FrenchTrade.Months, "month")} 2026, {Company} a ouvert un bureau à {dice.Pick(Cities, "office")}"
        : $"in {dice.Pick(Months, "month")} 2026, {Company} opened an office in {dice.Pick(Cities, "office")}";

    private string Both(string[] choices, string question)
    {
        var first = dice.Below(choices.Length, question);
        var second = (first + 1 + dice.Below(choices.Length - 1, question + " too")) % choices.Length;
        return $"{choices[first]} {(IsFrench ? "et" : "and")} {choices[second]}";
    }

    private string Capital(string text) => text.Length == 0 ? label : char.ToUpperInvariant(text[0]) + text[1..];
}

internal enum SiteFault { None, NoSuchHost, Missing, Refused }
