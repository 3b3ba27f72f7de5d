using LeadSens.Server.Data;

namespace LeadSens.Server.Jobs;

/// <summary>What a running job may still spend of its campaign's budget. Its claim reserved the usual cost; a call that may cost more
/// than is left of that reserves the rest first, or is not made: the budget is a hard cap whatever the model costs.</summary>
internal sealed class JobBudget(SystemDatabase database, ClaimedJob job, decimal reserved)
{
    /// <summary>The provider named by a refusal of ours.</summary>
    public const string Provider = "budget";

    private static readonly TimeSpan OthersEndSoon = TimeSpan.FromMilliseconds(250);

    // The campaign before its jobs, as everywhere. A job whose claim was lost meanwhile reserves nothing.
    private const string TopUpSql = """
        with room as (
            select id from campaigns where id = $1 and workspace_id = $5 and budget_usd - cost_usd - cost_reserved_usd >= $4 for no key update
        ), held as (
            update jobs j set reserved_usd = reserved_usd + $4 from room where j.id = $2 and j.claim_token = $3 and j.state = 'Running' returning 1
        ), taken as (
            update campaigns c set cost_reserved_usd = c.cost_reserved_usd + $4 from room where c.id = room.id and exists (select from held)
        )
        select exists (select from held), c.cost_reserved_usd > j.reserved_usd from campaigns c, jobs j where c.id = $1 and c.workspace_id = $5 and j.id = $2
        """;

    private decimal left = reserved;

    /// <summary>Sets aside what one call may cost at most. Null when it may be made; else why not: with a time when other jobs still
    /// hold what may become free, without one when the budget is used up.</summary>
    public async ValueTask<ProviderFailure?> TakeAsync(decimal mostUsd, CancellationToken cancellationToken)
    {
        if (mostUsd > left)
        {
            var (granted, othersHold) = await TopUpAsync(mostUsd - left, cancellationToken);
            if (!granted)
            {
                return new(ProviderFailureKind.QuotaExhausted, Provider, "The campaign's budget does not cover one more call of the language model.",
                    othersHold ? OthersEndSoon : null);
            }

            left = mostUsd;
        }

        left -= mostUsd;
        return null;
    }

    /// <summary>The call is over and cost this.</summary>
    public void Settle(decimal mostUsd, decimal costUsd) => left += mostUsd - costUsd;

    private async Task<(bool Granted, bool OthersHold)> TopUpAsync(decimal usd, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(TopUpSql);
        foreach (var value in (object[])[job.RequireCampaign(), job.Id, job.ClaimToken, usd, job.WorkspaceId]) command.Parameters.Add(new() { Value = value });
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        return await row.ReadAsync(cancellationToken) ? (row.GetBoolean(0), row.GetBoolean(1)) : (false, false);
    }
}
