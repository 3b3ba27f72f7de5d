namespace LeadSens.Server.Data;

/// <summary>Where the data lives (configuration section <c>LeadSens</c>).</summary>
internal sealed record DataOptions
{
    /// <summary>The connection string of a PostgreSQL, as the login that the Server works as; absent, the Server starts its own.</summary>
    public string? Database { get; init; }

    /// <summary>The same database as the owner of its tables, for migrations; absent: <see cref="Database"/>, where that login may.</summary>
    public string? DatabaseOwner { get; init; }

    /// <summary>Where the embedded PostgreSQL and its lock live.</summary>
    public string DataDirectory { get; init; } = ".data";

    /// <summary>Has the embedded PostgreSQL count statements (pg_stat_statements), for the benchmarks.</summary>
    public bool CountStatements { get; init; }
}
