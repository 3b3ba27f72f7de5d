using System.Text.Json;
using LeadSens.Server.Data;
using LeadSens.Server.Secrets;
using Npgsql;

namespace LeadSens.Server.UseCases;

/// <summary>Requests under a key of their caller's, each done once in 24 hours: claimed first, committed with the key, answered from what was answered. What
/// was refused before anything was committed is free to be asked again. Who dies with a claim is waited for; nobody else commits under it meanwhile, and who
/// comes after goes on where it stopped.</summary>
internal sealed class IdempotencyKeys(Database database, SecretBox box)
{
    /// <summary>Longer than a request takes; one that takes longer all the same commits nothing once another has taken over.</summary>
    private static readonly TimeSpan Claim = TimeSpan.FromSeconds(60);

    private const string ClaimSql = """
        insert into idempotency_keys as k (workspace_id, id, request_hash, claim, claimed_until, created_at)
        values ($1, $2, $3, $4, clock_now() + $5, clock_now())
        on conflict (workspace_id, id) do update set request_hash = $3, claim = $4, claimed_until = clock_now() + $5,
            state = case when k.created_at < clock_now() - interval '24 hours' then 0 else k.state end,
            sealed_outcome = case when k.created_at < clock_now() - interval '24 hours' then null else k.sealed_outcome end,
            created_at = case when k.created_at < clock_now() - interval '24 hours' then clock_now() else k.created_at end
        where k.created_at < clock_now() - interval '24 hours' or k.request_hash = $3 and k.state < 2 and k.claimed_until < clock_now()
        returning sealed_outcome
        """;

    private const string FindSql = "select request_hash, state, sealed_outcome from idempotency_keys where workspace_id = $1 and id = $2";

    private const string AnswerSql = """
        update idempotency_keys set state = 2, sealed_outcome = $4 where workspace_id = $1 and id = $2 and claim = $3 and state < 2
        """;

    /// <summary>Where nothing was committed nothing happened, and the key is as if it had not come.</summary>
    private const string ReleaseSql = """
        with gone as (delete from idempotency_keys where workspace_id = $1 and id = $2 and claim = $3 and state = 0)
        update idempotency_keys set claimed_until = clock_now() where workspace_id = $1 and id = $2 and claim = $3 and state = 1
        """;

    /// <summary>Who has done it and is about to answer keeps no answer any more.</summary>
    private const string ForgetSql = "update idempotency_keys set state = 2, sealed_outcome = null where workspace_id = $1 and sealed_outcome is not null";

    public async Task<Outcome<TAnswer>> OnceAsync<TRequest, TAnswer>(IdempotencyKey key, TRequest request, Func<Task<Outcome<TAnswer>>> run,
        CancellationToken cancellationToken)
    {
        if (key.Problem is { } problem) return Refusal.Invalid(IdempotencyKey.Header, problem);
        var (workspace, hash, claim) = (key.Caller.WorkspaceId, key.HashOf(request), Guid.CreateVersion7());
        var claimed = await database.Sql(ClaimSql, workspace, key.Id, hash, claim, Claim).ListAsync(row => row.Nullable<byte[]>(0), cancellationToken);
        if (claimed.Count == 0) return await KnownAsync<TAnswer>(key, hash, cancellationToken);
        var once = new Once(key, claim, box, claimed[0]);
        var isAnswered = false;
        try
        {
            var outcome = await RunAsync(once, run);
            // A refusal that changed nothing is no answer to keep: what kept it from being done may go.
            if (outcome.Refusal is not null && !once.HasEffect) return outcome;
            isAnswered = await database.Sql(AnswerSql, workspace, key.Id, claim, once.Seal(outcome)).RunAsync(CancellationToken.None) == 1;
            return outcome;
        }
        catch (ClaimLostException)
        {
            return InProgress();
        }
        finally
        {
            if (!isAnswered) await database.Sql(ReleaseSql, workspace, key.Id, claim).RunAsync(CancellationToken.None);
        }
    }

    /// <summary>Answers may name people: who is erased is in none that is kept. In the transaction of the erasure.</summary>
    public static Task<int> ForgetAnswersAsync(NpgsqlConnection connection, Guid workspaceId, CancellationToken cancellationToken) =>
        connection.Sql(ForgetSql, workspaceId).RunAsync(cancellationToken);

    private static async Task<Outcome<TAnswer>> RunAsync<TAnswer>(Once once, Func<Task<Outcome<TAnswer>>> run)
    {
        using var entered = Once.Enter(once);
        return await run();
    }

    private async Task<Outcome<TAnswer>> KnownAsync<TAnswer>(IdempotencyKey key, byte[] hash, CancellationToken cancellationToken)
    {
        var known = await database.Sql(FindSql, key.Caller.WorkspaceId, key.Id)
            .FirstAsync(row => new Known(row.GetFieldValue<byte[]>(0), row.GetInt16(1) == 2, row.Nullable<byte[]>(2)), cancellationToken);
        if (known is null) return InProgress();
        if (!known.RequestHash.AsSpan().SequenceEqual(hash)) return Refusal.Conflict("idempotency_key_reused",
            "This key came with another request before. Send a new key with a new request.");
        if (!known.IsAnswered) return InProgress();
        if (known.Sealed is null) return Refusal.Conflict("idempotency_answer_forgotten",
            "It was done. What it answered was forgotten since, with a person who was erased.");
        var answer = box.Open(known.Sealed, SealedColumns.IdempotentOutcomes, key.Caller.WorkspaceId.ToString(), key.Id.ToString());
        return JsonSerializer.Deserialize<Outcome<TAnswer>>(answer, Once.Json)!;
    }

    private static Refusal InProgress() =>
        Refusal.Conflict("idempotency_in_progress",
            "A request with this key is being worked on. Ask again in a moment.") with { RetryAfter = TimeSpan.FromSeconds(1) };

    private sealed record Known(byte[] RequestHash, bool IsAnswered, byte[]? Sealed);
}
