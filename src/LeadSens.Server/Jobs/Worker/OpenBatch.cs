using System.Text.Json;
using LeadSens.Server.Data;
using Npgsql;

namespace LeadSens.Server.Jobs;

/// <summary>A batch with queued jobs, as a look found it.</summary>
/// <param name="WorkspaceId">Empty for work of no workspace: mails of accounts.</param>
/// <param name="CampaignId">Null for work of no campaign.</param>
/// <param name="DueIn">When its next job is due; not positive: now.</param>
internal sealed record OpenBatch(
    Guid Id, string Kind, Guid WorkspaceId, Guid? CampaignId, string State, string? PausedReason, string? PausedKey,
    string CampaignStatus, bool HasBudget, JsonElement Parameters, TimeSpan DueIn)
{
    private const string ReadSql = """
        select b.id, b.kind, b.workspace_id, b.campaign_id, b.state, b.paused_reason, b.paused_key, coalesce(c.status, 'Running'), c.budget_usd is not null,
            b.parameters::text, extract(epoch from next.run_after - now.at)::double precision
        from batches b left join campaigns c on c.id = b.campaign_id
        cross join lateral (select run_after from jobs where batch_id = b.id and state = 'Queued' order by run_after limit 1) next
        cross join (select clock_now() as at) now
        where b.is_open and b.kind = any($1)
        """;

    /// <summary>Set when a claim found fewer due jobs than it asked for; holds until the next look.</summary>
    public bool IsDry { get; set; }

    /// <summary>The accounts that its jobs call; asked for once per look.</summary>
    public IReadOnlyList<LimitCost>? Costs { get; set; }

    public bool IsCancelled => State == "Cancelled" || CampaignStatus == "Cancelled";
    public bool IsPaused => PausedReason is not null || CampaignStatus == "Paused";
    public bool WaitsForCircuit => PausedReason == PauseReason.CircuitOpen && CampaignStatus != "Paused";

    /// <summary>For batches with a budget, which is a campaign's.</summary>
    public Guid RequireCampaign() => CampaignId ?? throw new InvalidOperationException($"The batch {Id} is of no campaign.");

    public static async Task<List<OpenBatch>> ReadAsync(NpgsqlConnection connection, string[] kinds, CancellationToken cancellationToken)
    {
        var batches = new List<OpenBatch>();
        await using var command = new NpgsqlCommand(ReadSql, connection) { Parameters = { new() { Value = kinds } } };
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        while (await row.ReadAsync(cancellationToken))
        {
            batches.Add(new(
                row.GetGuid(0), row.GetString(1), row.Maybe<Guid>(2) ?? Guid.Empty, row.Maybe<Guid>(3), row.GetString(4),
                row.IsDBNull(5) ? null : row.GetString(5), row.IsDBNull(6) ? null : row.GetString(6),
                row.GetString(7), row.GetBoolean(8), JsonElement.Parse(row.GetString(9)), TimeSpan.FromSeconds(row.GetDouble(10))));
        }

        return batches;
    }
}

/// <summary>Why a batch waits, as users see it.</summary>
internal static class PauseReason
{
    public const string User = "user";
    public const string CircuitOpen = "circuit_open";
    public const string QuotaExhausted = "quota_exhausted";
    public const string Unauthorized = "unauthorized";
    public const string BudgetExceeded = "budget_exceeded";
}
