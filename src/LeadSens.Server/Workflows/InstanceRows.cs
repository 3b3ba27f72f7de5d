using System.Text.Json;
using LeadSens.Engine;
using Npgsql;

namespace LeadSens.Server.Workflows;

/// <summary>Reads leased instances and their inboxes, as <c>workflow_leased</c> gives them.</summary>
internal static class InstanceRows
{
    /// <summary>id, token, version, workspace, definition version, state, inbox.</summary>
    public static LeasedInstance Read(NpgsqlDataReader rows, int first = 0) => new(
        new InstanceLease(rows.GetGuid(first), rows.GetInt64(first + 2), rows.GetGuid(first + 1)), rows.GetGuid(first + 3), rows.GetString(first + 4),
        rows.GetFieldValue<byte[]>(first + 5), ReadInbox(rows, first + 6));

    /// <summary>resumptions, bookmarks, payloads; all null when there are none.</summary>
    public static IReadOnlyList<Resumption> ReadInbox(NpgsqlDataReader rows, int first)
    {
        if (rows.IsDBNull(first))
            return [];
        var (ids, bookmarks, payloads) = (rows.GetFieldValue<Guid[]>(first), rows.GetFieldValue<Guid[]>(first + 1), rows.GetFieldValue<string?[]>(first + 2));
        return [.. ids.Select((id, i) => new Resumption(id, bookmarks[i], payloads[i] is { } payload ? JsonElement.Parse(payload) : default))];
    }
}
