using System.Text.Json;
using LeadSens.Engine;
using Npgsql;

namespace LeadSens.Server.Workflows;

/// <summary>Reads leased instances and their inboxes.</summary>
internal static class InstanceRows
{
    /// <summary>First result set: id, version, workspace, definition version, state. Second: instance, resumption, bookmark, payload.</summary>
    public static async Task<IReadOnlyList<LeasedInstance>> ReadAsync(NpgsqlDataReader rows, Guid token, CancellationToken cancellationToken)
    {
        var taken = new List<LeasedInstance>();
        var inboxes = new Dictionary<Guid, List<Resumption>>();
        while (await rows.ReadAsync(cancellationToken))
        {
            var id = rows.GetGuid(0);
            var inbox = inboxes[id] = [];
            taken.Add(new LeasedInstance(new InstanceLease(id, rows.GetInt64(1), token), rows.GetGuid(2), rows.GetString(3), rows.GetFieldValue<byte[]>(4), inbox));
        }
        await rows.NextResultAsync(cancellationToken);
        while (await rows.ReadAsync(cancellationToken))
            inboxes[rows.GetGuid(0)].Add(ReadResumption(rows, 1));
        taken.Sort(static (a, b) => a.Lease.InstanceId.CompareTo(b.Lease.InstanceId));
        return taken;
    }

    public static Resumption ReadResumption(NpgsqlDataReader rows, int first) =>
        new(rows.GetGuid(first), rows.GetGuid(first + 1), rows.IsDBNull(first + 2) ? default : JsonElement.Parse(rows.GetString(first + 2)));
}
