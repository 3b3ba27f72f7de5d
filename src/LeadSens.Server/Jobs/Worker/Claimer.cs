using LeadSens.Server.Data;

namespace LeadSens.Server.Jobs;

/// <summary>Claims jobs of batches that call the same accounts, as many as limits and budget grant.</summary>
internal sealed class Claimer(SystemDatabase database, LimitBook book, FailureConsequences consequences, NodeIdentity node)
{
    /// <summary>Granted starts may lie this far ahead.</summary>
    private static readonly TimeSpan Horizon = TimeSpan.FromMilliseconds(200);

    private int turn;

    /// <param name="IsDry">Fewer due jobs than asked for.</param>
    /// <param name="RetryIn">When the limits, or a budget in use, may grant more; null: no such wait.</param>
    internal readonly record struct Claimed(int Jobs, bool IsDry, TimeSpan? RetryIn);

    /// <param name="probe">The account whose circuit this claim probes with one job.</param>
    public async Task<Claimed> ClaimAsync(
        KindRunner runner, IReadOnlyList<OpenBatch> batches, IReadOnlyList<LimitCost> costs, int places, string? probe, CancellationToken cancellationToken)
    {
        var keys = new string[costs.Count];
        for (var i = 0; i < keys.Length; i++) keys[i] = costs[i].Key;
        var limited = costs.Where(cost => cost.Calls > 0 && book.IsLimited(cost.Key)).ToArray();
        var reserve = batches[0].HasBudget ? runner.ReservedUsd : 0;
        if (limited.Length == 0 && reserve == 0)
        {
            await using var connection = await database.OpenConnectionAsync(cancellationToken);
            var free = await ClaimSql.ClaimAsync(connection, batches, Divide(places, batches), node.Id, 0, probe is not null, cancellationToken);
            Start(runner, free, keys, [], null, 0, probe);
            return new(free.Count, free.Count < places, null);
        }

        using var turn = await book.AskAsync([.. limited.Select(cost => cost.Key)], cancellationToken);
        return await ClaimGrantedAsync(runner, batches, keys, limited, reserve, places, probe, cancellationToken);
    }

    private async Task<Claimed> ClaimGrantedAsync(
        KindRunner runner, IReadOnlyList<OpenBatch> batches, string[] keys, LimitCost[] limited, decimal reserve,
        int places, string? probe, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        if (reserve > 0)
        {
            var (fitting, othersHold) = await ClaimSql.ReserveAsync(connection, batches[0].RequireCampaign(), places, reserve, cancellationToken);
            if (fitting == 0)
            {
                await transaction.RollbackAsync(cancellationToken);
                await connection.CloseAsync();
                return await OutOfBudgetAsync(batches, othersHold, cancellationToken);
            }

            places = fitting;
        }

        var ask = AskOf(limited, places, probe is not null);
        var grant = limited.Length == 0
            ? new LimitGrant(places, [], default)
            : await LimitStore.TakeAsync(connection, ask, node.Id, cancellationToken);
        var claimed = grant.Jobs == 0
            ? []
            : await ClaimSql.ClaimAsync(connection, batches, Divide(grant.Jobs, batches), node.Id, reserve, probe is not null, cancellationToken);
        if (claimed.Count < grant.Jobs && limited.Length > 0)
            await ClaimSql.ReturnTokensAsync(connection, ask, grant.Jobs - claimed.Count, cancellationToken);
        if (claimed.Count < places && reserve > 0)
            await ClaimSql.UnreserveAsync(connection, batches[0].RequireCampaign(), reserve * (places - claimed.Count), cancellationToken);
        await transaction.CommitAsync(cancellationToken);

        Start(runner, claimed, keys, limited, grant, reserve, probe);
        return new(claimed.Count, claimed.Count < grant.Jobs, grant.Jobs < places ? grant.RetryIn : null);
    }

    private async Task<Claimed> OutOfBudgetAsync(IReadOnlyList<OpenBatch> batches, bool othersHold, CancellationToken cancellationToken)
    {
        if (othersHold) return new(0, IsDry: false, TimeSpan.FromMilliseconds(250));
        foreach (var batch in batches)
        {
            batch.IsDry = true;
            await consequences.PauseAsync(batch.Id, PauseReason.BudgetExceeded, "The campaign's budget does not cover one more of these jobs.", cancellationToken);
        }

        return new(0, IsDry: true, null);
    }

    private LimitAsk AskOf(LimitCost[] limited, int places, bool probe)
    {
        var (keys, calls, used) = (new string[limited.Length], new int[limited.Length], new int[limited.Length]);
        for (var i = 0; i < limited.Length; i++) (keys[i], calls[i], used[i]) = (limited[i].Key, limited[i].Calls, book.Used(limited[i].Key));
        return new(keys, calls, used, places, Horizon, probe);
    }

    private int[] Divide(int places, IReadOnlyList<OpenBatch> batches) => FairShare.Divide(places, batches, turn++);

    private static void Start(KindRunner runner, List<ClaimedJob> claimed, string[] keys, LimitCost[] held, LimitGrant? grant, decimal reserved, string? probe)
    {
        if (claimed.Count > 0) runner.Accept(new(claimed, keys, held, grant, reserved, probe));
    }
}
