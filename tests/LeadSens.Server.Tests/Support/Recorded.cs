using System.Collections.Concurrent;
using System.Diagnostics;
using LeadSens.Server.Operations;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace LeadSens.Server.Tests.Support;

/// <summary>All that a Server logs, in the form that production writes, and all that it would export as traces.</summary>
internal sealed class Recorded : ILoggerProvider, ISupportExternalScope
{
    private readonly ConcurrentQueue<string> lines = new();
    private readonly ConcurrentDictionary<string, int> categories = new();
    private readonly ActivityListener listener;
    private readonly JsonLogFormatter formatter = new(new TestEnvironment("Production"), TimeProvider.System);
    private IExternalScopeProvider scopes = new LoggerExternalScopeProvider();

    public Recorded(TestApp app)
    {
        app.Services.GetRequiredService<ILoggerFactory>().AddProvider(this);
        listener = new ActivityListener
        {
            ShouldListenTo = source => Telemetry.Sources.Any(name => name.EndsWith('*') ? source.Name.StartsWith(name[..^1], StringComparison.Ordinal) : source.Name == name),
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = activity => lines.Enqueue($"trace {Clean(activity).DisplayName} {string.Join(' ', activity.TagObjects.Select(tag => $"{tag.Key}={tag.Value}"))} "
                + string.Join(' ', activity.Events.SelectMany(item => item.Tags).Select(tag => $"{tag.Key}={tag.Value}")) + string.Join(' ', activity.Baggage.Select(item => $"{item.Key}={item.Value}"))),
        };
        ActivitySource.AddActivityListener(listener);
    }

    public IReadOnlyList<string> Lines => [.. lines];

    public IReadOnlyCollection<string> Categories => [.. categories.Keys];

    public ILogger CreateLogger(string categoryName) => new Logger(this, categoryName);

    public void SetScopeProvider(IExternalScopeProvider scopeProvider) => scopes = scopeProvider;

    public void Dispose() => listener.Dispose();

    /// <summary>As the exporter gets it.</summary>
    private static Activity Clean(Activity activity)
    {
        SafeTraces.Clean(activity);
        return activity;
    }

    private sealed class Logger(Recorded recorded, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => recorded.scopes.Push(state);

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            using var text = new StringWriter();
            recorded.formatter.Write(new LogEntry<TState>(logLevel, category, eventId, state, exception, formatter), recorded.scopes, text);
            recorded.categories.TryAdd(category, 0);
            recorded.lines.Enqueue(text.ToString());
        }
    }
}
