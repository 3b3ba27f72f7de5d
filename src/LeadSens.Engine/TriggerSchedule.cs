using System.Globalization;
using LeadSens.Engine.BuiltIn;

namespace LeadSens.Engine;

/// <summary>The times at which a trigger starts runs. Its text is what a store keeps.</summary>
public abstract class TriggerSchedule
{
    private TriggerSchedule() { }

    /// <summary>Again and again, the first time one interval after publishing.</summary>
    public static TriggerSchedule Every(TimeSpan interval) => new Interval(interval);

    /// <summary>At the times of a cron expression, in UTC.</summary>
    /// <exception cref="FormatException">The expression is wrong.</exception>
    public static TriggerSchedule Cron(string expression) => new CronTimes(expression);

    /// <summary>Once; never when the moment is over at publishing.</summary>
    public static TriggerSchedule At(DateTimeOffset moment) => new Once(moment);

    /// <summary>Reads what <c>ToString</c> wrote.</summary>
    /// <exception cref="FormatException">The text is no schedule.</exception>
    public static TriggerSchedule Parse(string text)
    {
        var (kind, rest) = text.IndexOf(' ', StringComparison.Ordinal) is > 0 and var space ? (text[..space], text[(space + 1)..]) : (text, "");
        return kind switch
        {
            "every" => Every(TimeSpan.ParseExact(rest, "c", CultureInfo.InvariantCulture)),
            "cron" => Cron(rest),
            "at" => At(DateTimeOffset.ParseExact(rest, "O", CultureInfo.InvariantCulture)),
            _ => throw new FormatException($"'{text}' is no schedule."),
        };
    }

    /// <summary>The first time after a moment; null when there is none.</summary>
    public abstract DateTimeOffset? Next(DateTimeOffset since);

    /// <summary>From when on to count after a time came: however many were missed, they start one run.</summary>
    public abstract DateTimeOffset Caught(DateTimeOffset since, DateTimeOffset now);

    private sealed class Interval(TimeSpan interval) : TriggerSchedule
    {
        public override DateTimeOffset? Next(DateTimeOffset since) => since <= DateTimeOffset.MaxValue - interval ? since + interval : null;

        /// <summary>Keeps the beat.</summary>
        public override DateTimeOffset Caught(DateTimeOffset since, DateTimeOffset now) => since + interval * ((now - since).Ticks / interval.Ticks);

        public override string ToString() => $"every {interval.ToString("c", CultureInfo.InvariantCulture)}";
    }

    private sealed class CronTimes(string expression) : TriggerSchedule
    {
        private readonly CronText _times = CronText.Of(expression);

        public override DateTimeOffset? Next(DateTimeOffset since) => _times.Next(since);

        public override DateTimeOffset Caught(DateTimeOffset since, DateTimeOffset now) => now;

        public override string ToString() => $"cron {expression}";
    }

    private sealed class Once(DateTimeOffset moment) : TriggerSchedule
    {
        public override DateTimeOffset? Next(DateTimeOffset since) => moment > since ? moment : null;

        public override DateTimeOffset Caught(DateTimeOffset since, DateTimeOffset now) => now;

        public override string ToString() => $"at {moment.ToUniversalTime():O}";
    }
}
