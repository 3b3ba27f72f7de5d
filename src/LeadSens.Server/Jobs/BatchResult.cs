using System.Text.Json.Nodes;
using Npgsql;
using NpgsqlTypes;

namespace LeadSens.Server.Jobs;

/// <summary>Adds to what a batch tells the box that waits for it.</summary>
internal static class BatchResult
{
    private const string AddSql = """
        update batches set result = result || (
            select coalesce(jsonb_object_agg(added.key, case
                when jsonb_typeof(added.value) = 'number' and jsonb_typeof(result -> added.key) = 'number'
                then to_jsonb((result ->> added.key)::numeric + (added.value #>> '{}')::numeric)
                else added.value end), '{}')
            from jsonb_each($2) as added)
        where id = $1
        """;

    /// <summary>Merges the numbers into <c>batches.result</c> in the caller's transaction: numbers add up, everything else overwrites.</summary>
    public static async Task AddAsync(NpgsqlConnection connection, Guid batchId, JsonObject numbers, CancellationToken cancellationToken = default)
    {
        await using var command = new NpgsqlCommand(AddSql, connection);
        command.Parameters.Add(new() { Value = batchId });
        command.Parameters.Add(new() { Value = numbers.ToJsonString(), NpgsqlDbType = NpgsqlDbType.Jsonb });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
