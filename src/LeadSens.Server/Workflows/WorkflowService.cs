using System.Text.Json;
using System.Text.Json.Nodes;
using LeadSens.Engine;
using LeadSens.Server.Data;
using Npgsql;

namespace LeadSens.Server.Workflows;

/// <summary>What the other slices and the API do with runs.</summary>
internal sealed class WorkflowService(
    WorkflowRunner runner, WorkflowStore store, DefinitionStore definitions, WorkflowSlots slots, WorkflowSignal signal, Database database)
{
    /// <summary>Starts the workspace's published version of a workflow and runs it until it waits. The start is durable: when this throws
    /// after the instance was written, the instance goes on by itself.</summary>
    public async Task<StartResult> StartAsync(
        string definitionId, Guid workspaceId, string? correlationId, JsonObject? input, Guid instanceId, CancellationToken cancellationToken)
    {
        var version = await definitions.KnownPublishedAsync(workspaceId, definitionId, cancellationToken);
        while (version is not null)
        {
            var request = new StartRequest(instanceId, workspaceId, version.VersionId, correlationId, input) { DefinitionStamp = version.Stamp };
            var started = await StartAsync(request, cancellationToken);
            if (!started.AlreadyExisted && !started.IsExcluded)
                return started;
            // Or it was published anew meanwhile.
            var now = await definitions.ReadPublishedAsync(workspaceId, definitionId, cancellationToken);
            if (now == version)
                return started;
            version = now;
        }
        return new StartResult(null, false, [new DefinitionError(null, "workflow", $"There is no published workflow '{definitionId}'.")]);
    }

    /// <summary>Starts one version, for a trial run of a draft.</summary>
    public Task<StartResult> StartVersionAsync(
        string versionId, Guid workspaceId, string? correlationId, JsonObject? input, Guid instanceId, CancellationToken cancellationToken) =>
        StartAsync(new StartRequest(instanceId, workspaceId, versionId, correlationId, input), cancellationToken);

    public async Task<StartResult> StartAsync(StartRequest request, CancellationToken cancellationToken)
    {
        using var scope = DatabaseScope.Work(request.TenantId);
        var started = await runner.StartAsync(request, cancellationToken);
        // The caller went away in the middle, or it has had its turn: the host goes on with it.
        if (started.Run is { SubStatus: WorkflowSubStatus.Interrupted or WorkflowSubStatus.Executing })
            signal.Wake();
        return started;
    }

    /// <summary>Sends a stimulus; false when its dedupe key was there already. What it resumes runs on here when there is room.</summary>
    public async Task<bool> SendAsync(Stimulus stimulus, CancellationToken cancellationToken)
    {
        if (!slots.TryTake())
            return await SendFreeAsync(stimulus, cancellationToken);
        var instance = default(LeasedInstance);
        try
        {
            (var sent, instance) = await store.ResumeAsync(stimulus, cancellationToken);
            if (sent && instance is null)
                signal.Wake();
            return sent;
        }
        finally
        {
            if (instance is null)
                slots.Return();
            else
                slots.Run(instance);
        }
    }

    /// <summary>Writes runs for any node to take, all of them or none. One whose id exists is there already.</summary>
    /// <param name="mayStart">Asked first, in the transaction that writes them, where it may lock what must not change before; when it says no, nothing is written.</param>
    /// <returns>Why there is none; nothing when they are there, or may not be.</returns>
    public async Task<IReadOnlyList<DefinitionError>> DispatchAsync(
        IReadOnlyList<StartRequest> requests, CancellationToken cancellationToken, Func<NpgsqlConnection, Task<bool>>? mayStart = null)
    {
        var instances = new List<NewInstance>(requests.Count);
        foreach (var request in requests)
        {
            var prepared = await runner.PrepareAsync(request, cancellationToken);
            if (prepared.Instance is null) return prepared.Errors;
            instances.Add(prepared.Instance);
        }
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        if (mayStart is not null && !await mayStart(connection)) return [];
        foreach (var instance in await NewInstances.InsertAsync(connection, instances, cancellationToken))
        {
            if (await connection.FirstAsync("select true from workflow_instances where id = $1", row => row.GetBoolean(0), cancellationToken, instance.Id)) continue;
            return [new DefinitionError(null, "activation", instance.Activation?.Reason ?? "The run was deleted.")];
        }
        await transaction.CommitAsync(cancellationToken);
        signal.Wake();
        return [];
    }

    /// <summary>Ends a run as Cancelled.</summary>
    /// <param name="note">Written in the transaction that ends it.</param>
    public async Task<CancelOutcome> CancelAsync(Guid instanceId, string? reason, SqlWrite? note, CancellationToken cancellationToken) =>
        await runner.CancelAsync(instanceId, reason, note, cancellationToken) switch
        {
            null => CancelOutcome.Nothing,
            { IsBusy: true } => CancelOutcome.Busy,
            _ => CancelOutcome.Cancelled,
        };

    public Task<CancelOutcome> CancelAsync(Guid instanceId, string? reason, CancellationToken cancellationToken) => CancelAsync(instanceId, reason, null, cancellationToken);

    /// <summary>Runs the faulted boxes again, or some of them.</summary>
    /// <param name="note">Written in the transaction that schedules them, before they run.</param>
    public async Task<RetryOutcome> RetryAsync(Guid instanceId, IReadOnlyCollection<string>? activityIds, SqlWrite? note, CancellationToken cancellationToken) =>
        await runner.RetryAsync(instanceId, activityIds, note, cancellationToken) switch
        {
            null => RetryOutcome.Nothing,
            { IsExcluded: true } => RetryOutcome.Excluded,
            { IsBusy: true } => RetryOutcome.Busy,
            _ => RetryOutcome.Retried,
        };

    public Task<RetryOutcome> RetryAsync(Guid instanceId, IReadOnlyCollection<string>? activityIds, CancellationToken cancellationToken) =>
        RetryAsync(instanceId, activityIds, null, cancellationToken);

    /// <summary>Sets variables of a run that waits; null when it does not. Answers what does not fit.</summary>
    /// <param name="note">Written in the transaction that sets them.</param>
    public Task<IReadOnlyList<DefinitionError>?> SetVariablesAsync(
        Guid instanceId, IReadOnlyDictionary<string, JsonElement> values, SqlWrite? note, CancellationToken cancellationToken) =>
        runner.SetVariablesAsync(instanceId, values, note, cancellationToken);

    public Task<IReadOnlyList<DefinitionError>?> SetVariablesAsync(Guid instanceId, IReadOnlyDictionary<string, JsonElement> values, CancellationToken cancellationToken) =>
        SetVariablesAsync(instanceId, values, null, cancellationToken);

    /// <summary>Holds a run: the burst that runs is the last one, what arrives waits.</summary>
    public async Task<bool> PauseAsync(Guid instanceId, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await PauseAsync(connection, instanceId, cancellationToken);
    }

    public async Task<bool> ResumeAsync(Guid instanceId, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var resumed = await ResumeAsync(connection, instanceId, cancellationToken);
        signal.Wake();
        return resumed;
    }

    /// <summary>In the caller's transaction.</summary>
    public static Task<bool> PauseAsync(NpgsqlConnection connection, Guid instanceId, CancellationToken cancellationToken) =>
        SetPausedAsync(connection, instanceId, true, cancellationToken);

    /// <summary>In the caller's transaction; call <see cref="WorkflowSignal.Wake"/> after its commit.</summary>
    public static Task<bool> ResumeAsync(NpgsqlConnection connection, Guid instanceId, CancellationToken cancellationToken) =>
        SetPausedAsync(connection, instanceId, false, cancellationToken);

    public async Task<WorkflowInstanceView?> GetAsync(Guid instanceId, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var command = new NpgsqlCommand(WorkflowInstanceView.Select, connection);
        command.Add(instanceId);
        await using var rows = await command.ExecuteReaderAsync(cancellationToken);
        return await rows.ReadAsync(cancellationToken) ? WorkflowInstanceView.Read(rows) : null;
    }

    private async Task<bool> SendFreeAsync(Stimulus stimulus, CancellationToken cancellationToken)
    {
        var sent = await store.SendAsync(stimulus, cancellationToken);
        signal.Wake();
        return sent;
    }

    private static async Task<bool> SetPausedAsync(NpgsqlConnection connection, Guid instanceId, bool paused, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("update workflow_instances set paused = $2 where id = $1 and status = 'Running' and paused <> $2", connection);
        command.Add(instanceId).Add(paused);
        return await command.ExecuteNonQueryAsync(cancellationToken) == 1;
    }
}

/// <summary>What became of a retry: it ran, there was nothing to run again, another run that excludes this one has not ended, or it runs just now.</summary>
internal enum RetryOutcome { Retried, Nothing, Excluded, Busy }

/// <summary>What became of a cancel: there was nothing to cancel any more, or others kept taking the run and it goes on.</summary>
internal enum CancelOutcome { Cancelled, Nothing, Busy }
