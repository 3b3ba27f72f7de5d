using System.Text.Json.Nodes;
using LeadSens.Engine;
using Npgsql;
using NpgsqlTypes;

namespace LeadSens.Server.Workflows;

/// <summary>Writes stimuli and matches them with the bookmarks that wait.</summary>
internal static class Stimuli
{
    /// <summary>Sends in the caller's transaction, or in one of its own when the connection has none. A transaction must be READ COMMITTED
    /// and should send last: the keys stay locked until it ends. Call <see cref="WorkflowSignal.Wake"/> after the commit.</summary>
    /// <returns>How many were new; the others' dedupe keys were there already.</returns>
    public static async Task<int> SendAsync(NpgsqlConnection connection, IReadOnlyList<Stimulus> stimuli, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("select workflow_send($1, $2, $3, $4, $5, $6, $7)", connection);
        Fill(command, stimuli);
        return (int)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    /// <summary>Ids, keys, dedupe keys, broadcasts, payloads, instances, correlation ids.</summary>
    internal static void Fill(NpgsqlCommand command, IReadOnlyList<Stimulus> stimuli, bool absentWhenEmpty = false) => command
        .AddArray([.. stimuli.Select(_ => Guid.CreateVersion7())], NpgsqlDbType.Uuid, absentWhenEmpty)
        .AddArray([.. stimuli.Select(stimulus => stimulus.Key)], NpgsqlDbType.Text, absentWhenEmpty)
        .AddArray([.. stimuli.Select(stimulus => stimulus.DedupeKey)], NpgsqlDbType.Text, absentWhenEmpty)
        .AddArray([.. stimuli.Select(stimulus => stimulus.Kind == StimulusKind.Broadcast)], NpgsqlDbType.Boolean, absentWhenEmpty)
        .AddArray([.. stimuli.Select(PayloadText)], NpgsqlDbType.Text, absentWhenEmpty)
        .AddArray([.. stimuli.Select(stimulus => stimulus.InstanceId)], NpgsqlDbType.Uuid, absentWhenEmpty)
        .AddArray([.. stimuli.Select(stimulus => stimulus.CorrelationId)], NpgsqlDbType.Text, absentWhenEmpty);

    internal static string? PayloadText(Stimulus stimulus) => stimulus.Payload is JsonNode payload ? payload.ToJsonString() : null;
}
