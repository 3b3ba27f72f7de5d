namespace LeadSens.Bench.Workflows;

/// <summary>What must be true of the store, whatever the figures.</summary>
internal static class Invariants
{
    private const string Suspended = """
        i.sub_status = 'Suspended' and i.claim_token is null and not i.runnable
            and (select count(*) from workflow_bookmarks b where b.instance_id = i.id and b.state = 0) = 1
        """;

    private const string EndedOnce = """
        i.sub_status = 'Finished' and i.incident_count = 0 and i.claim_token is null
            and (select count(*) from workflow_journal j where j.instance_id = i.id and j.event_name = 'Resumed') = 1
            and (select count(*) from workflow_journal j where j.instance_id = i.id and j.event_name = 'Completed' and j.activity_id = 'after') = 1
            and (select count(*) from workflow_bookmarks b where b.instance_id = i.id and b.state <> 2) = 0
            and (select count(*) from workflow_resumptions r where r.instance_id = i.id) = 0
        """;

    public static Task<IReadOnlyList<string>> SuspendedAsync(ThrowAwayDatabase database, int expected, CancellationToken cancellationToken) =>
        CheckAsync(database, $"i.definition_id = '{EngineNode.Waiting}' and {Suspended}", expected, "are suspended with one bookmark", cancellationToken);

    /// <param name="which">SQL about the instance <c>i</c>.</param>
    public static Task<IReadOnlyList<string>> EndedOnceAsync(ThrowAwayDatabase database, int expected, CancellationToken cancellationToken, string which = "true") =>
        CheckAsync(database, $"{which} and {EndedOnce}", expected, "ended once", cancellationToken);

    private static async Task<IReadOnlyList<string>> CheckAsync(ThrowAwayDatabase database, string condition, int expected, string what, CancellationToken cancellationToken)
    {
        // With the statistics of the empty store the check would take longer than what it checks.
        await database.ExecuteAsync("analyze", cancellationToken);
        var found = (await database.ListAsync<long>($"select count(*) from workflow_instances i where {condition}", cancellationToken))[0];
        return found == expected ? [] : [$"{found} instances {what} where {expected} should"];
    }
}
