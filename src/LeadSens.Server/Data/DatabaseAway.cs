using System.Net.Sockets;
using Npgsql;

namespace LeadSens.Server.Data;

/// <summary>Tells that the database is away, or has no room just now, from everything else that can go wrong with it.</summary>
internal static class DatabaseAway
{
    /// <summary>What was in the way; null where the exception says nothing of the kind. Others may have wrapped it.</summary>
    public static Exception? CauseOf(Exception? exception)
    {
        for (var depth = 0; exception is not null && depth < 10; exception = exception.InnerException, depth++)
        {
            if (IsAway(exception)) return exception;
            if (exception is AggregateException several) return several.InnerExceptions.Select(CauseOf).FirstOrDefault(cause => cause is not null);
        }

        return null;
    }

    private static bool IsAway(Exception exception) => exception switch
    {
        PostgresException answer => answer.SqlState is PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown or PostgresErrorCodes.CannotConnectNow or PostgresErrorCodes.TooManyConnections
            || answer.SqlState.StartsWith("08", StringComparison.Ordinal),
        // A pool that is used up, a connection that broke, one that could not be made; a statement that took too long is none of them.
        NpgsqlException lost => lost.InnerException is SocketException or IOException or TimeoutException || lost.InnerException is null && lost.IsTransient,
        _ => false,
    };
}
