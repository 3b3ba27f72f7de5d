using LeadSens.Server.Data;
using System.Security.Claims;
using LeadSens.Server.Identity;
using LeadSens.Server.Workflows;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace LeadSens.Server.Studio.Definitions;

/// <summary>The query of the list. Without a page everything is listed; pages count from 0.</summary>
internal readonly record struct ListQuery(
    string? VersionOptions, int? Page, int? PageSize, string? SearchTerm, bool? IsSystem, string? OrderBy, string? OrderDirection,
    [FromQuery] string[]? DefinitionIds, [FromQuery] string[]? Ids, string? Materializer, [FromQuery] string[]? Label);

internal sealed record DefinitionPage(IReadOnlyList<DefinitionSummary> Items, long TotalCount, IReadOnlyList<Link> Links);

/// <summary>The definitions that the workspace sees, or versions of them.</summary>
internal static class ListDefinitions
{
    private const int Largest = 1_000;

    public static async Task<Results<Ok<DefinitionPage>, JsonHttpResult<StudioError>>> HandleAsync(
        [AsParameters] ListQuery query, WorkspaceContext caller, ClaimsPrincipal user, Database database, CancellationToken cancellationToken)
    {
        if (!Workflows.VersionOptions.TryParse(query.VersionOptions, Workflows.VersionOptions.All, out var versions))
            return StudioErrors.BadRequest($"'{query.VersionOptions}' says no version: it is Latest, Published, Draft, LatestOrPublished, LatestAndPublished, AllVersions or a number.");
        var size = Math.Clamp(query.PageSize ?? (query.Page is null ? Largest : 10), 1, Largest);
        var filter = new DefinitionFilter(versions)
        {
            Search = query.SearchTerm,
            IsSystem = query.IsSystem,
            DefinitionIds = query.DefinitionIds ?? [],
            Ids = query.Ids ?? [],
            OrderBy = query.OrderBy,
            Descending = string.IsNullOrEmpty(query.OrderDirection) ? null : query.OrderDirection.Equals("Descending", StringComparison.OrdinalIgnoreCase),
            Skip = (int)Math.Min((long)Math.Max(query.Page ?? 0, 0) * size, int.MaxValue),
            Take = size,
        };
        var (rows, total) = IsSomething(query) ? await database.ListAsync(caller.WorkspaceId, filter, cancellationToken) : ([], 0);
        var mayEdit = user.MayEdit();
        return TypedResults.Ok(new DefinitionPage([.. rows.Select(row => DefinitionSummary.Of(row, mayEdit))], total, Link.OfList(mayEdit)));
    }

    /// <summary>All definitions are JSON, and none has a label.</summary>
    private static bool IsSomething(ListQuery query) =>
        (string.IsNullOrEmpty(query.Materializer) || query.Materializer.Equals("Json", StringComparison.OrdinalIgnoreCase)) && query.Label is null or [];
}
