using LeadSens.Server.Data;
using Npgsql;
using NpgsqlTypes;

namespace LeadSens.Server.Ai;

/// <summary>Adds many events and their campaigns' cost in one statement. Repeating it after a lost answer adds nothing twice.</summary>
internal static class AiEventSql
{
    private const string Insert = """
        with added as (
            insert into ai_events (id, workspace_id, campaign_id, lead_id, purpose, provider, model, prompt_version, tokens_in, tokens_out, cost_usd, latency_ms, outcome, at)
            select e.id, e.workspace_id, c.id, l.id, e.purpose, e.provider, e.model, e.prompt_version, e.tokens_in, e.tokens_out, e.cost_usd, e.latency_ms, e.outcome, e.at
            from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $5::text[], $6::text[], $7::text[], $8::text[], $9::int[], $10::int[],
                $11::numeric[], $12::int[], $13::text[], $14::timestamptz[]) as e
                (id, workspace_id, campaign_id, lead_id, purpose, provider, model, prompt_version, tokens_in, tokens_out, cost_usd, latency_ms, outcome, at)
            -- What names a stranger's campaign or lead is its own workspace's alone, and no other event of the gathering fails with it.
            left join campaigns c on c.workspace_id = e.workspace_id and c.id = e.campaign_id
            left join leads l on l.workspace_id = e.workspace_id and l.id = e.lead_id
            on conflict (id) do nothing
            returning workspace_id, campaign_id, cost_usd),
        cost as (select workspace_id, campaign_id, sum(cost_usd) as usd, count(*) as calls from added where campaign_id is not null group by 1, 2)
        update campaigns c set cost_usd = c.cost_usd + cost.usd, ai_calls = c.ai_calls + cost.calls
        from cost where c.workspace_id = cost.workspace_id and c.id = cost.campaign_id
        """;

    public static async Task WriteAsync(SystemDatabase database, IReadOnlyList<AiEvent> events, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(Insert);
        Add(NpgsqlDbType.Uuid, e => e.Id);
        Add(NpgsqlDbType.Uuid, e => e.WorkspaceId);
        Add(NpgsqlDbType.Uuid, e => e.CampaignId);
        Add(NpgsqlDbType.Uuid, e => e.LeadId);
        Add(NpgsqlDbType.Text, e => e.Purpose);
        Add(NpgsqlDbType.Text, e => e.Provider);
        Add(NpgsqlDbType.Text, e => e.Model);
        Add(NpgsqlDbType.Text, e => e.PromptVersion);
        Add(NpgsqlDbType.Integer, e => e.TokensIn);
        Add(NpgsqlDbType.Integer, e => e.TokensOut);
        Add(NpgsqlDbType.Numeric, e => e.CostUsd);
        Add(NpgsqlDbType.Integer, e => e.LatencyMs);
        Add(NpgsqlDbType.Text, e => e.Outcome);
        Add(NpgsqlDbType.TimestampTz, e => e.At);
        await command.ExecuteNonQueryAsync(cancellationToken);

        void Add<T>(NpgsqlDbType type, Func<AiEvent, T> column) =>
            command.Parameters.Add(new NpgsqlParameter<T[]> { NpgsqlDbType = NpgsqlDbType.Array | type, TypedValue = [.. events.Select(column)] });
    }
}
