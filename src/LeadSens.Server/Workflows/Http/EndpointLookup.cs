using LeadSens.Engine.BuiltIn;
using LeadSens.Server.Data;
using Npgsql;

namespace LeadSens.Server.Workflows.Http;

/// <summary>An endpoint that takes a request.</summary>
/// <param name="Key">Of the stimulus that the request is.</param>
internal sealed record Endpoint(string Key, HttpEndpointRules Rules);

/// <summary>Finds what takes a request: triggers in service, and boxes that wait just now. A path of names goes before one with parameters.</summary>
internal sealed class EndpointLookup(Database database)
{
    private static readonly string[] Methods = ["GET", "POST", "PUT", "HEAD", "DELETE", "PATCH", "OPTIONS"];

    private const string FindSql = """
        select key, payload from workflow_triggers where workspace_id = $1 and key = any($2)
        union all
        (select distinct on (key) key, payload from workflow_bookmarks where key = any($2) and state = 0)
        """;

    /// <summary>The endpoint, or the methods that the path takes instead; with none of them nothing is there.</summary>
    public async Task<(Endpoint? Endpoint, IReadOnlyList<string> Others)> FindAsync(Guid workspaceId, string method, string path, CancellationToken cancellationToken)
    {
        var keys = HttpRoute.FormsOf(path).SelectMany(form => Methods.Select(known => HttpEndpoint.Key(workspaceId, known, form))).ToArray();
        if (keys.Length == 0) return (null, []);
        var found = await database.ListAsync(FindSql, row => (Key: row.GetString(0), Rules: HttpEndpointRules.Parse(row.Text(1))), cancellationToken, workspaceId, keys);
        var best = found.Where(one => one.Rules?.Method == method).OrderBy(one => Array.IndexOf(keys, one.Key)).FirstOrDefault();
        return (best.Rules is { } rules ? new Endpoint(best.Key, rules) : null, [.. found.Select(one => one.Rules?.Method).OfType<string>().Distinct()]);
    }
}
