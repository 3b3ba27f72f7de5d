namespace LeadSens.Sandbox.Data;

/// <summary>Which names a country's people have.</summary>
internal enum NameStyle { English, French, German, Spanish, Italian, Nordic, Polish, Portuguese, Dutch, Japanese, Chinese, Korean, Indian, Greek, Ukrainian, Arabic }

internal sealed record Country(string Name, string Code, string Region, string Domain, NameStyle Style, string[] Cities, string[] Aliases);

internal static class Countries
{
    public static readonly Country[] All =
    [
        new("United States", "US", "America", "com", NameStyle.English, ["New York", "Austin", "Chicago", "Denver", "Boston", "Seattle"], ["usa", "united states of america", "u.s."]),
        new("United Kingdom", "GB", "Europe", "co.uk", NameStyle.English, ["London", "Manchester", "Leeds", "Bristol", "Edinburgh"], ["uk", "great britain", "england"]),
        new("France", "FR", "Europe", "fr", NameStyle.French, ["Paris", "Lyon", "Nantes", "Bordeaux", "Saint-Étienne", "Besançon"], ["fra", "frankreich"]),
        new("Germany", "DE", "Europe", "de", NameStyle.German, ["Berlin", "München", "Köln", "Hamburg", "Düsseldorf"], ["deutschland", "allemagne"]),
        new("Spain", "ES", "Europe", "es", NameStyle.Spanish, ["Madrid", "Barcelona", "Málaga", "A Coruña"], ["españa", "espagne"]),
        new("Italy", "IT", "Europe", "it", NameStyle.Italian, ["Milano", "Torino", "Roma", "Forlì"], ["italia", "italie"]),
        new("Netherlands", "NL", "Europe", "nl", NameStyle.Dutch, ["Amsterdam", "Utrecht", "Eindhoven"], ["holland", "pays-bas", "the netherlands"]),
        new("Belgium", "BE", "Europe", "be", NameStyle.French, ["Bruxelles", "Liège", "Gent"], ["belgique", "belgië"]),
        new("Switzerland", "CH", "Europe", "ch", NameStyle.German, ["Zürich", "Genève", "Basel"], ["suisse", "schweiz"]),
        new("Sweden", "SE", "Europe", "se", NameStyle.Nordic, ["Stockholm", "Göteborg", "Malmö"], ["sverige"]),
        new("Denmark", "DK", "Europe", "dk", NameStyle.Nordic, ["København", "Århus"], ["danmark"]),
        new("Poland", "PL", "Europe", "pl", NameStyle.Polish, ["Warszawa", "Kraków", "Łódź", "Wrocław"], ["polska"]),
        new("Portugal", "PT", "Europe", "pt", NameStyle.Portuguese, ["Lisboa", "Porto", "Évora"], []),
        new("Greece", "GR", "Europe", "gr", NameStyle.Greek, ["Athens", "Thessaloniki"], ["hellas"]),
        new("Ukraine", "UA", "Europe", "ua", NameStyle.Ukrainian, ["Kyiv", "Lviv"], []),
        new("Canada", "CA", "America", "ca", NameStyle.English, ["Toronto", "Montréal", "Vancouver", "Québec"], ["can"]),
        new("Brazil", "BR", "America", "com.br", NameStyle.Portuguese, ["São Paulo", "Curitiba", "Florianópolis"], ["brasil"]),
        new("Mexico", "MX", "America", "mx", NameStyle.Spanish, ["Ciudad de México", "Mérida"], ["méxico"]),
        new("Japan", "JP", "Asia", "jp", NameStyle.Japanese, ["Tokyo", "Osaka", "Fukuoka"], ["nippon"]),
        new("China", "CN", "Asia", "cn", NameStyle.Chinese, ["Shanghai", "Shenzhen", "Beijing"], []),
        new("South Korea", "KR", "Asia", "kr", NameStyle.Korean, ["Seoul", "Busan"], ["korea"]),
        new("India", "IN", "Asia", "in", NameStyle.Indian, ["Bengaluru", "Pune", "Hyderabad"], []),
        new("United Arab Emirates", "AE", "Middle East", "ae", NameStyle.Arabic, ["Dubai", "Abu Dhabi"], ["uae"]),
        new("Australia", "AU", "Oceania", "com.au", NameStyle.English, ["Sydney", "Melbourne", "Perth"], []),
    ];

    private static readonly Dictionary<string, Country> ByName = All
        .SelectMany(country => country.Aliases.Append(country.Name).Append(country.Code).Select(name => (name, country)))
        .ToDictionary(pair => pair.name, pair => pair.country, StringComparer.OrdinalIgnoreCase);

    public static Country? Find(string text) => ByName.GetValueOrDefault(text.Trim());

    /// <summary>The country's usual name; the text itself where it is no country that is known here.</summary>
    public static string Name(string text) => Find(text)?.Name ?? text.Trim();
}
