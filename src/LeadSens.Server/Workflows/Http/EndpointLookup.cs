using System.Collections.Concurrent;
using LeadSens.Engine.BuiltIn;
using LeadSens.Server.Data;

namespace LeadSens.Server.Workflows.Http;

/// <summary>An endpoint that takes a request.</summary>
/// <param name="Key">Of the stimulus that the request is.</param>
internal sealed record Endpoint(string Key, HttpEndpointRules Rules);

/// <summary>Finds what takes a request: triggers in service, and boxes that wait just now. A path of names goes before one with parameters.</summary>
internal sealed class EndpointLookup(Database database, TimeProvider time)
{
    /// <summary>An id that was made up costs one look in so long, and this much memory at most.</summary>
    private static readonly TimeSpan Unknown = TimeSpan.FromSeconds(10);
    private const int MostUnknown = 10_000;

    private static readonly string[] Methods = ["GET", "POST", "PUT", "HEAD", "DELETE", "PATCH", "OPTIONS"];

    /// <summary>The shapes of the workspace's paths of so many parts; a row without one where it has none, no row where there is no workspace.</summary>
    private const string ShapesSql = """
        select s.parameters from workspaces w left join workflow_route_shapes s on s.workspace_id = w.id and s.segments = $2 where w.id = $1 order by s.parameters
        """;

    private const string FindSql = """
        select key, payload from workflow_triggers where workspace_id = $1 and key = any($2)
        union all
        select k.key, b.payload from unnest($2) k (key), lateral (select b.payload from workflow_bookmarks b where b.key = k.key and b.state = 0 limit 1) b
        """;

    private readonly ConcurrentDictionary<Guid, long> _unknown = new();

    /// <summary>The endpoint, or the methods that the path takes instead; with none of them nothing is there.</summary>
    public async Task<(Endpoint? Endpoint, IReadOnlyList<string> Others)> FindAsync(Guid workspaceId, string method, string path, CancellationToken cancellationToken)
    {
        if (HttpRoute.PartsOf(path) is not { } parts || IsUnknown(workspaceId)) return (null, []);
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var shapes = await connection.ListAsync(ShapesSql, row => row.Maybe<int>(0), cancellationToken, workspaceId, parts.Count);
        if (shapes.Count == 0) Remember(workspaceId);
        var keys = KeysOf(workspaceId, parts, shapes.OfType<int>());
        if (keys.Length == 0) return (null, []);
        var found = await connection.ListAsync(FindSql, row => (Key: row.GetString(0), Rules: HttpEndpointRules.Parse(row.Text(1))), cancellationToken, workspaceId, keys);
        var best = found.Where(one => one.Rules?.Method == method).OrderBy(one => Array.IndexOf(keys, one.Key)).FirstOrDefault();
        return (best.Rules is { } rules ? new Endpoint(best.Key, rules) : null, [.. found.Select(one => one.Rules?.Method).OfType<string>().Distinct()]);
    }

    /// <summary>One for each shape and method, those with the most names first.</summary>
    public static string[] KeysOf(Guid workspaceId, IReadOnlyList<string> parts, IEnumerable<int> shapes) =>
        [.. shapes.Select(shape => HttpRoute.FormOf(parts, shape)).SelectMany(form => Methods.Select(method => HttpEndpoint.Key(workspaceId, method, form)))];

    private bool IsUnknown(Guid workspaceId) => _unknown.TryGetValue(workspaceId, out var since) && time.GetElapsedTime(since) < Unknown;

    private void Remember(Guid workspaceId)
    {
        if (_unknown.Count >= MostUnknown) _unknown.Clear();
        _unknown[workspaceId] = time.GetTimestamp();
    }
}
