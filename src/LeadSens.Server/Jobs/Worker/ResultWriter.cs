using LeadSens.Server.Data;
using LeadSens.Server.Campaigns;
using Npgsql;

namespace LeadSens.Server.Jobs;

/// <summary>Writes what attempts brought: one transaction moves the jobs, saves their results, raises the counters and, when that ended
/// the batch, tells the instance that waits.</summary>
internal sealed class ResultWriter<TInput, TResult>(JobHandler<TInput, TResult> handler, SystemDatabase database, ILogger logger)
{
    /// <summary>What a flush changed beyond its jobs.</summary>
    internal readonly record struct Written(bool BatchCompleted, bool JobsQueued);

    public async Task<Written> WriteAsync(Flush<TResult> flush, CancellationToken cancellationToken)
    {
        try
        {
            return await WriteOnceAsync(flush, save: true, cancellationToken);
        }
        catch (Exception bug) when (flush.Checkpoints.Count > 0 && !IsPassing(bug, cancellationToken))
        {
            foreach (var checkpoint in flush.Checkpoints) await StoreAloneAsync(checkpoint, cancellationToken);
            return await WriteAsync(flush with { Checkpoints = [] }, cancellationToken);
        }
        catch (Exception bug) when (flush.Ends.Count > 0 && !IsPassing(bug, cancellationToken))
        {
            return await WriteApartAsync(flush, bug, cancellationToken);
        }
    }

    /// <summary>The database is away, or two transactions got in each other's way: the same again helps. Only what the database's own client says
    /// counts: a time-out or a broken stream of anything else is an error of the job.</summary>
    public static bool IsPassing(Exception failure, CancellationToken cancellationToken) =>
        cancellationToken.IsCancellationRequested || failure is NpgsqlException { IsTransient: true } or
        PostgresException { SqlState: PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CannotConnectNow or PostgresErrorCodes.CrashShutdown };

    /// <summary>One that cannot be stored is left out: what it would have saved is done again after an interruption, and nothing else changes.</summary>
    private async Task StoreAloneAsync(StoredCheckpoint checkpoint, CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = await database.OpenConnectionAsync(cancellationToken);
            await MoveSql.StoreCheckpointsAsync(connection, [checkpoint], cancellationToken);
        }
        catch (Exception bug) when (!IsPassing(bug, cancellationToken))
        {
            Log.CheckpointNotStored(logger, bug, handler.Kind, checkpoint.Running.Job.Id);
        }
    }

    /// <summary>One result that cannot be saved does not hold up the others: halve until it stands alone, then fail it.</summary>
    private async Task<Written> WriteApartAsync(Flush<TResult> flush, Exception bug, CancellationToken cancellationToken)
    {
        var ends = flush.Ends;
        if (ends.Count > 1)
        {
            var half = ends.Count / 2;
            var first = await WriteAsync(new([.. ends.Take(half)], []), cancellationToken);
            var second = await WriteAsync(new([.. ends.Skip(half)], []), cancellationToken);
            return new(first.BatchCompleted || second.BatchCompleted, first.JobsQueued || second.JobsQueued);
        }

        var running = ends[0].Running;
        Log.ResultNotSaved(logger, bug, handler.Kind, running.Job.Id);
        var failure = new ProviderFailure(ProviderFailureKind.Invalid, JobFailure.Ourselves, "The result could not be saved.");
        var failed = new AttemptEnd<TResult>(running, JobMove.End(JobMove.Failed, failure), new(running.Job, default, null, failure));
        try
        {
            return await WriteOnceAsync(new([failed], []), save: ends[0].Move.State != JobMove.Failed, cancellationToken);
        }
        catch (Exception again) when (!IsPassing(again, cancellationToken))
        {
            return await WriteOnceAsync(new([failed], []), save: false, cancellationToken);
        }
    }

    private async Task<Written> WriteOnceAsync(Flush<TResult> flush, bool save, CancellationToken cancellationToken)
    {
        var ends = flush.Ends;
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        if (handler.WritesCampaign) await CampaignLock.TakeAllAsync(connection, CampaignsOf(ends), cancellationToken);
        if (flush.Checkpoints.Count > 0) await MoveSql.StoreCheckpointsAsync(connection, flush.Checkpoints, cancellationToken);
        var actsAs = save ? OneWorkspace(ends) : null;
        var moved = ends.Count == 0 ? [] : await MoveSql.MoveAsync(connection, ends, handler.FinishesAfterCancel, actsAs is { } one ? ActAs.Workspace(one) : null, cancellationToken);
        if (moved.Count < ends.Count) Log.ResultsOfLostClaimsDropped(logger, handler.Kind, ends.Count - moved.Count);

        var (saved, completed, queued) = Sort(ends, moved);
        if (save && saved.Count > 0) await SaveAsync(connection, saved, actsAs, cancellationToken);
        if (completed is not null)
        {
            if (save) await ActAs.SystemAsync(connection, cancellationToken);
            await BatchEnd.TellAsync(connection, [.. completed], cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
        return new(completed is not null, queued);
    }

    private static List<(Guid WorkspaceId, Guid Id)> CampaignsOf(IReadOnlyList<AttemptEnd<TResult>> ends)
    {
        var campaigns = new List<(Guid, Guid)>(ends.Count);
        foreach (var end in ends)
            if (end.Running.Job is { CampaignId: { } campaign } job) campaigns.Add((job.WorkspaceId, campaign));
        return campaigns;
    }

    /// <summary>Whose jobs they all are, if one workspace's.</summary>
    private static Guid? OneWorkspace(IReadOnlyList<AttemptEnd<TResult>> ends) =>
        ends.Count > 0 && ends[0].Running.Job.WorkspaceId is var first && first != Guid.Empty && ends.All(end => end.Running.Job.WorkspaceId == first) ? first : null;

    /// <summary>A job's result is saved where its workspace's rows alone are seen.</summary>
    /// <param name="actsAs">The workspace whose rows alone the transaction sees already.</param>
    private async Task SaveAsync(NpgsqlConnection connection, List<EndedJob<TResult>> saved, Guid? actsAs, CancellationToken cancellationToken)
    {
        foreach (var workspace in saved.GroupBy(end => end.Job.WorkspaceId).OrderBy(group => group.Key))
        {
            using var scope = KindRunner.ScopeOf(workspace.Key, handler.SpansWorkspaces);
            if ((workspace.Key != Guid.Empty || !handler.SpansWorkspaces) && workspace.Key != actsAs) await ActAs.WorkspaceAsync(connection, workspace.Key, cancellationToken);
            await handler.SaveAsync(connection, [.. workspace], cancellationToken);
        }
    }

    /// <summary>Pairs what was moved with what is to be saved.</summary>
    private static (List<EndedJob<TResult>> Saved, HashSet<Guid>? Completed, bool Queued) Sort(IReadOnlyList<AttemptEnd<TResult>> ends, List<MovedJob> moved)
    {
        var saved = new List<EndedJob<TResult>>(moved.Count);
        HashSet<Guid>? completed = null;
        var queued = false;
        var byId = new Dictionary<Guid, string>(moved.Count);
        foreach (var job in moved)
        {
            byId[job.Id] = job.State;
            queued |= job.State == JobMove.Queued;
            if (job.BatchCompleted) (completed ??= []).Add(job.BatchId);
        }

        foreach (var end in ends)
            if (end.Ended is { } ended && byId.TryGetValue(ended.Job.Id, out var state) && state == end.Move.State) saved.Add(ended);
        return (saved, completed, queued);
    }
}
