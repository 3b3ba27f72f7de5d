using System.ComponentModel.DataAnnotations;

namespace LeadSens.Server.Push;

/// <summary>Section <c>Intents</c>: how long a request that got no answer may still take effect.</summary>
internal sealed class IntentOptions
{
    public const string Section = "Intents";

    /// <summary>A writing request is given up after this time.</summary>
    [Range(typeof(TimeSpan), "00:00:00.050", "00:10:00")]
    public TimeSpan RequestTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>After that, how long a provider may take to apply what it received, and its lists to show it.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "01:00:00")]
    public TimeSpan SettleTime { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>The same for Sandbox accounts, which answer from this machine.</summary>
    [Range(typeof(TimeSpan), "00:00:00.050", "00:10:00")]
    public TimeSpan SandboxRequestTimeout { get; set; } = TimeSpan.FromSeconds(3);

    [Range(typeof(TimeSpan), "00:00:00.010", "01:00:00")]
    public TimeSpan SandboxSettleTime { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Between the durable mark and the request: a process that was stopped for longer does not send any more.</summary>
    [Range(typeof(TimeSpan), "00:00:00.050", "00:10:00")]
    public TimeSpan SendWithin { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>Between two read-backs of something that does not show yet.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:10:00")]
    public TimeSpan ReadBackEvery { get; set; } = TimeSpan.FromMilliseconds(250);

    /// <summary>Requests without an answer before the failure goes to the job.</summary>
    [Range(1, 100)]
    public int MaxUnanswered { get; set; } = 8;

    public IntentTimes For(string account) => account.EndsWith(":sandbox", StringComparison.Ordinal)
        ? new(SendWithin, SandboxRequestTimeout, SandboxSettleTime)
        : new(SendWithin, RequestTimeout, SettleTime);
}

/// <summary>The times of one account.</summary>
internal readonly record struct IntentTimes(TimeSpan SendWithin, TimeSpan RequestTimeout, TimeSpan SettleTime)
{
    /// <summary>From the durable mark on, no look-up before this time is over.</summary>
    public TimeSpan Blind => SendWithin + RequestTimeout + SettleTime;
}
