using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using LeadSens.Activities;
using LeadSens.Engine;
using LeadSens.Server.Workflows;
using Npgsql;

namespace LeadSens.Server.Jobs;

/// <summary>The stimulus key of a batch.</summary>
internal static class BatchKey
{
    public static string Of(Guid batchId) => $"batch:{batchId}";
}

/// <summary>Tells the instance that waits for a batch how it ended, in the transaction that ended it.</summary>
internal static class BatchEnd
{
    private const string ReadSql = """
        select id, total, completed, skipped, failed, cancelled, result::text, failure from batches
        where id = any($1) and instance_id is not null
        """;

    /// <summary>Reads how the batches ended and tells it.</summary>
    public static async Task TellAsync(NpgsqlConnection connection, Guid[] batchIds, CancellationToken cancellationToken)
    {
        var stimuli = new List<Stimulus>();
        await using (var command = new NpgsqlCommand(ReadSql, connection) { Parameters = { new() { Value = batchIds } } })
        await using (var reader = await command.ExecuteReaderAsync(cancellationToken))
        {
            while (await reader.ReadAsync(cancellationToken))
                stimuli.Add(StimulusOf(reader.GetGuid(0), CountsOf(reader)));
        }

        if (stimuli.Count > 0) await Stimuli.SendAsync(connection, stimuli, cancellationToken);
    }

    public static Task TellAsync(NpgsqlConnection connection, Guid batchId, StageCounts counts, CancellationToken cancellationToken) =>
        Stimuli.SendAsync(connection, [StimulusOf(batchId, counts)], cancellationToken);

    private static StageCounts CountsOf(NpgsqlDataReader row)
    {
        var result = JsonNode.Parse(row.GetString(6)) as JsonObject;
        return new(row.GetInt32(1), row.GetInt32(2), row.GetInt32(3), row.GetInt32(4), row.GetInt32(5),
            result is { Count: > 0 } ? result : null, row.IsDBNull(7) ? null : row.GetString(7));
    }

    private static Stimulus StimulusOf(Guid batchId, StageCounts counts)
    {
        var key = BatchKey.Of(batchId);
        return new(key, key, StimulusKind.Directed, JsonSerializer.SerializeToNode(counts, JobsJson.Default.StageCounts));
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(StageCounts))]
internal sealed partial class JobsJson : JsonSerializerContext;
