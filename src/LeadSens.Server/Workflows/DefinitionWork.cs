using System.Text.Json.Nodes;
using LeadSens.Engine;
using LeadSens.Server.Audit;
using LeadSens.Server.Data;
using LeadSens.Server.Workflows.Triggers;
using Npgsql;

namespace LeadSens.Server.Workflows;

/// <summary>One change of one definition: a transaction that holds it, so that changes come one after the other.</summary>
internal sealed class DefinitionWork : IAsyncDisposable
{
    private readonly NpgsqlConnection _connection;
    private readonly NpgsqlTransaction _transaction;
    private readonly DefinitionAuthor _author;
    private readonly string _definitionId;
    private readonly NextVersion _next;

    private DefinitionWork(NpgsqlTransaction transaction, DefinitionAuthor author, string definitionId, NextVersion next) =>
        (_connection, _transaction, _author, _definitionId, _next) = (transaction.Connection!, transaction, author, definitionId, next);

    /// <summary>The latest version that the workspace sees; null when it sees none.</summary>
    public DefinitionVersion? Latest { get; private init; }

    public static async Task<DefinitionWork> BeginAsync(Database database, DefinitionAuthor author, string definitionId, CancellationToken cancellationToken)
    {
        var connection = await database.OpenConnectionAsync(cancellationToken);
        try
        {
            var transaction = await connection.BeginTransactionAsync(cancellationToken);
            var next = await DefinitionRows.LockAsync(connection, author.WorkspaceId, definitionId, cancellationToken);
            var latest = await connection.FindDefinitionAsync(author.WorkspaceId, definitionId, VersionOptions.Latest, cancellationToken);
            return new DefinitionWork(transaction, author, definitionId, next) { Latest = latest };
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>Why the author may not save, because somebody else did meanwhile; null when nobody did. An opened editor may send its next save before the
    /// answer to the last, so its own saves are no conflict. A script says by the version id what it began with.</summary>
    public async Task<string?> ConflictAsync(string? versionId, CancellationToken cancellationToken)
    {
        if (Latest is null)
            return _author.Revision is null ? null : "Somebody else deleted this workflow while you edited it. Export yours and import it again to keep it.";
        var isStale = _author.Revision is { } seen
            ? seen != Latest.Revision && _author.Editor != Latest.Editor
            : versionId is not null && versionId != Latest.VersionId && await IsOldAsync(versionId, cancellationToken);
        return isStale
            ? $"Somebody else saved this workflow meanwhile (version {Latest.Version}, {Latest.SavedAt:u}{(Latest.SavedBy is { } by ? $", {by}" : "")}). "
                + "Nothing was overwritten. Export yours to keep it, then reload."
            : null;
    }

    public Task<DefinitionVersion?> FindAsync(VersionOptions which, CancellationToken cancellationToken) =>
        _connection.FindDefinitionAsync(_author.WorkspaceId, _definitionId, which, cancellationToken);

    public async Task<bool> IsPublishedAsync(CancellationToken cancellationToken) => await FindAsync(VersionOptions.Published, cancellationToken) is not null;

    /// <summary>Changes the draft, or begins one after the newest version.</summary>
    public async Task<DefinitionChange> WriteAsync(JsonObject definition, bool publish, bool afterLatest, DefinitionCheck check, CancellationToken cancellationToken)
    {
        await WriteAsync(definition, publish, afterLatest, check.Triggers, cancellationToken);
        return await CommitAsync(publish ? "definition.published" : afterLatest ? "definition.begun" : null, check.Errors, cancellationToken);
    }

    public async Task<DefinitionChange> PublishAsync(string versionId, IReadOnlyList<Trigger> triggers, CancellationToken cancellationToken)
    {
        await DefinitionRows.SetPublishedAsync(_connection, _author.WorkspaceId, _definitionId, versionId, triggers, cancellationToken);
        return await CommitAsync("definition.published", [], cancellationToken);
    }

    /// <summary>The newest shipped text, if it is newer than the one that the workspace's latest version comes from.</summary>
    public async Task<(string Body, string Hash)?> NewerShippedAsync(CancellationToken cancellationToken)
    {
        if (Latest is null or { IsShipped: true } or { ShippedHash: null }) return null;
        var newest = await _connection.FirstAsync(
            "select body, body_hash from workflow_definitions where definition_id = $1 and workspace_id is null and deleted_at is null order by version desc limit 1",
            row => (Body: row.GetString(0), Hash: row.GetString(1)), cancellationToken, _definitionId);
        return newest.Hash is null || newest.Hash == Latest.ShippedHash ? null : newest;
    }

    /// <summary>Begins a version with the shipped text, also where there is a draft: that stays an older version.</summary>
    public async Task<DefinitionChange> AdoptAsync((string Body, string Hash) shipped, bool publish, IReadOnlyList<Trigger> triggers, CancellationToken cancellationToken)
    {
        var row = new DefinitionRow(
            Guid.CreateVersion7().ToString("N"), _definitionId, _author.WorkspaceId, _next.Next, DefinitionText.Parse(shipped.Body)!, publish, shipped.Hash, _author.Editor, _author.Caller) { Triggers = triggers };
        await DefinitionRows.WriteAsync(_connection, row, cancellationToken);
        return await CommitAsync("definition.adopted", [], cancellationToken);
    }

    /// <summary>What is shipped stays in service for the others: the workspace gets a copy that is not.</summary>
    public async Task<DefinitionChange> RetractAsync(DefinitionVersion latest, CancellationToken cancellationToken)
    {
        if (latest.IsShipped) await WriteAsync(DefinitionText.Parse(latest.Body)!, publish: false, afterLatest: true, [], cancellationToken);
        await DefinitionRows.SetRetractedAsync(_connection, _author.WorkspaceId, _definitionId, cancellationToken);
        return await CommitAsync("definition.retracted", [], cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await _transaction.DisposeAsync();
        await _connection.DisposeAsync();
    }

    /// <summary>Ids of other systems say nothing about what was seen here.</summary>
    private async Task<bool> IsOldAsync(string versionId, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("select exists (select from workflow_definitions where version_id = $1 and definition_id = $2 and workspace_id = $3)", _connection);
        command.Add(versionId).Add(_definitionId).Add(_author.WorkspaceId);
        return await command.ExecuteScalarAsync(cancellationToken) is true;
    }

    private async Task WriteAsync(JsonObject definition, bool publish, bool afterLatest, IReadOnlyList<Trigger> triggers, CancellationToken cancellationToken)
    {
        var (draft, version) = afterLatest ? (null, _next.Next) : (_next.Draft, _next.Version);
        var shipped = await DefinitionRows.ShippedHashAsync(_connection, _author.WorkspaceId, _definitionId, cancellationToken);
        var row = new DefinitionRow(draft ?? Guid.CreateVersion7().ToString("N"), _definitionId, _author.WorkspaceId, version, definition, publish, shipped, _author.Editor, _author.Caller) { Triggers = triggers };
        await DefinitionRows.WriteAsync(_connection, row, cancellationToken);
    }

    /// <param name="action">For the audit log; null for the next save of a draft, which editors send twice a second and which the version itself names.</param>
    private async Task<DefinitionChange> CommitAsync(string? action, IReadOnlyList<DefinitionError> errors, CancellationToken cancellationToken)
    {
        var latest = await FindAsync(VersionOptions.Latest, cancellationToken);
        if (action is not null)
            await AuditLog.AppendAsync(_connection, new(_author.WorkspaceId, _author.By, action, "definition", _definitionId, new JsonObject { ["version"] = latest?.Version }), cancellationToken);
        await _transaction.CommitAsync(cancellationToken);
        return new DefinitionChange(latest, null, errors);
    }
}
