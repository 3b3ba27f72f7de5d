using System.Text.Json.Nodes;
using LeadSens.Server.Api;
using LeadSens.Server.Data;
using LeadSens.Server.Workflows;
using Npgsql;

namespace LeadSens.Server.Studio.Shipped;

/// <summary>A workflow of the workspace.</summary>
/// <param name="PublishedVersion">What new runs get; null: it is out of service.</param>
/// <param name="Origin">Shipped, Own, Edited (a copy of a shipped one), Outdated (an unedited copy of an older shipped one) or EditedAndOutdated.</param>
/// <param name="NewerSince">When a newer version than the one that the workspace's copy comes from was shipped; null: there is none.</param>
internal sealed record WorkflowItem(string DefinitionId, string? Name, int Version, int? PublishedVersion, [property: OneOf(typeof(DefinitionOrigin))] string Origin, DateTimeOffset? NewerSince);

/// <summary>A newer shipped version beside the workspace's own.</summary>
/// <param name="News">What it changes in the version that the workspace's copy comes from.</param>
/// <param name="Edits">What the workspace changed in that one; taking the newer version leaves it in the history.</param>
/// <param name="Definition">The newer version as it is shipped.</param>
internal sealed record WorkflowOffer(
    string DefinitionId, string? Name, int Version, DateTimeOffset NewerSince, IReadOnlyList<string> News, IReadOnlyList<string> Edits, JsonObject Definition);

/// <summary>Compares what a workspace has with what is shipped.</summary>
internal sealed class ShippedOffers(Database database)
{
    private const string ListSql = """
        select d.definition_id, d.name, d.version, (select p.version from workflow_definitions_of($1) p where p.definition_id = d.definition_id and p.published),
            d.workspace_id is not null, d.body_hash, d.shipped_hash, s.body_hash, s.created_at
        from workflow_definitions_of($1) d
        left join lateral (
            select body_hash, created_at from workflow_definitions where definition_id = d.definition_id and workspace_id is null and deleted_at is null order by version desc limit 1) s on true
        where d.latest and ($2::text is null or d.definition_id = $2) order by lower(d.name), d.definition_id
        """;

    /// <summary>The own latest, the shipped one that it comes from, the newest shipped one.</summary>
    private const string BodiesSql = """
        select d.body, (select body from workflow_definitions f where f.definition_id = $2 and f.workspace_id is null and f.body_hash = d.shipped_hash order by version desc limit 1),
            (select body from workflow_definitions s where s.definition_id = $2 and s.workspace_id is null and s.deleted_at is null order by version desc limit 1)
        from workflow_definitions_of($1) d where d.latest and d.definition_id = $2
        """;

    public Task<List<WorkflowItem>> ListAsync(Guid workspaceId, CancellationToken cancellationToken) =>
        database.ListAsync(ListSql, Read, cancellationToken, workspaceId, null);

    /// <summary>Null when the workspace does not see it.</summary>
    public Task<WorkflowItem?> FindAsync(Guid workspaceId, string definitionId, CancellationToken cancellationToken) =>
        database.FirstAsync(ListSql, Read, cancellationToken, workspaceId, definitionId);

    /// <summary>Null when nothing newer is shipped.</summary>
    public async Task<WorkflowOffer?> OfferAsync(Guid workspaceId, WorkflowItem item, CancellationToken cancellationToken)
    {
        if (item.NewerSince is not { } since) return null;
        var (own, from, newest) = await database.FirstAsync(
            BodiesSql, row => (Json(row.GetString(0)), Json(row.Text(1) ?? row.GetString(2)), Json(row.GetString(2))), cancellationToken, workspaceId, item.DefinitionId);
        return new(item.DefinitionId, item.Name, item.Version, since, GraphDifference.Between(from, newest), GraphDifference.Between(from, own), newest);
    }

    private static JsonObject Json(string body) => Definitions.DefinitionForm.Normalise(DefinitionText.Parse(body)!);

    private static WorkflowItem Read(NpgsqlDataReader row)
    {
        var own = row.GetBoolean(4) ? (row.GetString(5), row.Text(6)) : ((string, string?)?)null;
        var origin = DefinitionOrigins.Of(own, row.Text(7));
        var isOffered = origin is DefinitionOrigin.Outdated or DefinitionOrigin.EditedAndOutdated;
        return new(row.GetString(0), row.Text(1), row.GetInt32(2), row.Maybe<int>(3), origin.ToString(), isOffered ? row.Maybe<DateTimeOffset>(8) : null);
    }
}
