namespace LeadSens.Sandbox.Data;

/// <summary>What a search finds: person after person, each computed from the seed, the search and the person's number alone.
/// Even numbers fit the search (every fourth company only by title and place); odd ones are outside of it on three or four dimensions, as
/// bought lists are.</summary>
internal sealed class Market(int seed, Target target)
{
    private const int LargestCount = 1_000_000;
    private const int PeoplePerCompany = 2;
    private static readonly string[] Sizes = ["0 - 25", "25 - 100", "100 - 250", "250 - 1000", "1K - 10K", "10K - 50K", "50K - 100K"];

    private readonly Dice dice = Dice.Of(seed, target.Key);

    /// <summary>How many the search finds. Nobody has a title with "nobody" in it, hardly anybody one with "unicorn".</summary>
    public int Size =>
        Asks("nobody") ? 0
        : Asks("unicorn") ? 7
        : Math.Min(LargestCount, 120_000 + dice.Below(200_000, "size") + (target.Titles.Length == 0 ? 700_000 : 0));

    public Person PersonWithEmail(int number) => Build(number, mayLackEmail: false);

    public Person Person(int number) => Build(number, mayLackEmail: true);

    /// <summary>One person in fifty is in a list twice; every second time the address is written differently.</summary>
    private static int Original(int number) => (number % 100) switch
    {
        49 => number - 24,
        98 => number - 40,
        _ => number,
    };

    private Person Build(int number, bool mayLackEmail)
    {
        var original = Original(number);
        var person = original % 2 == 0 ? Inside(original, mayLackEmail) : Outside(original, mayLackEmail);
        return number % 100 == 98 && person.Email is { } email ? person with { Email = email.ToUpperInvariant() } : person;
    }

    private Person Inside(int number, bool mayLackEmail)
    {
        var company = number / 2 / PeoplePerCompany;
        var traits = dice.With("inside").With(company);
        var one = dice.With(number);
        var country = target.Countries.Length > 0 ? traits.Pick(target.Countries, "country") : traits.Pick(Countries.All, "country").Name;
        var title = Titles.Variant(one, target.Titles.Length > 0 ? one.Pick(target.Titles, "title") : one.Pick(Titles.All, "title"));
        var gaps = Gaps.Of(one, mayLackEmail && MayLackEmail(number));
        if (target.Titles.Length > 0 && target.Countries.Length > 0 && traits.OneIn(4, "half a fit"))
            return Person(number, company * 2, new Traits(title, OtherIndustry(traits), OtherSize(traits), country), gaps.ButNoFact());

        var industry = target.Industries.Length > 0 ? traits.Pick(target.Industries, "industry") : traits.Pick(Industries.All, "industry").Name;
        var size = target.Sizes.Length > 0 ? traits.Pick(target.Sizes, "size") : traits.Pick(Sizes, "size");
        return Person(number, company * 2, new Traits(title, industry, size, country), gaps);
    }

    private Person Outside(int number, bool mayLackEmail)
    {
        var company = number / 2 / PeoplePerCompany;
        var traits = dice.With("outside").With(company);
        var one = dice.With(number);
        var gaps = Gaps.Of(one, mayLackEmail && MayLackEmail(number));
        // With a gap as well, a matching country would lift the score above what "outside" promises.
        var rightCountry = target.Countries.Length > 0 && gaps.None && traits.OneIn(4, "right country");
        var country = rightCountry
            ? traits.Pick(target.Countries, "country")
            : Other(traits, Countries.All, item => target.Countries.Any(wanted => Matching.CountriesEqual(wanted, item.Name)), "country").Name;
        var title = Other(one, Titles.Remote, item => target.Titles.Any(wanted => Matching.Overlap(wanted, item)), "title");
        return Person(number, company * 2 + 1, new Traits(title, OtherIndustry(traits), OtherSize(traits), country), gaps);
    }

    private string OtherIndustry(Dice traits) =>
        Other(traits, Industries.All, item => target.Industries.Any(wanted => Matching.Overlap(wanted, item.Name)), "industry").Name;

    private string OtherSize(Dice traits) => Other(traits, Sizes, item => target.Sizes.Any(wanted => Matching.SizesOverlap(wanted, item)), "size");

    private Person Person(int number, int company, Traits traits, Gaps gaps)
    {
        var one = dice.With(number);
        var country = Countries.Find(traits.Country);
        var employer = Company.Of(dice, Industries.Of(traits.Industry), company, country);
        var (first, last) = Names.Of(dice.With("names").With(company), one, one.OneIn(40, "abroad") ? one.Pick(Countries.All, "abroad").Style : country?.Style ?? NameStyle.English, number / 2);
        return new Person(
            gaps.FirstName ? null : first,
            gaps.LastName ? null : last,
            gaps.Email ? null : $"{Ascii.Of(first)}.{Ascii.Of(last)}@{employer.Domain}",
            gaps.JobTitle ? null : traits.Title,
            employer.Name,
            employer.Domain,
            gaps.Website ? null : (one.Below(3, "website") switch { 0 => $"https://www.{employer.Domain}", 1 => $"http://{employer.Domain}", _ => $"https://{employer.Domain}/" }),
            gaps.Industry ? null : traits.Industry,
            gaps.CompanySize ? null : traits.Size,
            gaps.Country ? null : traits.Country,
            gaps.City || country is null ? null : one.Pick(country.Cities, "city"),
            $"https://www.linkedin.com/in/{Ascii.Of(first)}-{Ascii.Of(last)}-{one.State % 0xFFFFFF:x6}",
            Verification(one));
    }

    private static int Verification(Dice one) => one.Below(100, "verification") switch
    {
        < 88 => 1,
        < 91 => -1,
        < 94 => -2,
        < 97 => -3,
        < 99 => 11,
        _ => -4,
    };

    private bool Asks(string word) => target.Titles.Any(title => title.Contains(word, StringComparison.OrdinalIgnoreCase));

    /// <summary>Those who are in the list twice have an address, or nobody could tell.</summary>
    private static bool MayLackEmail(int number) => number % 100 is not (25 or 58);

    private static T Other<T>(Dice dice, T[] all, Func<T, bool> matches, string question)
    {
        var start = dice.Below(all.Length, question);
        for (var i = 0; i < all.Length; i++)
        {
            if (all[(start + i) % all.Length] is var item && !matches(item))
            {
                return item;
            }
        }

        return all[start];
    }

    private readonly record struct Traits(string Title, string Industry, string Size, string Country);
}
