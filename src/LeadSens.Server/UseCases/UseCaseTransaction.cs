using LeadSens.Server.Data;
using Npgsql;

namespace LeadSens.Server.UseCases;

internal static class UseCaseTransaction
{
    /// <summary>What a use case changes: all of it or, where it is refused, nothing; under the caller's key once (<see cref="Once"/>). Where PostgreSQL ends
    /// it in favour of another it is made again.</summary>
    /// <param name="change">Does nothing that outlives a rollback.</param>
    public static async Task<Outcome<T>> CommitAsync<T>(this Database database, Func<NpgsqlConnection, Task<Outcome<T>>> change,
        CancellationToken cancellationToken)
    {
        if (Once.Took<T>(out var kept)) return kept!;
        return await Transactions.AgainAsync(async () =>
        {
            await using var connection = await database.OpenConnectionAsync(cancellationToken);
            await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
            var made = await change(connection);
            if (made.Refusal is null) await Once.CommitAsync(transaction, made.Value, cancellationToken);
            return made;
        }, cancellationToken);
    }
}
