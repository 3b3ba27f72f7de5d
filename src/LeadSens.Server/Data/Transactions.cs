using Npgsql;

namespace LeadSens.Server.Data;

/// <summary>The one place where a transaction is made again because PostgreSQL ended it in favour of another. The order of locks (see
/// <c>docs/architecture.md</c>) makes that rare; a foreign key's check or a parallel branch of a graph may still meet one the other way round.</summary>
internal static class Transactions
{
    private const int Most = 8;

    /// <summary>Two transactions got in each other's way: the same again helps, and nothing of this one is there.</summary>
    public static bool IsCollision(Exception failure) =>
        failure is PostgresException { SqlState: PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure };

    /// <param name="transaction">Opens its connection, and does nothing that outlives a rollback.</param>
    public static async Task<T> AgainAsync<T>(Func<Task<T>> transaction, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await transaction();
            }
            catch (PostgresException failure) when (attempt < Most && IsCollision(failure))
            {
                await Task.Delay(TimeSpan.FromMilliseconds(Random.Shared.Next(5, 20 * attempt)), TimeProvider.System, cancellationToken);
            }
        }
    }
}
