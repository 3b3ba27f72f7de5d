using System.Text.Json.Nodes;
using LeadSens.Engine;
using LeadSens.Server.Data;
using Npgsql;

namespace LeadSens.Server.Workflows.Http;

/// <summary>A request that was brought to its runs.</summary>
/// <param name="IsMismatch">True when the key came with another request before.</param>
internal sealed record SentRequest(Guid Id, IReadOnlyList<Guid> Instances, bool IsMismatch);

/// <summary>How a request stands: answered, or how its runs stand.</summary>
/// <param name="Status">Null: not answered.</param>
/// <param name="Refused">Why a run did not start.</param>
internal sealed record RequestState(int? Status, string? Content, string? ContentType, string? Headers, bool IsBusy, string? Refused, bool HasFaulted, bool Waits);

/// <summary>Brings requests to the runs that take them: the row, the stimulus and what it reaches are one transaction.</summary>
internal sealed class HttpRequests(Database database, WorkflowSignal signal)
{
    private const string InsertSql = """
        insert into workflow_http_requests (id, workspace_id, stimulus_key, fingerprint, instances, created_at) values ($1, $2, $3, $4, '{}', clock_timestamp())
        on conflict (stimulus_key) do nothing returning id
        """;

    private const string ReachSql = """
        update workflow_http_requests r set instances = array(
            select w.id from workflow_starts w join stimuli s on s.id = w.stimulus_id where s.dedupe_key = r.stimulus_key
            union select w.instance_id from workflow_resumptions w join stimuli s on s.id = w.stimulus_id where s.dedupe_key = r.stimulus_key)
        where r.id = $1 returning instances
        """;

    private const string StateSql = """
        select r.status, r.content, r.content_type, r.headers,
            exists (select from workflow_starts s where s.id = any (r.instances) and s.refused is null)
                or exists (select from workflow_instances i where i.id = any (r.instances) and i.status = 'Running' and (i.claim_token is not null or i.runnable))
                or exists (select from workflow_resumptions w where w.instance_id = any (r.instances)),
            (select min(s.refused) from workflow_starts s where s.id = any (r.instances)),
            exists (select from workflow_instances i where i.id = any (r.instances) and i.sub_status = 'Faulted'),
            exists (select from workflow_instances i where i.id = any (r.instances) and i.status = 'Running')
        from workflow_http_requests r where r.id = $1
        """;

    /// <summary>Sends it, once for each key.</summary>
    public async Task<SentRequest> SendAsync(Guid workspaceId, string key, string dedupeKey, byte[] fingerprint, JsonObject payload, CancellationToken cancellationToken)
    {
        var id = Guid.CreateVersion7();
        payload["requestId"] = id;
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        if (await connection.FirstAsync(InsertSql, row => row.GetGuid(0), cancellationToken, id, workspaceId, dedupeKey, fingerprint) == default)
        {
            var first = await connection.FirstAsync(
                "select id, instances, fingerprint from workflow_http_requests where stimulus_key = $1",
                row => new SentRequest(row.GetGuid(0), row.GetFieldValue<Guid[]>(1), !row.GetFieldValue<byte[]>(2).AsSpan().SequenceEqual(fingerprint)), cancellationToken, dedupeKey);
            return first ?? throw new InvalidOperationException("A request was forgotten while it was repeated.");
        }

        await Stimuli.SendAsync(connection, [new Stimulus(key, dedupeKey, StimulusKind.Broadcast, payload)], cancellationToken);
        var instances = await connection.FirstAsync(ReachSql, row => row.GetFieldValue<Guid[]>(0), cancellationToken, id);
        await transaction.CommitAsync(cancellationToken);
        signal.Wake();
        return new(id, instances!, false);
    }

    public async Task<RequestState> StateAsync(Guid id, CancellationToken cancellationToken) =>
        await database.FirstAsync(StateSql, Read, cancellationToken, id) ?? throw new InvalidOperationException($"The request {id} is not there any more.");

    private static RequestState Read(NpgsqlDataReader row) => new(
        row.Maybe<int>(0), row.Text(1), row.Text(2), row.Text(3), row.GetBoolean(4), row.Text(5), row.GetBoolean(6), row.GetBoolean(7));
}
