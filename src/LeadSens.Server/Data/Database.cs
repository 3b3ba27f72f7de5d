using Npgsql;

namespace LeadSens.Server.Data;

/// <summary>Makes the pool that all slices share.</summary>
internal static class Database
{
    /// <summary>Statements are prepared by themselves from their second use on. A connection that goes back to the pool is not reset:
    /// nothing here leaves session state behind, except on connections of its own outside the pool.</summary>
    public static NpgsqlDataSource Pool(string connectionString)
    {
        var settings = new NpgsqlConnectionStringBuilder(connectionString)
        {
            ApplicationName = "LeadSens",
            MaxAutoPrepare = 100,
            AutoPrepareMinUsages = 2,
            NoResetOnClose = true,
            Enlist = false
        };
        return NpgsqlDataSource.Create(settings);
    }
}
