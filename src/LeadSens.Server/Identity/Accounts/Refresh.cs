using System.ComponentModel.DataAnnotations;
using System.Text.Json.Nodes;
using LeadSens.Server.Api;
using LeadSens.Server.Audit;
using LeadSens.Server.Data;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace LeadSens.Server.Identity;

/// <summary>Exchanges a refresh token for new tokens, once. A second use means that two have it, and which of them is the thief nobody
/// can tell: the session ends for both.</summary>
internal static class Refresh
{
    public sealed record Request([property: Required] string? RefreshToken);

    public static async Task<Results<Ok<SessionTokens>, ProblemHttpResult>> HandleAsync(
        Request request, AuditActor by, Database database, AccessCache cache, IHostEnvironment environment, ILogger<SignIn> log, CancellationToken cancellationToken)
    {
        if (string.IsNullOrEmpty(request.RefreshToken)) return Problems.Validation(new Dictionary<string, string[]> { ["refreshToken"] = ["The token that came with the last access token."] });
        var hash = Secret.HashOf(request.RefreshToken);
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        if (await UseAsync(connection, hash, environment.IsProduction() ? DemoWorkspace.UserId : Guid.Empty, cancellationToken) is { } session
            && await StartSession.IssueAsync(connection, session, cancellationToken) is { } tokens)
        {
            await transaction.CommitAsync(cancellationToken);
            cache.Forget(session);
            return TypedResults.Ok(tokens);
        }

        var ended = await EndFamilyAsync(connection, hash, cancellationToken);
        foreach (var (_, userId) in ended)
            await AuditLog.AppendAsync(connection, userId, by, "session.ended", new JsonObject { ["reason"] = "token_reused" }, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        foreach (var (id, _) in ended)
        {
            cache.Forget(id);
            log.RefreshTokenReused(id);
        }

        return Problems.Of(StatusCodes.Status401Unauthorized, "refresh_token_invalid", "This refresh token opens nothing.", "Sign in again.");
    }

    /// <summary>Of two at once the second waits for the first's row here, and then finds it used.</summary>
    private static Task<Guid?> UseAsync(NpgsqlConnection connection, byte[] hash, Guid but, CancellationToken cancellationToken) => connection.Sql("""
        update refresh_tokens t set used_at = clock_now() from user_sessions s
        where t.token_hash = $1 and t.used_at is null and t.expires_at > clock_now() and s.id = t.session_id and s.user_id <> $2 returning t.session_id
        """, hash, but).FirstAsync(row => (Guid?)row.GetGuid(0), cancellationToken);

    private static Task<List<(Guid Id, Guid UserId)>> EndFamilyAsync(NpgsqlConnection connection, byte[] hash, CancellationToken cancellationToken) => connection.Sql("""
        update user_sessions set ended_at = clock_now(), ended_by = 'token_reused'
        where id = (select session_id from refresh_tokens where token_hash = $1 and used_at is not null) and ended_at is null returning id, user_id
        """, hash).ListAsync(row => (row.GetGuid(0), row.GetGuid(1)), cancellationToken);
}
