using System.Text.Json.Nodes;
using LeadSens.Engine;
using LeadSens.Server.Audit;
using LeadSens.Server.Data;
using LeadSens.Server.Workflows.Triggers;
using Npgsql;

namespace LeadSens.Server.Workflows;

/// <summary>Who changes a definition.</summary>
/// <param name="Editor">The opened editor that the change comes from; null: none, for example a script.</param>
/// <param name="Revision">What the editor had seen; null when it cannot say.</param>
internal sealed record DefinitionAuthor(Guid WorkspaceId, string Caller, string? Editor = null, long? Revision = null)
{
    /// <summary>The same for the audit log.</summary>
    public AuditActor By { get; init; } = AuditActor.System;
}

/// <summary>What became of a change: a version, or why there is none.</summary>
/// <param name="Errors">With a version: what keeps the draft from running.</param>
internal sealed record DefinitionChange(DefinitionVersion? Version, string? Refusal, IReadOnlyList<DefinitionError> Errors)
{
    /// <summary>It was in service already, just so.</summary>
    public bool WasPublished { get; init; }

    public static DefinitionChange Refused(string why) => new(null, why, []);
}

/// <summary>Changes a workspace's definitions. The first change of a shipped one makes a copy; the shipped one stays as it is.</summary>
internal sealed class DefinitionEditing(Database database, ActivityRegistry activities, TimeProvider time)
{
    /// <summary>Saves a draft, or publishes. Saving what is there already changes nothing, so a repeated request does no harm; what somebody
    /// else saved meanwhile is not overwritten.</summary>
    /// <param name="afterLatest">Begins a new version even where the latest is a draft, so that the draft stays.</param>
    public async Task<DefinitionChange> SaveAsync(DefinitionAuthor author, JsonObject definition, bool publish, bool afterLatest, CancellationToken cancellationToken)
    {
        var check = await CheckAsync(author, definition.ToJsonString(), cancellationToken);
        if (publish && check.Errors.Count > 0) return new DefinitionChange(null, "The workflow cannot run.", check.Errors);
        var definitionId = definition.Text("definitionId") is { Length: > 0 } given ? given : Guid.CreateVersion7().ToString("N");
        await using var work = await DefinitionWork.BeginAsync(database, author, definitionId, cancellationToken);
        if (await work.ConflictAsync(definition.Text("id"), cancellationToken) is { } conflict) return DefinitionChange.Refused(conflict);
        if (work.Latest is { } latest && DefinitionText.SameContent(DefinitionText.Parse(latest.Body)!, definition))
        {
            if (!publish || latest.IsPublished) return new DefinitionChange(latest, null, check.Errors) { WasPublished = publish };
            if (!latest.IsShipped) return await InServiceAsync(author, definitionId, check, () => work.PublishAsync(latest.VersionId, check.Triggers, cancellationToken), cancellationToken);
        }
        return await InServiceAsync(author, definitionId, check, () => work.WriteAsync(definition, publish, afterLatest, check, cancellationToken), cancellationToken);
    }

    /// <summary>Publishes the latest version as it is. Null: there is no such definition.</summary>
    public async Task<DefinitionChange?> PublishAsync(DefinitionAuthor author, string definitionId, CancellationToken cancellationToken)
    {
        await using var work = await DefinitionWork.BeginAsync(database, author, definitionId, cancellationToken);
        if (work.Latest is not { } latest) return null;
        if (latest.IsPublished) return new DefinitionChange(latest, null, []) { WasPublished = true };
        var check = await CheckAsync(author, latest.Body, cancellationToken);
        return check.Errors.Count > 0
            ? new DefinitionChange(null, "The workflow cannot run.", check.Errors)
            : await InServiceAsync(author, definitionId, check, () => work.PublishAsync(latest.VersionId, check.Triggers, cancellationToken), cancellationToken);
    }

    /// <summary>Takes a definition out of service; running instances go on. Null: there is no such definition.</summary>
    public async Task<DefinitionChange?> RetractAsync(DefinitionAuthor author, string definitionId, CancellationToken cancellationToken)
    {
        await using var work = await DefinitionWork.BeginAsync(database, author, definitionId, cancellationToken);
        if (work.Latest is not { } latest) return null;
        return await work.IsPublishedAsync(cancellationToken)
            ? await work.RetractAsync(latest, cancellationToken)
            : DefinitionChange.Refused($"The workflow '{latest.Name}' is not published.");
    }

    /// <summary>Copies an old version to a new draft. Null: there is no such version.</summary>
    public async Task<DefinitionChange?> RevertAsync(DefinitionAuthor author, string definitionId, int version, CancellationToken cancellationToken)
    {
        await using var work = await DefinitionWork.BeginAsync(database, author, definitionId, cancellationToken);
        return await work.FindAsync(VersionOptions.Version(version), cancellationToken) is { } old
            ? await work.WriteAsync(DefinitionText.Parse(old.Body)!, publish: false, afterLatest: true, new([], []), cancellationToken)
            : null;
    }

    /// <summary>Takes the newest shipped version in place of the workspace's own, which stay in the history. Null: there is no such definition.</summary>
    public async Task<DefinitionChange?> AdoptAsync(DefinitionAuthor author, string definitionId, bool publish, CancellationToken cancellationToken)
    {
        await using var work = await DefinitionWork.BeginAsync(database, author, definitionId, cancellationToken);
        if (work.Latest is not { } latest) return null;
        if (await work.NewerShippedAsync(cancellationToken) is not { } shipped) return DefinitionChange.Refused($"No newer version of the workflow '{latest.Name}' is shipped.");
        var check = await CheckAsync(author, shipped.Body, cancellationToken);
        return publish && check.Errors.Count > 0
            ? new DefinitionChange(null, "The workflow cannot run.", check.Errors)
            : await InServiceAsync(author, definitionId, check, () => work.AdoptAsync(shipped, publish, check.Triggers, cancellationToken), cancellationToken);
    }

    /// <summary>Deletes the workspace's own versions; a shipped definition is seen again as it was shipped. Answers how many definitions that were.</summary>
    public Task<int> DeleteAsync(DefinitionAuthor author, IReadOnlyList<string> definitionIds, CancellationToken cancellationToken) =>
        DeleteAsync("definition_id = any($2)", gone => gone.Distinct().Count(), author, definitionIds, cancellationToken);

    /// <summary>Deletes own versions by their ids; the highest that remains becomes the latest.</summary>
    public Task<int> DeleteVersionsAsync(DefinitionAuthor author, IReadOnlyList<string> versionIds, CancellationToken cancellationToken) =>
        DeleteAsync("version_id = any($2)", gone => gone.Count, author, versionIds, cancellationToken);

    private async Task<DefinitionCheck> CheckAsync(DefinitionAuthor author, string json, CancellationToken cancellationToken) =>
        DefinitionCheck.Of(json, await activities.DrawableAsync(database, author.WorkspaceId, cancellationToken), author.WorkspaceId, time.GetUtcNow());

    /// <summary>Two workflows may want an exclusive trigger at the same moment; the database knows who came second.</summary>
    private async Task<DefinitionChange> InServiceAsync(
        DefinitionAuthor author, string definitionId, DefinitionCheck check, Func<Task<DefinitionChange>> publish, CancellationToken cancellationToken)
    {
        try
        {
            return await publish();
        }
        catch (PostgresException error) when (TriggerRows.IsTaken(error))
        {
            return new(null, "Another workflow is started by the same thing.", await TriggerRows.TakenAsync(database, author.WorkspaceId, definitionId, check.Triggers, cancellationToken));
        }
    }

    /// <summary>Runs that were started with a deleted version keep it.</summary>
    private async Task<int> DeleteAsync(string which, Func<List<string>, int> count, DefinitionAuthor author, IReadOnlyList<string> ids, CancellationToken cancellationToken)
    {
        var workspaceId = author.WorkspaceId;
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var wanted = $"workspace_id = $1 and deleted_at is null and {which}";
        foreach (var id in await connection.ListAsync($"select distinct definition_id from workflow_definitions where {wanted} order by 1", DefinitionId, cancellationToken, workspaceId, ids.ToArray()))
            await DefinitionRows.LockAsync(connection, workspaceId, id, cancellationToken);
        var gone = await connection.ListAsync(
            $"update workflow_definitions set deleted_at = now(), published = false, retracted = false, frozen = true where {wanted} returning definition_id",
            DefinitionId, cancellationToken, workspaceId, ids.ToArray());
        foreach (var id in gone.Distinct())
        {
            await TriggerRows.IndexAsync(connection, workspaceId, id, cancellationToken);
            await AuditLog.AppendAsync(connection, new(workspaceId, author.By, "definition.deleted", "definition", id), cancellationToken);
        }
        await transaction.CommitAsync(cancellationToken);
        return count(gone);

        static string DefinitionId(NpgsqlDataReader row) => row.GetString(0);
    }
}
