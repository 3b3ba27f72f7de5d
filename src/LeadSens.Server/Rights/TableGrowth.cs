namespace LeadSens.Server.Rights;

/// <summary>What keeps each table from growing for ever. A test holds the list against the database: whoever adds a table says here how
/// it is bounded.</summary>
internal static class TableGrowth
{
    /// <summary>Rows stand for something that people made and can remove, or for the one state of it; time alone adds none.</summary>
    public const string Things = "as many as people make";

    /// <summary>Goes with the row of the table that it hangs on.</summary>
    public const string WithParent = "goes with its parent";

    /// <summary>Emptied by whoever works on it.</summary>
    public const string Queue = "a queue";

    /// <summary>Proof that must outlive what it proves.</summary>
    public const string Record = "kept as a record";

    private const string ByAge = nameof(ForgetByAge), Mails = nameof(Mail.ForgetMails), Runs = nameof(Workflows.Retention);

    public static readonly IReadOnlyDictionary<string, string> Rules = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["account_links"] = Mails, ["ai_events"] = ByAge, ["api_key_makers"] = Things, ["api_keys"] = Things, ["approval_choices"] = WithParent, ["approval_leads"] = WithParent, ["approval_tokens"] = WithParent,
        ["approvals"] = Things, ["audit_entries"] = ByAge, ["audit_seals"] = Record, ["audit_unsealed"] = Queue, ["batches"] = ByAge,
        ["campaign_count_changes"] = Queue, ["campaign_counts"] = WithParent, ["campaigns"] = Things, ["clock_seen"] = "one row", ["clock_shift"] = "one row",
        ["connection_states"] = "ten minutes, then removed by the workspace's next", ["connections"] = Things, ["data_protection_keys"] = "one in three months",
        ["contact_emails"] = WithParent, ["contact_enrichments"] = WithParent, ["contact_identities"] = WithParent, ["contact_phones"] = WithParent,
        ["contacts"] = ByAge, ["drafts"] = WithParent, ["erasures"] = ByAge, ["idempotency_keys"] = ByAge, ["intents"] = Record, ["jobs"] = ByAge,
        ["known_devices"] = "twenty for each account",
        ["leads"] = Things, ["limit_slots"] = "until the lease ends", ["limits"] = ByAge, ["mails"] = Mails,
        ["notice_channels"] = Things, ["nodes"] = "an hour after the node's end", ["outbox_events"] = ByAge, ["push_writers"] = WithParent,
        ["receipt_heads"] = WithParent,
        ["receipts"] = Record, ["recovery_codes"] = WithParent, ["refresh_tokens"] = WithParent, ["retired_keys"] = "one for each rotation",
        ["sealing_keys"] = "one for each rotation", ["schema_migrations"] = "one for each migration", ["second_factors"] = Things, ["source_records"] = WithParent, ["stimuli"] = Runs, ["style_samples"] = Things,
        ["suppressions"] = Things, ["user_sessions"] = ByAge, ["users"] = Things, ["webhook_endpoints"] = Things, ["webhook_events"] = ByAge,
        ["workflow_bookmarks"] = Runs, ["workflow_bursts"] = Runs, ["workflow_definition_stamps"] = Things, ["workflow_definitions"] = Things,
        ["workflow_http_requests"] = nameof(Workflows.Http.ForgottenRequests), ["workflow_http_takers"] = WithParent, ["workflow_instances"] = Runs,
        ["workflow_orphans"] = Queue, ["workflow_resumptions"] = Runs, ["workflow_route_shapes"] = Things, ["workflow_start_counts"] = Runs, ["workflow_starts"] = Runs, ["workflow_triggers"] = Things,
        ["workflow_version_triggers"] = Things, ["workspace_changes"] = "ten minutes", ["workspace_invitations"] = ByAge, ["workspace_members"] = Things,
        ["workspace_salts"] = WithParent, ["workspace_watches"] = WithParent, ["workspaces"] = Things,
    };
}
