using System.Globalization;
using System.Text.RegularExpressions;
using Quartz;

namespace LeadSens.Engine.BuiltIn;

/// <summary>Cron expressions as Elsa takes them, five or six fields with 0 to 7 as days of the week, put into the form that Quartz parses.</summary>
internal sealed partial class CronText
{
    private static readonly string[] Days = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN"];

    private readonly CronExpression _times;

    private CronText(CronExpression times) => _times = times;

    /// <exception cref="FormatException">The expression is wrong.</exception>
    public static CronText Of(string text) => new(Parse(text));

    /// <summary>What is wrong with an expression; null when nothing is.</summary>
    public static string? Check(string? text)
    {
        try
        {
            Parse(text);
            return null;
        }
        catch (FormatException exception)
        {
            return exception.Message;
        }
    }

    /// <summary>The first time after a moment; null when there is none.</summary>
    public DateTimeOffset? Next(DateTimeOffset after) => _times.GetNextValidTimeAfter(after);

    private static CronExpression Parse(string? text)
    {
        var fields = (text ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (fields.Length == 5) fields = ["0", .. fields];
        if (fields.Length != 6) throw new FormatException("It has five or six fields.");
        // To Quartz 98 and 99 are "no value" and "all values".
        if (Number().Matches(string.Join(' ', fields)).FirstOrDefault(number => number.Length > 2 || string.CompareOrdinal(number.Value.PadLeft(2, '0'), "59") > 0) is { } wrong)
            throw new FormatException($"'{wrong.Value}' is too large.");
        fields[5] = DayOfWeek(fields[5]);
        // Quartz wants one of the two kinds of day to be left open.
        if (fields[5] is "*" or "?") (fields[3], fields[5]) = (fields[3] == "?" ? "*" : fields[3], "?");
        else if (fields[3] == "*") fields[3] = "?";
        return new CronExpression(string.Join(' ', fields)) { TimeZone = TimeZoneInfo.Utc };
    }

    /// <summary>Quartz counts days from 1; names mean the same to both. A step is not a day.</summary>
    private static string DayOfWeek(string field) => DayNumber().Replace(field, match => Days[int.Parse(match.Value, CultureInfo.InvariantCulture)]);

    [GeneratedRegex(@"\d+", RegexOptions.None, Timeout.Infinite)]
    private static partial Regex Number();

    [GeneratedRegex(@"(?<![#/\d])[0-7](?!\d)", RegexOptions.None, Timeout.Infinite)]
    private static partial Regex DayNumber();
}
