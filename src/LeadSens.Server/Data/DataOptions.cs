namespace LeadSens.Server.Data;

/// <summary>Where the data lives (configuration section <c>LeadSens</c>).</summary>
internal sealed record DataOptions
{
    /// <summary>The connection string of a PostgreSQL; absent, the Server starts its own.</summary>
    public string? Database { get; init; }

    /// <summary>Where the embedded PostgreSQL and its lock live.</summary>
    public string DataDirectory { get; init; } = ".data";

    /// <summary>Has the embedded PostgreSQL count statements (pg_stat_statements), for the benchmarks.</summary>
    public bool CountStatements { get; init; }
}
