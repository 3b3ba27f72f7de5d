using System.Text.Json;
using LeadSens.Engine;
using LeadSens.Engine.BuiltIn;
using LeadSens.Server.Data;

namespace LeadSens.Server.Workflows.Http;

/// <summary>Writes answers in the transaction of the burst that gives them, and wakes whoever waits for one.</summary>
internal sealed class HttpAnswers(Wakeups wakeups) : IHttpAnswers
{
    public const string Topic = "http-answers";

    private const string TakeSql = """
        insert into workflow_http_takers (instance_id, request_id, taken_at) select $2, id, clock_timestamp() from workflow_http_requests where id = $3 and workspace_id = $1
        on conflict do nothing
        """;

    private const string AnswerSql = """
        update workflow_http_requests set status = $2, content = $3::text, content_type = $4::text, headers = $5 where id = (
            select r.id from workflow_http_takers t join workflow_http_requests r on r.id = t.request_id where t.instance_id = $1 and r.status is null order by t.taken_at desc limit 1)
        """;

    public CommitWrite Take(Guid tenantId, Guid instanceId, Guid requestId) =>
        new SqlWrite((connection, cancellationToken) => connection.ExecuteAsync(TakeSql, cancellationToken, tenantId, instanceId, requestId));

    public CommitWrite Answer(Guid instanceId, HttpAnswer answer) => new SqlWrite(
        (connection, cancellationToken) => connection.ExecuteAsync(
            AnswerSql, cancellationToken, instanceId, answer.StatusCode, Storable(answer.Content), answer.ContentType, JsonSerializer.Serialize(answer.Headers)),
        () => wakeups.Publish(Topic));

    /// <summary>The database takes no NUL.</summary>
    private static string? Storable(string? text) => text?.Replace("\0", "", StringComparison.Ordinal);
}
