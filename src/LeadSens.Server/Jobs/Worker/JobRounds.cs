using LeadSens.Server.Data;
using Npgsql;

namespace LeadSens.Server.Jobs;

/// <summary>One round after the other: which batches have due jobs, and how many of them this node takes.</summary>
internal sealed class JobRounds(SystemDatabase database, Claimer claimer, LimitBook book, BatchCare care, TimeProvider time, ILogger<JobRounds> logger)
{
    /// <summary>Free places are filled from a look at most this old.</summary>
    private static readonly TimeSpan LookLasts = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(10);

    private const int MostWaiting = 1_000;

    private readonly Dictionary<string, long> notBefore = new(StringComparer.Ordinal);
    private List<OpenBatch> batches = [];
    private long lookedAt;
    private volatile bool lookAgain = true;
    private int turn;
    private TimeSpan next;

    public void LookAgain() => lookAgain = true;

    /// <returns>How long nothing needs to be done unless a signal comes.</returns>
    public async Task<TimeSpan> RunAsync(KindRunner[] runners, CancellationToken cancellationToken)
    {
        if (lookAgain || time.GetElapsedTime(lookedAt) > LookLasts) await LookAsync(runners, cancellationToken);
        next = Longest;
        turn = (turn + 1) & 0xFFFF;
        // Kinds that share an account take turns at being first.
        for (var i = 0; i < runners.Length; i++)
            await FillAsync(runners[(i + turn) % runners.Length], cancellationToken);
        return next;
    }

    private async Task LookAsync(KindRunner[] runners, CancellationToken cancellationToken)
    {
        lookAgain = false;
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        lookedAt = time.GetTimestamp();
        batches = await OpenBatch.ReadAsync(connection, Array.ConvertAll(runners, runner => runner.Kind), cancellationToken);
    }

    private async Task FillAsync(KindRunner runner, CancellationToken cancellationToken)
    {
        var groups = await DueAsync(runner, cancellationToken);
        var (dry, everyPlace) = (true, false);
        foreach (var (name, group) in groups)
        {
            var concurrent = group[0].Costs!.Any(cost => book.IsConcurrent(cost.Key));
            everyPlace |= concurrent;
            var waits = await ClaimAsync(runner, name, group, cancellationToken);
            dry &= (waits && !concurrent) || group.TrueForAll(batch => batch.IsDry);
        }

        runner.RoundOver(dry, everyPlace);
    }

    /// <summary>The kind's batches that may be claimed from now, by the accounts (and the budget) that they draw on.</summary>
    private async Task<Dictionary<string, List<OpenBatch>>> DueAsync(KindRunner runner, CancellationToken cancellationToken)
    {
        var groups = new Dictionary<string, List<OpenBatch>>(StringComparer.Ordinal);
        var age = time.GetElapsedTime(lookedAt);
        foreach (var batch in batches)
        {
            if (batch.Kind != runner.Kind || batch.IsDry || !await MayClaimAsync(batch, runner, cancellationToken)) continue;
            if (batch.DueIn > age) Sooner(batch.DueIn - age);
            else Add(groups, runner.ReservedUsd > 0 && batch.HasBudget ? $"{runner.Kind} {batch.Id}" : NameOf(runner, batch.Costs!), batch);
        }

        return groups;
    }

    /// <summary>A database that is away ends the round; whatever else breaks is this batch's, which is left out until the next look, and holds up no other.</summary>
    private async Task<bool> MayClaimAsync(OpenBatch batch, KindRunner runner, CancellationToken cancellationToken)
    {
        try
        {
            batch.Costs ??= await CostsAsync(runner, batch.WorkspaceId, cancellationToken);
            var verdict = await care.LookAfterAsync(batch, runner, cancellationToken);
            if (verdict.Changed) lookAgain = true;
            if (verdict.Probe is { } probe) await claimer.ClaimAsync(runner, [batch], batch.Costs, 1, probe, cancellationToken);
            if (verdict.Wait is { } wait) Sooner(wait);
            return verdict.MayClaim;
        }
        catch (Exception failure) when (failure is not (NpgsqlException { IsTransient: true } or OperationCanceledException))
        {
            batch.IsDry = true;
            Log.BatchLeftOut(logger, failure, runner.Kind, batch.Id);
            return false;
        }
    }

    /// <summary>A workspace's accounts are looked for among its own.</summary>
    private static async ValueTask<IReadOnlyList<LimitCost>> CostsAsync(KindRunner runner, Guid workspaceId, CancellationToken cancellationToken)
    {
        using var scope = KindRunner.ScopeOf(workspaceId, runner.SpansWorkspaces);
        return await runner.CostsAsync(workspaceId, cancellationToken);
    }

    /// <returns>True when the limits make it wait.</returns>
    private async Task<bool> ClaimAsync(KindRunner runner, string name, List<OpenBatch> group, CancellationToken cancellationToken)
    {
        if (notBefore.TryGetValue(name, out var at) && time.GetElapsedTime(time.GetTimestamp(), at) is var left && left > TimeSpan.Zero)
        {
            Sooner(left);
            return true;
        }

        while (runner.Free is var free && free > 0 && group.Where(batch => !batch.IsDry).ToList() is { Count: > 0 } open)
        {
            var claimed = await claimer.ClaimAsync(runner, open, open[0].Costs!, free, null, cancellationToken);
            if (claimed.IsDry)
            {
                // What is due later, and what another node had locked, shows in the next look.
                lookAgain = true;
                Sooner(Soon);
            }

            if (claimed.RetryIn is not { } retry) continue;
            var wait = retry < Longest ? retry : Longest;
            if (notBefore.Count >= MostWaiting) notBefore.Clear();
            notBefore[name] = time.GetTimestamp() + (long)(wait.TotalSeconds * time.TimestampFrequency);
            Sooner(wait);
            return true;
        }

        return false;
    }

    private void Sooner(TimeSpan wait)
    {
        if (wait < next) next = wait;
    }

    private static string NameOf(KindRunner runner, IReadOnlyList<LimitCost> costs) =>
        costs.Count == 0 ? runner.Kind : $"{runner.Kind} {string.Join(' ', costs.Select(cost => $"{cost.Key}*{cost.Calls}"))}";

    private static void Add(Dictionary<string, List<OpenBatch>> groups, string name, OpenBatch batch)
    {
        if (!groups.TryGetValue(name, out var group)) groups[name] = group = [];
        group.Add(batch);
    }
}
