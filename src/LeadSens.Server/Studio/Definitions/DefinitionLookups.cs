using LeadSens.Server.Data;
using LeadSens.Server.Identity;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadSens.Server.Studio.Definitions;

/// <summary>Small questions about the workspace's definitions.</summary>
internal static class DefinitionLookups
{
    public sealed record Uniqueness(bool IsUnique);

    public sealed record Total(long Count);

    public static async Task<Ok<Uniqueness>> IsNameUniqueAsync(string? name, string? definitionId, WorkspaceContext caller, Database database, CancellationToken cancellationToken)
    {
        const string Sql = "select exists (select from workflow_definitions_of($1) where latest and lower(name) = lower($2) and definition_id is distinct from $3)";
        var taken = await database.FirstAsync(Sql, row => row.GetBoolean(0), cancellationToken, caller.WorkspaceId, (name ?? "").Trim(), definitionId ?? "");
        return TypedResults.Ok(new Uniqueness(!taken));
    }

    public static async Task<Ok<Total>> CountAsync(WorkspaceContext caller, Database database, CancellationToken cancellationToken) =>
        TypedResults.Ok(new Total(await database.FirstAsync("select count(*) from workflow_definitions_of($1) where latest", row => row.GetInt64(0), cancellationToken, caller.WorkspaceId)));
}
