using LeadSens.Server.Data;

namespace LeadSens.Server.Rights;

/// <summary>A column whose text may mention a person: what a workflow was given or answered, what went wrong, what somebody wrote down.</summary>
/// <param name="Workspace">SQL that holds for the rows <c>t</c> of the workspace $1.</param>
/// <param name="Kind">text, json (text that may be JSON), jsonb, or bytea that holds JSON in UTF-8.</param>
internal sealed record ScrubbedColumn(string Table, string Column, string Workspace, string Kind = "text")
{
    private string Text => Kind switch { "bytea" => $"convert_from(t.{Column}, 'UTF8')", "jsonb" => $"t.{Column}::text", _ => $"t.{Column}" };

    private string Replaced => $"regexp_replace({Text}, $2, '{ErasedPerson.Replacement}', 'gi')";

    private string Stored => Kind switch { "bytea" => $"convert_to({Replaced}, 'UTF8')", "jsonb" => $"{Replaced}::jsonb", _ => Replaced };

    public bool IsJson => Kind is not "text";

    /// <summary>What would be JSON no more is what nobody could read again.</summary>
    private string Whole => IsJson ? $" and (({Replaced}) is json or ({Text}) is not json)" : "";

    public string Sql => $"update {Table} t set {Column} = {Stored} where {Workspace} and {Text} ~* $2{Whole}";
}

/// <summary>Searches the texts of a workspace for a person, and puts <c>[erased]</c> in the place. A statement is one column of one table in a transaction of its own, so nothing
/// is held up for long; doing it again changes nothing.</summary>
internal static class ScrubTexts
{
    private const string Own = "t.workspace_id = $1";
    private const string OfRun = "exists (select from workflow_instances i where i.id = t.instance_id and i.workspace_id = $1)";

    /// <summary>A state that a node holds in memory would be written back over; it is searched when it is at rest.</summary>
    private const string AtRest = $"{Own} and t.claim_token is null";

    /// <summary>Those of the workspace, and of those that the Server itself sent the ones that name it or that a run of it waits for.</summary>
    private const string Sent = """
        (t.workspace_id = $1 or t.workspace_id is null and (
            position($1::text in t.key) > 0
            or exists (select from workflow_bookmarks b join workflow_instances i on i.id = b.instance_id where b.key = t.key and i.workspace_id = $1)))
        """;

    private const string HeldSql = "select exists (select from workflow_instances t where t.workspace_id = $1 and t.claim_token is not null and convert_from(t.state, 'UTF8') ~* $2)";

    private static readonly ScrubbedColumn[] Columns =
    [
        new("workflow_instances", "state", AtRest, "bytea"), new("workflow_instances", "name", Own), new("workflow_instances", "correlation_id", Own),
        new("workflow_bursts", "entries", OfRun, "bytea"), new("workflow_bookmarks", "payload", OfRun, "json"), new("workflow_bookmarks", "waits_for", OfRun),
        new("workflow_resumptions", "payload", OfRun, "json"), new("workflow_starts", "payload", Own, "json"), new("workflow_starts", "refused", Own),
        new("stimuli", "payload", Sent, "json"),
        new("workflow_http_requests", "content", Own, "json"), new("workflow_http_requests", "headers", Own, "json"),
        new("outbox_events", "payload", Own, "jsonb"), new("outbox_events", "last_error", Own),
        new("jobs", "payload", Own, "jsonb"), new("jobs", "checkpoint", Own, "jsonb"), new("jobs", "failure", Own),
        new("batches", "parameters", Own, "jsonb"), new("batches", "result", Own, "jsonb"), new("batches", "failure", Own), new("batches", "paused_detail", Own),
        new("campaigns", "waits_for", Own), new("campaigns", "fault", Own), new("approvals", "comment", Own),
        new("approval_leads", "comment", "exists (select from approvals a where a.id = t.approval_id and a.workspace_id = $1)"),
        new("approval_choices", "comment", Own),
        new("leads", "failure", Own), new("leads", "exclusion_reason", Own), new("leads", "changes_requested", Own),
        new("style_samples", "original", Own), new("style_samples", "edited", Own), new("intents", "request", Own, "jsonb"), new("intents", "reason", Own),
        new("suppressions", "reason", Own),
    ];

    /// <summary>False where a run that mentions the person is at work just now.</summary>
    public static async Task<bool> ExecuteAsync(Database database, Guid workspaceId, ErasedPerson person, CancellationToken cancellationToken)
    {
        // What the Server itself sent to a run of the workspace is of none: each statement finds its rows by the workspace.
        using var scope = DatabaseScope.AllWorkspaces();
        if (person.Texts.Count == 0) return true;
        foreach (var column in Columns) await database.Sql(column.Sql, workspaceId, column.IsJson ? person.JsonPattern : person.Pattern).RunAsync(cancellationToken);
        return !await database.Sql(HeldSql, workspaceId, person.JsonPattern).FirstAsync(row => row.GetBoolean(0), cancellationToken);
    }
}
