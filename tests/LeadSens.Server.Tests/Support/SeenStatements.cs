using System.Collections.Concurrent;
using System.Diagnostics;

namespace LeadSens.Server.Tests.Support;

/// <summary>The statements that this process sends to one database.</summary>
internal sealed class SeenStatements : IDisposable
{
    private readonly ConcurrentQueue<string> _statements = new();
    private readonly ActivityListener _listener;

    public SeenStatements(TestDatabase seen)
    {
        var database = new Npgsql.NpgsqlConnectionStringBuilder(seen.ConnectionString).Database;
        _listener = new()
        {
            ShouldListenTo = source => source.Name == "Npgsql",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = activity =>
            {
                var tags = activity.TagObjects.ToDictionary(tag => tag.Key, tag => tag.Value);
                if (tags.Values.Any(value => value as string == database) && (tags.GetValueOrDefault("db.query.text") ?? tags.GetValueOrDefault("db.statement")) is string sql)
                    _statements.Enqueue(sql);
            },
        };
        ActivitySource.AddActivityListener(_listener);
    }

    public IEnumerable<string> All => _statements;

    public int Count(string part) => _statements.Count(sql => sql.Contains(part, StringComparison.Ordinal));

    public void Dispose() => _listener.Dispose();
}
