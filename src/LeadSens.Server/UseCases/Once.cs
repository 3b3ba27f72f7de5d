using System.Text.Json;
using System.Text.Json.Serialization;
using LeadSens.Server.Data;
using LeadSens.Server.Secrets;
using Npgsql;

namespace LeadSens.Server.UseCases;

/// <summary>The key under which the use case that runs now is run; where there is none everything is done as often as it is asked for. The use case's first
/// transaction keeps its outcome with the key, both or neither. Where a process dies after that, the next request with the key runs the use case again and
/// that transaction is not made again: what comes after it must bear being done twice.</summary>
internal sealed class Once(IdempotencyKey key, Guid claim, SecretBox box, byte[]? kept)
{
    /// <summary>How outcomes are kept.</summary>
    public static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { Converters = { new JsonStringEnumConverter() } };

    private const string KeepSql = """
        update idempotency_keys set state = 1, sealed_outcome = $4 where workspace_id = $1 and id = $2 and claim = $3 and state = 0
        """;

    private static readonly AsyncLocal<Once?> Entered = new();

    private bool _isPast;

    public static Once? Current => Entered.Value;

    /// <summary>Whether it was done in a run before, which was cut off: what is checked before the first transaction held then, and may hold no more.</summary>
    public static bool WasDone => Current is { HasEffect: true, _isPast: false };

    /// <summary>Whether something was committed under the key, in this run or in one before.</summary>
    public bool HasEffect { get; private set; } = kept is not null;

    /// <summary>Whether a transaction came to this under the key before; then it is not made.</summary>
    public static bool Took<T>(out T? value)
    {
        value = default;
        return Current is { } once && once.TryTake(out value);
    }

    /// <summary>The transaction's commit, with what it came to under the key.</summary>
    /// <exception cref="ClaimLostException">It took so long that another request with the key took over.</exception>
    public static async Task CommitAsync<T>(NpgsqlTransaction transaction, T value, CancellationToken cancellationToken)
    {
        var once = Current;
        if (once is { _isPast: false }) await once.KeepAsync(transaction.Connection!, value, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        if (once is not null) (once._isPast, once.HasEffect) = (true, true);
    }

    public static Left Enter(Once once)
    {
        Entered.Value = once;
        return default;
    }

    public byte[] Seal<T>(T value) =>
        box.Seal(JsonSerializer.SerializeToUtf8Bytes(value, Json), SealedColumns.IdempotentOutcomes, key.Caller.WorkspaceId.ToString(), key.Id.ToString());

    private bool TryTake<T>(out T? value)
    {
        value = default;
        if (kept is null || _isPast) return false;
        _isPast = true;
        value = JsonSerializer.Deserialize<T>(box.Open(kept, SealedColumns.IdempotentOutcomes, key.Caller.WorkspaceId.ToString(), key.Id.ToString()), Json);
        return true;
    }

    private async Task KeepAsync<T>(NpgsqlConnection connection, T value, CancellationToken cancellationToken)
    {
        if (await connection.Sql(KeepSql, key.Caller.WorkspaceId, key.Id, claim, Seal(value)).RunAsync(cancellationToken) == 0) throw new ClaimLostException();
    }

    /// <summary>Leaves it.</summary>
    internal readonly struct Left : IDisposable
    {
        public void Dispose() => Entered.Value = null;
    }
}

/// <summary>Another request with the same key does the work now; this one did nothing.</summary>
internal sealed class ClaimLostException() : Exception("Another request with the same key took over.");
