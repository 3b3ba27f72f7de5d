using System.ComponentModel.DataAnnotations;

namespace LeadSens.Server.Data;

/// <summary>How many connections this process may hold (configuration section <c>LeadSens</c>): twice each number, once per role. Together with those of the other Servers they
/// stay below PostgreSQL's <c>max_connections</c>.</summary>
internal sealed record PoolOptions
{
    /// <summary>For requests; half as many requests use the database at the same time, the others wait.</summary>
    [Range(4, 1000)]
    public int RequestConnections { get; init; } = 48;

    /// <summary>How many requests of one workspace use the database at the same time, while requests of others come too; alone it may have all turns.</summary>
    [Range(1, 1000)]
    public int WorkspaceRequests { get; init; } = 2;

    /// <summary>How many requests of one workspace wait for their turn; beyond that they are answered 503 without having asked for one.</summary>
    [Range(1, 100_000)]
    public int WorkspaceQueue { get; init; } = 50;

    /// <summary>For bursts, leases, jobs and everything that the Server does by itself; two are taken for as long as it runs, and a few of its loops look something up while they hold
    /// one.</summary>
    [Range(8, 1000)]
    public int WorkConnections { get; init; } = 48;

    /// <summary>How long a request waits for its turn before it is answered 503.</summary>
    public TimeSpan RequestPatience { get; init; } = TimeSpan.FromSeconds(1);
}
