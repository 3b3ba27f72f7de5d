using LeadSens.Server.Api;
using LeadSens.Server.Data;
using LeadSens.Server.Identity;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace LeadSens.Server.Leads;

/// <summary>An address or a domain that is never contacted.</summary>
internal sealed record Suppression(Guid Id, string Kind, string Value, string? Reason, DateTimeOffset CreatedAt);

/// <param name="Value">An e-mail address or a domain; which of the two is seen by the @.</param>
internal sealed record SuppressionRequest(string? Value, string? Reason);

/// <summary>The workspace's list of whom never to contact. Checked when leads are sourced and again before each push.</summary>
internal static class Suppressions
{
    private const string Columns = "id, kind, value, reason, created_at";
    private const string ListSql = $"select {Columns} from suppressions where workspace_id = $1 and id > $2 order by id limit $3";
    private const string DeleteSql = "delete from suppressions where workspace_id = $1 and id = $2";

    /// <summary>Adding what is there answers what is there.</summary>
    private const string AddSql = $"""
        insert into suppressions (id, workspace_id, kind, value, reason, created_at) values ($1, $2, $3, $4, $5::text, now())
        on conflict (workspace_id, kind, value) do update set reason = coalesce(excluded.reason, suppressions.reason)
        returning {Columns}
        """;

    public static async Task<Ok<Page<Suppression>>> ListAsync([AsParameters] PageRequest page, WorkspaceContext caller, NpgsqlDataSource database, CancellationToken cancellationToken) =>
        TypedResults.Ok(Page<Suppression>.Of(
            await database.ListAsync(ListSql, Read, cancellationToken, caller.WorkspaceId, page.After, page.Size + 1), page.Size, entry => entry.Id.ToString()));

    public static async Task<Results<Created<Suppression>, ProblemHttpResult>> AddAsync(
        SuppressionRequest request, WorkspaceContext caller, NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        var value = request.Value?.Trim().ToLowerInvariant() ?? "";
        var errors = Check(value, request.Reason);
        if (errors.Any) return Problems.Validation(errors.ByField);
        var kind = value.Contains('@', StringComparison.Ordinal) ? "address" : "domain";
        var added = await database.FirstAsync(AddSql, Read, cancellationToken, Guid.CreateVersion7(), caller.WorkspaceId, kind, value, request.Reason);
        return TypedResults.Created($"/api/suppressions/{added!.Id}", added);
    }

    public static async Task<Results<NoContent, ProblemHttpResult>> RemoveAsync(Guid id, WorkspaceContext caller, NpgsqlDataSource database, CancellationToken cancellationToken) =>
        await database.ExecuteAsync(DeleteSql, cancellationToken, caller.WorkspaceId, id) == 1 ? TypedResults.NoContent() : Problems.NotFound("suppression_not_found");

    private static FieldErrors Check(string value, string? reason)
    {
        var errors = new FieldErrors();
        var domain = value[(value.IndexOf('@', StringComparison.Ordinal) + 1)..];
        var isPlausible = value.Length is > 0 and <= 254 && !value.StartsWith('@') && !value.Contains(' ', StringComparison.Ordinal)
            && domain.Contains('.', StringComparison.Ordinal) && !domain.Contains('@', StringComparison.Ordinal) && Uri.CheckHostName(domain) == UriHostNameType.Dns;
        errors.Require(isPlausible, "value", "Give an e-mail address or a domain.");
        errors.Require(reason is not { Length: > 500 }, "reason", "The reason may have at most 500 characters.");
        return errors;
    }

    private static Suppression Read(NpgsqlDataReader row) => new(row.GetGuid(0), row.GetString(1), row.GetString(2), row.Text(3), row.GetFieldValue<DateTimeOffset>(4));
}
