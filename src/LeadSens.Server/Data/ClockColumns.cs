namespace LeadSens.Server.Data;

/// <summary>Times in the future that somebody waits for, and how each comes back when the database's clock went back after it was written.</summary>
/// <param name="Statement">$1 is how far the clock went back. Doing it twice changes nothing.</param>
internal sealed record ClockColumn(string Table, string Column, string Statement)
{
    /// <summary>Written a while before it ends, at a time that stands in its row: what was written in the future keeps its length, from now on.</summary>
    public static ClockColumn Since(string table, string column, string written) => new(table, column,
        $"""
        update {table} set {column} = {column} - ({written} - clock_now()), {written} = clock_now()
        where {written} > clock_now() + interval '1 second' and $1 > interval '0'
        """);

    /// <summary>Waits that may as well end early: what lies further ahead than they usually do goes back with the clock.</summary>
    public static ClockColumn Wait(string table, string column, string usual = "1 minute", string where = "true") => new(table, column,
        $"update {table} set {column} = greatest(clock_now(), {column} - $1) where {column} > clock_now() + interval '{usual}' and {where}");

    /// <summary>Held by somebody who renews it: it lasts as long as a fresh one.</summary>
    public static ClockColumn Lease(string table, string column, string where = "true") => new(table, column,
        $"""
        update {table} set {column} = clock_now() + interval '60 seconds'
        where {column} > clock_now() + interval '2 minutes' and {where} and $1 > interval '0'
        """);

    public override string ToString() => $"{Table}.{Column}";
}

/// <summary>All of them; a test holds the list against the tables.</summary>
internal static class ClockColumns
{
    /// <summary>Times that a person or a calendar set: they are right whatever the clock did.</summary>
    public static readonly IReadOnlyList<string> Absolute = ["api_keys.expires_at"];

    /// <summary>Batches before their jobs, as everywhere.</summary>
    public static readonly IReadOnlyList<ClockColumn> All =
    [
        ClockColumn.Wait("batches", "paused_until", where: "is_open"),
        ClockColumn.Wait("jobs", "run_after", where: "state = 'Queued'"),
        ClockColumn.Lease("jobs", "lease_until", "state = 'Running'"),
        ClockColumn.Wait("jobs", "reserved_until", where: "reserved_usd > 0"),
        ClockColumn.Wait("limits", "tat"),
        ClockColumn.Wait("limits", "blocked_until"),
        ClockColumn.Wait("limits", "circuit_until"),
        ClockColumn.Lease("limit_slots", "lease_until"),
        ClockColumn.Wait("outbox_events", "run_after", where: "status in ('pending', 'failed')"),
        ClockColumn.Lease("outbox_events", "lease_until", "status = 'processing'"),
        // Before this time nobody may look for the effect of a request that got no answer.
        ClockColumn.Since("intents", "look_up_after", "updated_at"),
        ClockColumn.Lease("workflow_instances", "lease_until"),
        ClockColumn.Wait("workflow_instances", "retry_at"),
        ClockColumn.Since("workflow_bookmarks", "due_at", "created_at"),
        // Looked at by the clock that was ahead: its schedule is looked at again.
        new("workflow_triggers", "since", """
            update workflow_triggers set since = clock_now(), due_at = clock_now() where since > clock_now() + interval '1 second' and $1 > interval '0'
            """),
        new("workflow_triggers", "due_at", "update workflow_triggers set due_at = clock_now() where due_at > clock_now() and $1 > interval '0'"),
        ClockColumn.Since("approvals", "expires_at", "created_at"),
        ClockColumn.Since("approval_tokens", "expires_at", "created_at"),
        ClockColumn.Wait("users", "locked_until", "15 minutes"),
        ClockColumn.Wait("known_devices", "locked_until", "15 minutes"),
        ClockColumn.Wait("user_sessions", "checks_locked_until", "15 minutes"),
        ClockColumn.Wait("user_sessions", "access_expires_at", "1 hour"),
        ClockColumn.Since("user_sessions", "expires_at", "created_at"),
        ClockColumn.Since("refresh_tokens", "expires_at", "created_at"),
        ClockColumn.Since("workspace_invitations", "expires_at", "created_at"),
        ClockColumn.Since("mails", "expires_at", "created_at"),
        ClockColumn.Since("account_links", "expires_at", "created_at"),
        ClockColumn.Since("connections", "expires_at", "rotated_at"),
        ClockColumn.Wait("connections", "refresh_until"),
        ClockColumn.Wait("connections", "doubted_at", "2 minutes"),
        ClockColumn.Since("connection_states", "expires_at", "created_at"),
        ClockColumn.Wait("erasures", "run_after"),
        ClockColumn.Lease("idempotency_keys", "claimed_until", "state < 2"),
        ClockColumn.Since("webhook_endpoints", "previous_until", "rotated_at"),
        ClockColumn.Wait("webhook_events", "run_after", where: "state = 'received'"),
        ClockColumn.Wait("workspace_watches", "watched_until", "11 minutes"),
    ];
}
