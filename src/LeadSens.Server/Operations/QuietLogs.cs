using System.Collections.Concurrent;
using LeadSens.Server.Data;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace LeadSens.Server.Operations;

/// <summary>While the database is away every loop finds it out again each round. Whatever they log about it goes through here, whoever wrote the loop: one short line at once, then one a
/// minute that says how many it stands for.</summary>
internal sealed class QuietLogs(LoggerFactory inner, TimeProvider time) : ILoggerFactory
{
    public static void Use(IServiceCollection services)
    {
        services.AddSingleton<LoggerFactory>();
        services.Replace(ServiceDescriptor.Singleton<ILoggerFactory, QuietLogs>());
    }

    public ILogger CreateLogger(string categoryName) => new QuietLogger(inner.CreateLogger(categoryName), time);

    public void AddProvider(ILoggerProvider provider) => inner.AddProvider(provider);

    public void Dispose() => inner.Dispose();
}

/// <summary>Everything else that is logged passes as it is.</summary>
internal sealed class QuietLogger(ILogger inner, TimeProvider time) : ILogger
{
    private static readonly TimeSpan Every = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<(int Id, string? Name), Heard> _heard = new();

    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => inner.BeginScope(state);

    public bool IsEnabled(LogLevel logLevel) => inner.IsEnabled(logLevel);

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (exception is null || !inner.IsEnabled(logLevel))
        {
            inner.Log(logLevel, eventId, state, exception, formatter);
            return;
        }

        // The process says by itself why it ends (StartFailure).
        if (eventId.Name == "HostedServiceStartupFaulted" && StartFailure.ReasonOf(exception) is not null) return;
        if (DatabaseAway.CauseOf(exception) is not { } cause) inner.Log(logLevel, eventId, state, exception, formatter);
        else if (_heard.GetOrAdd((eventId.Id, eventId.Name), static _ => new()).Tell(time) is { } others)
            inner.Log(logLevel, eventId, state, null, (told, _) => $"{formatter(told, null)}: {cause.Message}{(others > 0 ? $" ({others} more like this since)" : "")}");
    }

    /// <summary>When one kind of line was written last, and how many were not since.</summary>
    private sealed class Heard
    {
        private readonly Lock _turn = new();
        private long? _since;
        private int _others;

        /// <summary>How many lines this one stands for besides itself; null: it is not its time.</summary>
        public int? Tell(TimeProvider time)
        {
            lock (_turn)
            {
                if (_since is { } since && time.GetElapsedTime(since) < Every)
                {
                    _others++;
                    return null;
                }

                var others = _others;
                (_since, _others) = (time.GetTimestamp(), 0);
                return others;
            }
        }
    }
}
