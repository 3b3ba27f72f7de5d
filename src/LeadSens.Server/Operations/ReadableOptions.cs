using System.Text.RegularExpressions;
using Microsoft.Extensions.Options;

namespace LeadSens.Server.Operations;

/// <summary>Makes options as the framework does, and turns its exception about a value of the wrong kind into a fault of that setting, without the
/// value, so that it stands in the list with the others.</summary>
internal sealed partial class ReadableOptions<TOptions>(
    IEnumerable<IConfigureOptions<TOptions>> setups, IEnumerable<IPostConfigureOptions<TOptions>> after, IEnumerable<IValidateOptions<TOptions>> rules) : IOptionsFactory<TOptions>
    where TOptions : class
{
    private readonly OptionsFactory<TOptions> factory = new(setups, after, rules);

    public TOptions Create(string name)
    {
        try
        {
            return factory.Create(name);
        }
        catch (InvalidOperationException unreadable) when (Place().Matches(unreadable.Message).LastOrDefault() is { } place)
        {
            throw new OptionsValidationException(name, typeof(TOptions), [$"{place.Groups[1].Value.Replace(":", "__", StringComparison.Ordinal)} is not {Kind(place.Groups[2].Value)}"]);
        }
    }

    private static string Kind(string type) => type switch
    {
        "System.Boolean" => "true or false",
        "System.Int32" or "System.Int64" => "a whole number, for example 100",
        "System.Double" or "System.Decimal" => "a number, for example 2.5",
        "System.TimeSpan" => "a time, for example 00:00:30",
        "System.Guid" => "an id, for example 01940000-0000-7000-8000-000000000001",
        _ => $"of the kind {type}",
    };

    [GeneratedRegex(@"at '([\w:\-]+)' to type '([\w.]+)'", RegexOptions.None, Timeout.Infinite)]
    private static partial Regex Place();
}
