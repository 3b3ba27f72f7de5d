using System.Globalization;

namespace LeadSens.Bench;

/// <summary><c>--name value</c> pairs and flags without a value.</summary>
internal sealed class BenchArguments
{
    private readonly Dictionary<string, string> values = [];

    public bool Json => Has("json");

    public static BenchArguments Parse(ReadOnlySpan<string> args)
    {
        var parsed = new BenchArguments();
        for (var at = 0; at < args.Length; at++)
        {
            var hasValue = at + 1 < args.Length && !args[at + 1].StartsWith("--", StringComparison.Ordinal);
            parsed.values[args[at].TrimStart('-')] = hasValue ? args[at + 1] : "";
            if (hasValue) at++;
        }
        return parsed;
    }

    public bool Has(string name) => values.ContainsKey(name);

    public string Text(string name, string otherwise) => values.TryGetValue(name, out var text) ? text : otherwise;

    public int Number(string name, int otherwise)
    {
        if (!values.TryGetValue(name, out var text)) return otherwise;
        return int.TryParse(text, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new InvalidOperationException($"--{name} needs a whole number");
    }
}
