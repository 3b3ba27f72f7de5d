namespace LeadSens.Sandbox.Data;

/// <summary>A company of a market: a number that no other company of that market has gives it a name that no other has.</summary>
internal sealed record Company(string Name, string Domain, Industry Industry)
{
    private static readonly string[] Starts =
    [
        "Bright", "North", "Silver", "Clear", "Blue", "Stone", "River", "Swift", "Green", "Iron", "Sun", "Cedar", "Golden", "High", "Quick", "Red",
        "Wild", "Oak", "Star", "Deep", "Ever", "Fair", "Grand", "Key", "Lumen", "Maple", "Nova", "Open", "Pine", "Prime", "Rapid", "Sky",
        "True", "Urban", "Vista", "Water", "West", "Wind", "Amber", "Birch", "Coral", "Delta", "Echo", "Falcon", "Harbor", "Ivory", "Jade", "Kestrel",
        "Lark", "Meadow", "Orchid", "Pearl", "Quartz", "Raven", "Sable", "Terra", "Unity", "Violet", "Willow", "Zenith", "Atlas", "Boreal", "Cobalt", "Ember",
    ];

    private static readonly string[] Ends =
    [
        "field", "bridge", "gate", "loom", "land", "line", "path", "point", "ridge", "stone", "view", "wave", "well", "wing", "yard", "bay",
        "beam", "bell", "bloom", "brook", "crest", "dale", "fall", "fern", "flow", "ford", "grove", "haven", "hill", "lake", "leaf", "light",
        "march", "mark", "mill", "moor", "mount", "nest", "peak", "port", "rise", "rock", "root", "sail", "seed", "shore", "side", "song",
        "spark", "spring", "stead", "tide", "tower", "trail", "vale", "ward", "water", "way", "wharf", "wick", "wold", "wood", "worth", "zone",
    ];

    private static readonly string[] Middles = ["", "en", "a", "o", "er", "i", "el", "is"];

    private const int Roots = 64 * 64;

    /// <summary>The domain's end is by company too, so that colleagues share it.</summary>
    public static Company Of(Dice market, Industry industry, int number, Country? country)
    {
        // Multiplying by an odd number permutes a power of two: neighbours get unlike names, no two get the same one.
        var root = (int)((uint)(number * 2_503 + market.Below(Roots, "offset")) % Roots);
        var level = number / Roots;
        var suffix = industry.Suffixes[level / Middles.Length % industry.Suffixes.Length];
        var series = level / (Middles.Length * industry.Suffixes.Length) is > 0 and var repeat ? $" {repeat + 1}" : "";
        var name = $"{Starts[root % 64]}{Middles[level % Middles.Length]}{Ends[root / 64]}{series} {suffix}";
        var host = name.Replace(" ", "", StringComparison.Ordinal).ToLowerInvariant();
        var own = market.With(number);
        return new Company(name, $"{host}.{(country is null || own.OneIn(3, "com") ? "com" : country.Domain)}", industry);
    }
}
