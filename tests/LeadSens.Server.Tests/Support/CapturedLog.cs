using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace LeadSens.Server.Tests.Support;

/// <summary>The last lines that an app logged, with their exceptions, for tests of what must not stand there.</summary>
internal sealed class CapturedLog : ILoggerProvider
{
    private const int Most = 20_000;

    private readonly ConcurrentQueue<string> lines = new();

    public string Text => string.Join('\n', lines);

    public ILogger CreateLogger(string categoryName) => new Writer(this, categoryName);

    public void Dispose() { }

    private void Add(string line)
    {
        lines.Enqueue(line);
        if (lines.Count > Most) lines.TryDequeue(out _);
    }

    private sealed class Writer(CapturedLog log, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            log.Add($"{category}: {formatter(state, exception)} {exception}");
    }
}
