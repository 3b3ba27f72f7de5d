using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using LeadSens.Engine;
using LeadSens.Server.Data;
using LeadSens.Server.Workflows.Triggers;

namespace LeadSens.Server.Workflows;

/// <summary>Where definitions live. A workspace sees the shipped ones until it saves one of its own; from then on that is its own, and a
/// new shipped version only makes it outdated.</summary>
internal sealed class DefinitionStore(SystemDatabase database, ActivityRegistry activities, ParsedDefinitions parsed, TimeProvider time) : IDefinitionSource
{
    private const int MostPublished = 10_000;

    private readonly ConcurrentDictionary<(Guid Workspace, string Definition), PublishedVersion> _published = [];

    /// <summary>For whoever runs it. A draft that runs is kept: the next save makes a new version.</summary>
    public ValueTask<WorkflowDefinition?> FindAsync(string definitionVersionId, CancellationToken cancellationToken) => FindAsync(definitionVersionId, runs: true, cancellationToken);

    /// <summary>For whoever only looks at it; a draft stays one.</summary>
    public ValueTask<WorkflowDefinition?> LookAtAsync(string definitionVersionId, CancellationToken cancellationToken) => FindAsync(definitionVersionId, runs: false, cancellationToken);

    public async ValueTask<WorkflowDefinition?> FindPublishedAsync(Guid tenantId, string definitionId, CancellationToken cancellationToken) =>
        await PublishedVersionAsync(tenantId, definitionId, cancellationToken) is { } version ? await FindAsync(version, cancellationToken) : null;

    /// <summary>The version that a new run of this workspace gets; null when there is none.</summary>
    public async Task<string?> PublishedVersionAsync(Guid workspaceId, string definitionId, CancellationToken cancellationToken) =>
        (await ReadPublishedAsync(workspaceId, definitionId, cancellationToken))?.VersionId;

    /// <summary>The same as it was read last, if it ever was. A start with its stamp is refused when it is no longer so.</summary>
    public async ValueTask<PublishedVersion?> KnownPublishedAsync(Guid workspaceId, string definitionId, CancellationToken cancellationToken) =>
        _published.TryGetValue((workspaceId, definitionId), out var known) ? known : await ReadPublishedAsync(workspaceId, definitionId, cancellationToken);

    /// <summary>The same as it is now.</summary>
    public async Task<PublishedVersion?> ReadPublishedAsync(Guid workspaceId, string definitionId, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            "select version, (select stamp from workflow_definition_stamps where definition_id = $1) from workflow_published_version($2, $1) version where version is not null");
        command.Add(definitionId).Add(workspaceId);
        var found = await command.FirstAsync(row => new PublishedVersion(row.GetString(0), row.GetInt64(1)), cancellationToken);
        if (found is null)
            _published.TryRemove((workspaceId, definitionId), out _);
        else if (_published.Count < MostPublished || _published.ContainsKey((workspaceId, definitionId)))
            _published[(workspaceId, definitionId)] = found;
        return found;
    }

    /// <summary>Saves a workspace's own version: changes its draft, or begins one after the newest version. Publishing needs a definition
    /// without errors and affects new runs only.</summary>
    public async Task<SavedDefinition> SaveAsync(Guid workspaceId, string json, bool publish, CancellationToken cancellationToken)
    {
        if (DefinitionText.Parse(json) is not { } definition)
            return new SavedDefinition(null, 0, [new DefinitionError(null, "", "The definition is not a JSON object.")]);
        var check = DefinitionCheck.Of(json, await activities.DrawableAsync(database, workspaceId, cancellationToken), workspaceId, time.GetUtcNow());
        if (publish && check.Errors.Count > 0)
            return new SavedDefinition(null, 0, check.Errors);
        var definitionId = definition.Text("definitionId") is { Length: > 0 } given ? given : Guid.CreateVersion7().ToString("N");
        return await SaveAsync(workspaceId, definitionId, definition, publish, check, cancellationToken);
    }

    /// <summary>How the workspace's newest version relates to what is shipped.</summary>
    public async Task<DefinitionOrigin> OriginAsync(Guid workspaceId, string definitionId, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("""
            select distinct on (workspace_id) workspace_id is null, body_hash, shipped_hash from workflow_definitions
            where definition_id = $1 and (workspace_id = $2 or workspace_id is null) and deleted_at is null order by workspace_id, version desc
            """);
        command.Add(definitionId).Add(workspaceId);
        await using var rows = await command.ExecuteReaderAsync(cancellationToken);
        (string Body, string? From)? own = null;
        string? shipped = null;
        while (await rows.ReadAsync(cancellationToken))
        {
            if (rows.GetBoolean(0))
                shipped = rows.GetString(1);
            else
                own = (rows.GetString(1), rows.IsDBNull(2) ? null : rows.GetString(2));
        }
        return DefinitionOrigins.Of(own, shipped);
    }

    private async ValueTask<WorkflowDefinition?> FindAsync(string versionId, bool runs, CancellationToken cancellationToken)
    {
        if (parsed.Find(versionId) is { } known) return known;
        var found = await BodyAsync("select body, workspace_id, frozen from workflow_definitions where version_id = $1", versionId, cancellationToken);
        if (runs && found is { Body: not null, Frozen: false })
            found = await BodyAsync("update workflow_definitions set frozen = true where version_id = $1 returning body, workspace_id, frozen", versionId, cancellationToken);
        if (found.Body is null) return null;
        var types = found.Workspace is { } owner ? await activities.RunnableAsync(database, owner, cancellationToken) : activities;
        var read = DefinitionReader.Read(found.Body, types);
        if (!read.IsValid) return null;
        return found.Frozen ? parsed.Add(versionId, read.Definition!, found.Body.Length) : read.Definition;
    }

    private async Task<(string? Body, Guid? Workspace, bool Frozen)> BodyAsync(string sql, string versionId, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(sql);
        command.Add(versionId);
        return await command.FirstAsync(row => (row.GetString(0), row.Maybe<Guid>(1), row.GetBoolean(2)), cancellationToken);
    }

    private async Task<SavedDefinition> SaveAsync(
        Guid workspaceId, string definitionId, JsonObject definition, bool publish, DefinitionCheck check, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var (draft, next, _) = await DefinitionRows.LockAsync(connection, workspaceId, definitionId, cancellationToken);
        var versionId = draft ?? Guid.CreateVersion7().ToString("N");
        var shipped = await DefinitionRows.ShippedHashAsync(connection, workspaceId, definitionId, cancellationToken);
        var row = new DefinitionRow(versionId, definitionId, workspaceId, next, definition, publish, shipped) { Triggers = check.Triggers };
        await DefinitionRows.WriteAsync(connection, row, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return new SavedDefinition(versionId, next, check.Errors);
    }
}

/// <summary>A published version, and the stamp that its definition had.</summary>
internal sealed record PublishedVersion(string VersionId, long Stamp);

/// <summary>What a save made; without a version id nothing was saved. A draft is saved with its errors.</summary>
internal sealed record SavedDefinition(string? VersionId, int Version, IReadOnlyList<DefinitionError> Errors);
