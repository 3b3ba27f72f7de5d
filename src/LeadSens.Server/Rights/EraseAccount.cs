using System.ComponentModel.DataAnnotations;
using LeadSens.Server.Api;
using LeadSens.Server.Audit;
using LeadSens.Server.Data;
using LeadSens.Server.Identity;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadSens.Server.Rights;

/// <summary>Erases the caller's account. A workspace that others are in keeps an owner; one that nobody is left in is closed with its keys, so nothing may run there.
/// What the person did stays in the audit log under an id that names nobody any more.</summary>
internal static class EraseAccount
{
    private const string LockSql = "select w.id from workspaces w join workspace_members m on m.workspace_id = w.id where m.user_id = $1 order by w.id for update of w";

    private const string LeftAloneSql = """
        select w.name from workspaces w join workspace_members m on m.workspace_id = w.id and m.user_id = $1 and m.role = 'owner'
        where exists (select from workspace_members o where o.workspace_id = w.id and o.user_id <> $1)
            and not exists (select from workspace_members o where o.workspace_id = w.id and o.user_id <> $1 and o.role = 'owner') limit 1
        """;

    private const string ClosedSql = "select m.workspace_id from workspace_members m where m.user_id = $1 and not exists (select from workspace_members o where o.workspace_id = m.workspace_id and o.user_id <> $1)";

    private const string RunningSql = "select name from campaigns where workspace_id = any($1) and status in ('Running', 'AwaitingApproval', 'Paused') limit 1";

    private static readonly string[] Statements =
    [
        "delete from api_keys where workspace_id = any($2)",
        "delete from workspace_invitations where workspace_id = any($2) or email_key = (select email_key from users where id = $1)",
        "delete from users where id = $1 and $2::uuid[] is not null",
    ];

    /// <param name="Password">The account's own, so that a stolen session erases nothing.</param>
    /// <param name="Code">Of the authenticator, where the account has one.</param>
    public sealed record Request([property: Required] string? Password, string? Code);

    public static async Task<Results<NoContent, ProblemHttpResult>> HandleAsync(
        [Microsoft.AspNetCore.Mvc.FromBody] Request request, Person caller, HttpContext context, Database database, Logins logins, CancellationToken cancellationToken)
    {
        var by = AuditActor.Of(context);
        if (string.IsNullOrEmpty(request.Password)) return Problems.Validation(new Dictionary<string, string[]> { ["password"] = ["The account's password."] });
        if (await logins.RefusalAsync(caller, request.Password, request.Code, by, cancellationToken) is { } wrong) return wrong;
        if (await EraseAsync(caller.UserId, by, database, cancellationToken) is { } refusal) return refusal;
        if (context.User.Identity?.AuthenticationType == SessionAuthentication.SchemeName) await context.SignOutAsync(SessionAuthentication.SchemeName);
        return TypedResults.NoContent();
    }

    private static async Task<ProblemHttpResult?> EraseAsync(Guid userId, AuditActor by, Database database, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        // Two owners who go at once come one after the other.
        await connection.Sql(LockSql, userId).RunAsync(cancellationToken);
        if (await connection.Sql(LeftAloneSql, userId).FirstAsync(row => row.GetString(0), cancellationToken) is { } alone)
            return Problems.Conflict("last_owner", $"You are the last owner of '{alone}'. Make somebody else the owner first.");
        var closed = (await connection.Sql(ClosedSql, userId).ListAsync(row => row.GetGuid(0), cancellationToken)).ToArray();
        if (await connection.Sql(RunningSql, closed).FirstAsync(row => row.GetString(0), cancellationToken) is { } running)
            return Problems.Conflict("campaign_running", $"The campaign '{running}' has not ended, and nobody would be left to look after it. Cancel it first.");
        await AuditLog.AppendAsync(connection, userId, by, "account.erased", null, cancellationToken);
        foreach (var sql in Statements) await connection.Sql(sql, userId, closed).RunAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return null;
    }
}
