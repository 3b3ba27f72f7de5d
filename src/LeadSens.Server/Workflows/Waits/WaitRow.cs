using LeadSens.Server.Data;
using Npgsql;

namespace LeadSens.Server.Workflows.Waits;

/// <summary>An open bookmark with what it points to.</summary>
internal sealed record WaitRow(
    string Name, string NodeId, string ActivityId, string ActivityType, string? WaitsFor, DateTimeOffset? DueAt, DateTimeOffset Since,
    WaitRow.Approval? Asked, WaitRow.Batch? Stage, Guid? Child, long Children)
{
    public sealed record Approval(Guid Id, int Leads, DateTimeOffset Until, bool BySomebodyElse, IReadOnlyList<string> Roles);

    public sealed record Batch(Guid Id, int Total, int Ended, string? Problem, DateTimeOffset? Until);

    /// <summary>What <see cref="Read"/> takes, of bookmarks b.</summary>
    public const string Select = """
        select b.name, b.node_id, b.activity_id, b.activity_type, b.waits_for, b.due_at, b.created_at,
            a.id, a.lead_count, a.expires_at, a.by_somebody_else, a.roles,
            t.id, t.total, t.completed + t.skipped + t.failed + t.cancelled,
            coalesce(t.paused_detail, (select j.failure from jobs j where t.total = 1 and j.batch_id = t.id and j.state = 'Queued')), t.paused_until,
            c.id, coalesce(c.running, 0)
        from workflow_bookmarks b
        left join approvals a on a.id = case when b.key like 'approval:%' then substr(b.key, 10)::uuid end
        left join batches t on t.id = case when b.key like 'batch:%' then substr(b.key, 7)::uuid end
        left join lateral (
            select (array_agg(i.id order by i.id))[1] as id, count(*) as running from workflow_instances i
            where b.name in ('child', 'children') and i.parent_id = b.instance_id and i.status = 'Running') c on true
        """;

    /// <summary>Parameter: the instance.</summary>
    public const string Sql = $"{Select} where b.instance_id = $1 and b.state = 0 order by b.created_at, b.id";

    /// <summary>What an instance i waits for besides a stage, the longest wait first. A stage that works waits for nothing.</summary>
    public const string FirstSql = $"""
        {Select} where b.instance_id = i.id and b.state = 0 and t.id is null and not (b.activity_type = '{Approver}' and a.id is null)
        order by b.created_at, b.id limit 1
        """;

    private const string Approver = "LeadSens.RequestApproval";

    /// <param name="at">The first of its columns.</param>
    public static WaitRow Read(NpgsqlDataReader row, int at) => new(
        row.GetString(at), row.GetString(at + 1), row.GetString(at + 2), row.GetString(at + 3), row.Text(at + 4), row.Maybe<DateTimeOffset>(at + 5), row.GetFieldValue<DateTimeOffset>(at + 6),
        row.Maybe<Guid>(at + 7) is { } approval
            ? new(approval, row.GetInt32(at + 8), row.GetFieldValue<DateTimeOffset>(at + 9), row.GetBoolean(at + 10), row.GetFieldValue<string[]>(at + 11)) : null,
        row.Maybe<Guid>(at + 12) is { } batch ? new(batch, row.GetInt32(at + 13), row.GetInt32(at + 14), row.Text(at + 15), row.Maybe<DateTimeOffset>(at + 16)) : null,
        row.Maybe<Guid>(at + 17), row.GetInt64(at + 18));

    /// <summary>What ends the wait of an approval besides a decision: it is in the approval's line.</summary>
    public bool IsTimeOut => ActivityType == Approver && Asked is null;

    /// <param name="box">What the graph calls the box.</param>
    public InstanceWait Say(string box)
    {
        var (kind, words, until, problem, id) = this switch
        {
            { Asked: { } asked } => ("approval", Words(asked), asked.Until, null, asked.Id),
            { Stage: { } stage } => ("batch", Words(stage), stage.Until, stage.Problem, stage.Id),
            { Name: "child" } => ("child", WaitsFor ?? "another workflow", DueAt, null, Child),
            { Name: "children" } => ("children", Children == 0 ? WaitsFor! : $"{WaitsFor}, {Children} of them still run", DueAt, null, Child),
            { Name: "task" } => ("task", WaitsFor!, DueAt, null, null),
            { Name: "event" } => ("event", WaitsFor!, DueAt, null, null),
            { DueAt: not null } => ("timer", "the time that it was given", DueAt, null, null),
            _ => ("other", WaitsFor ?? Name, DueAt, (string?)null, (Guid?)null),
        };
        return new(ActivityId, NodeId, box, kind, words, Since, until, problem, id);
    }

    private static string Words(Approval asked) => (asked.BySomebodyElse, asked.Roles) switch
    {
        (true, _) => $"somebody else to confirm {Leads(asked.Leads)}",
        (_, [_, ..] roles) => $"the decision of {string.Join(" or ", roles)} about {Leads(asked.Leads)}",
        _ => $"a decision about {Leads(asked.Leads)}",
    };

    private static string Words(Batch stage) => stage.Total == 1 ? "an answer of the provider" : $"the rest of {stage.Total} leads: {stage.Ended} are done";

    private static string Leads(int count) => count == 1 ? "1 lead" : $"{count} leads";
}
