using System.Text.Json.Nodes;
using LeadSens.Engine;
using LeadSens.Server.Data;
using Npgsql;

namespace LeadSens.Server.Workflows.Waits;

/// <summary>Explains why a run does not go on: which box waits, for what, since when, until when.</summary>
internal sealed class ReadWaits(Database database, DefinitionStore definitions)
{
    private const string StillSql = """
        not i.runnable and i.claim_token is null and not exists (select from workflow_bookmarks b where b.instance_id = i.id and b.state < 2)
            and not exists (select from workflow_resumptions r where r.instance_id = i.id)
        """;

    private const string InstanceSql = $"""
        select i.status, i.sub_status, i.paused, i.failures, i.incident_count, i.updated_at, i.definition_version_id, i.state, d.body, {StillSql}
        from workflow_instances i left join workflow_definitions d on d.version_id = i.definition_version_id
        where i.workspace_id = $1 and i.id = $2
        """;

    // Of most a stage works: their states and graphs are not needed.
    private const string FirstSql = $"""
        select i.status, i.sub_status, i.paused, i.failures, i.incident_count, i.updated_at, i.definition_version_id, case when s.still then i.state end, d.body, s.still, i.id, w.*
        from workflow_instances i cross join lateral (select {StillSql}) s (still) left join lateral ({WaitRow.FirstSql}) w on true
            left join workflow_definitions d on d.version_id = i.definition_version_id and (w.name is not null or s.still)
        where i.workspace_id = $1 and i.id = any ($2) and i.status = 'Running'
        """;

    /// <summary>Null when the workspace has no such instance. What has ended waits for nothing.</summary>
    public async Task<InstanceWaits?> ReadAsync(Guid workspaceId, Guid instanceId, CancellationToken cancellationToken)
    {
        if (await database.FirstAsync(InstanceSql, Instance.Read, cancellationToken, workspaceId, instanceId) is not { } instance) return null;
        var labels = Labels(instance.Body);
        var faults = instance.Incidents == 0 ? [] : await FaultsAsync(instance, labels, cancellationToken);
        if (instance.Status == "Finished") return new(instanceId, instance.Status, instance.SubStatus, null, [], faults);
        var rows = await database.ListAsync(WaitRow.Sql, row => WaitRow.Read(row, 0), cancellationToken, instanceId);
        List<InstanceWait> waits = [.. rows.Where(row => !row.IsTimeOut).Select(row => row.Say(labels.GetValueOrDefault(row.ActivityId, row.ActivityId)))];
        // Said of a run only where one and the same look found it suspended with nothing left that could wake it.
        if (instance.IsStill && instance.SubStatus == "Suspended") waits.AddRange(await StuckAsync(instance, labels, cancellationToken));
        return new(instanceId, instance.Status, instance.SubStatus, instance.Held, waits, faults);
    }

    /// <summary>In words, what holds each of these runs, or what its longest wait is for, stages apart: one look for all of them. A run of which there is nothing to say is left out.</summary>
    public async Task<IReadOnlyDictionary<Guid, string>> FirstAsync(Guid workspaceId, IReadOnlyCollection<Guid> instanceIds, CancellationToken cancellationToken)
    {
        var said = new Dictionary<Guid, string>();
        if (instanceIds.Count == 0) return said;
        var rows = await database.ListAsync(
            FirstSql, row => (Id: row.GetGuid(10), Instance: Instance.Read(row), Wait: row.IsDBNull(11) ? null : WaitRow.Read(row, 11)), cancellationToken, workspaceId, instanceIds.ToArray());
        foreach (var (id, instance, row) in rows)
        {
            var labels = Labels(instance.Body);
            var wait = row?.Say(labels.GetValueOrDefault(row.ActivityId, row.ActivityId));
            if (wait is null && instance is { Held: null, IsStill: true, SubStatus: "Suspended" }) wait = (await StuckAsync(instance, labels, cancellationToken)).FirstOrDefault();
            if ((instance.Held ?? wait?.Words) is { } words) said[id] = words;
        }
        return said;
    }

    private async Task<List<InstanceFault>> FaultsAsync(Instance instance, Dictionary<string, string> labels, CancellationToken cancellationToken) =>
        await definitions.LookAtAsync(instance.VersionId, cancellationToken) is { } definition
            ? [.. InstanceSnapshot.Read(instance.State, definition).Incidents.Select(incident =>
                new InstanceFault(incident.ActivityId, incident.NodeId, labels.GetValueOrDefault(incident.ActivityId, incident.ActivityId), incident.Fault.Message, incident.At))]
            : [];

    /// <summary>Containers in which nothing runs any more and that still have not ended: in token mode a merge may wait for ever.</summary>
    private async Task<IEnumerable<InstanceWait>> StuckAsync(Instance instance, Dictionary<string, string> labels, CancellationToken cancellationToken)
    {
        if (await definitions.LookAtAsync(instance.VersionId, cancellationToken) is not { } definition) return [];
        var active = InstanceSnapshot.Read(instance.State, definition).Active;
        return active.Where(one => !active.Any(other => other.ParentId == one.Id)).Select(one => new InstanceWait(
            one.ActivityId, one.NodeId, labels.GetValueOrDefault(one.ActivityId, one.ActivityId), "stuck", "connections that nothing will follow any more", instance.UpdatedAt, null,
            "It does not go on by itself: cancel the run, and let the merge take what can still come.", null));
    }

    /// <summary>The boxes' labels by their ids.</summary>
    private static Dictionary<string, string> Labels(string? body)
    {
        var labels = new Dictionary<string, string>(StringComparer.Ordinal);
        if (body is not null && DefinitionText.Parse(body)?["root"] is { } root) Collect(root, labels);
        return labels;
    }

    private static void Collect(JsonNode node, Dictionary<string, string> labels)
    {
        if (node is JsonObject box && box.Text("type") is not null && box.Text("id") is { } id)
            labels.TryAdd(id, (box["metadata"] as JsonObject)?.Text("displayText") is { Length: > 0 } label ? label : box.Text("name") ?? id);
        foreach (var inner in node is JsonObject json ? json.Select(property => property.Value) : node is JsonArray list ? list : [])
        {
            if (inner is JsonObject or JsonArray) Collect(inner, labels);
        }
    }

    private sealed record Instance(
        string Status, string SubStatus, bool Paused, int Failures, int Incidents, DateTimeOffset UpdatedAt, string VersionId, byte[] State, string? Body, bool IsStill)
    {
        public string? Held => (Paused, Failures, SubStatus) switch
        {
            (true, _, _) => "The run is paused. What arrives waits until it is resumed.",
            (_, > 0, _) => $"The last {(Failures == 1 ? "attempt" : $"{Failures} attempts")} to go on broke; it is tried again by itself.",
            (_, _, "Interrupted") => "The node that ran it was stopped; another one goes on with it.",
            _ => null,
        };

        public static Instance Read(NpgsqlDataReader row) => new(
            row.GetString(0), row.GetString(1), row.GetBoolean(2), row.GetInt32(3), row.GetInt32(4), row.GetFieldValue<DateTimeOffset>(5), row.GetString(6),
            row.IsDBNull(7) ? [] : row.GetFieldValue<byte[]>(7), row.Text(8), row.GetBoolean(9));
    }
}
