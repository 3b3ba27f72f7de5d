using System.Text.Json.Nodes;
using LeadSens.Server.Api;
using LeadSens.Server.Audit;
using LeadSens.Server.Data;
using LeadSens.Server.Identity;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadSens.Server.Suppressions;

/// <summary>The workspace's list of whom never to contact. Checked when leads are sourced, when an approval is opened and decided, and before each push.</summary>
internal static class SuppressionsApi
{
    private const string ListSql = $"""
        select {Suppression.Columns} from suppressions
        where workspace_id = $1 and id > $2 and ($3::text is null or source = $3) and ($4::text is null or value = $4 or hash = $5) order by id limit $6
        """;

    private const string FindSql = $"select {Suppression.Columns} from suppressions where workspace_id = $1 and (value = $2 or hash = $3)";

    public static void MapSuppressions(this IEndpointRouteBuilder app)
    {
        var suppressions = app.MapApiGroup("suppressions");
        suppressions.MapGet("", ListAsync).Named("listSuppressions", "Whom never to contact");
        suppressions.MapPost("", AddAsync).Named("addSuppression", "Never contact an address or a domain");
        suppressions.MapPost("bulk", SuppressMany.HandleAsync).Named("addSuppressions", "Never contact a whole list");
        suppressions.MapDelete("{id:guid}", RemoveAsync).Named("removeSuppression", "Take an entry off the list").Refuses(StatusCodes.Status409Conflict);
    }

    /// <param name="value">An address or domain to look for; an erased person's is found, too.</param>
    private static async Task<Results<Ok<Page<Suppression>>, ProblemHttpResult>> ListAsync(
        [AsParameters] PageRequest page, [OneOf(typeof(SuppressionSource))] string? source, string? value, WorkspaceContext caller, Database database, SuppressionKeys keys, CancellationToken cancellationToken)
    {
        var wanted = SuppressionRequest.Normalise(value);
        if (wanted is null && value is not null) return Problems.Validation(new Dictionary<string, string[]> { ["value"] = ["An e-mail address or a domain."] });
        var hash = wanted is null ? [] : (await keys.OfAsync(caller.WorkspaceId, cancellationToken)).HashOf(wanted);
        var rows = await database.Sql(ListSql, caller.WorkspaceId, page.After, source, wanted, hash, page.Size + 1).ListAsync(Suppression.Read, cancellationToken);
        return TypedResults.Ok(Page<Suppression>.Of(rows, page.Size, entry => entry.Id.ToString()));
    }

    /// <summary>Adding what is there answers what is there.</summary>
    private static async Task<Results<Created<Suppression>, ProblemHttpResult>> AddAsync(
        SuppressionRequest request, WorkspaceContext caller, Database database, SuppressionKeys keys, CancellationToken cancellationToken)
    {
        var errors = new FieldErrors();
        var value = SuppressionRequest.Normalise(request.Value);
        errors.Require(value is not null, "value", "Give an e-mail address or a domain.");
        SuppressionRequest.CheckRest(errors, request.Reason, request.Source);
        if (errors.Any) return Problems.Validation(errors.ByField);
        var (key, source) = (await keys.OfAsync(caller.WorkspaceId, cancellationToken), request.Source ?? SuppressionSource.Manual);
        var details = new JsonObject { ["kind"] = SuppressionRequest.KindOf(value!), ["source"] = source };
        await database.ChangeAsync(new(caller.WorkspaceId, caller.By, "suppression.added", Details: details),
            connection => SuppressionRows.AddAsync(connection, caller.WorkspaceId, [value!], request.Reason, source, key, cancellationToken), cancellationToken);
        var added = await database.Sql(FindSql, caller.WorkspaceId, value, key.HashOf(value!)).FirstAsync(Suppression.Read, cancellationToken);
        return TypedResults.Created($"/api/suppressions?value={Uri.EscapeDataString(value!)}", added!);
    }

    /// <param name="confirm">The entry's source, where the person wanted to be on the list: unsubscribe, complaint, erasure.</param>
    private static async Task<Results<NoContent, ProblemHttpResult>> RemoveAsync(
        Guid id, string? confirm, WorkspaceContext caller, Database database, CancellationToken cancellationToken)
    {
        var source = await database.Sql("select source from suppressions where workspace_id = $1 and id = $2", caller.WorkspaceId, id).FirstAsync(row => row.GetString(0), cancellationToken);
        if (source is null) return Problems.NotFound("suppression_not_found");
        if (SuppressionSource.OfThePerson.Contains(source) && confirm != source)
            return Problems.Conflict("suppression_protected", $"The person wanted this entry ({source}). To take it off all the same, send ?confirm={source}.");
        var removed = await database.ChangeAsync(new(caller.WorkspaceId, caller.By, "suppression.removed", "suppression", id, new JsonObject { ["source"] = source }),
            connection => connection.Sql("delete from suppressions where workspace_id = $1 and id = $2 and source = $3", caller.WorkspaceId, id, source).RunAsync(cancellationToken), cancellationToken);
        return removed == 1 ? TypedResults.NoContent() : Problems.NotFound("suppression_not_found");
    }
}
