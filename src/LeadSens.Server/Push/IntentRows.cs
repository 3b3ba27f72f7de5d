using System.Text.Json;
using LeadSens.Server.Data;
using Npgsql;
using NpgsqlTypes;

namespace LeadSens.Server.Push;

/// <summary>The SQL of single intents. Every transition is one guarded update: of two processes at one intent, one moves it.</summary>
internal sealed class IntentRows(Database database)
{
    private const string Columns =
        "id, workspace_id, campaign_id, account, kind, subject, state, coalesce(request, '{}'), attempts, look_up_after - clock_now(), provider_id, reason";

    /// <summary>The intent's row, durable when this returns.</summary>
    public async Task<Intent> OpenAsync(IntentRequest request, CancellationToken cancellationToken)
    {
        await database.Sql("""
            insert into intents (id, workspace_id, campaign_id, account, kind, subject, state, request, created_at, updated_at)
            values ($1, $2, $3, $4, $5, $6, 'planned', $7, clock_now(), clock_now()) on conflict (account, kind, subject) do nothing
            """, Guid.CreateVersion7(), request.WorkspaceId, request.CampaignId, request.Account, request.Kind, request.Subject, Jsonb(request.Request))
            .RunAsync(cancellationToken);
        return (await database.Sql($"select {Columns} from intents where account = $1 and kind = $2 and subject = $3",
            request.Account, request.Kind, request.Subject).FirstAsync(Read, cancellationToken))!;
    }

    /// <summary>Marks the intent as sending; false when another process moved it, or its campaign is paused or cancelled.</summary>
    public async Task<bool> SendingAsync(Intent intent, TimeSpan blind, CancellationToken cancellationToken) =>
        await ExecuteAsync("""
            update intents i set state = 'sending', attempts = attempts + 1, look_up_after = clock_now() + $3, updated_at = clock_now()
            where id = $1 and attempts = $2 and (state = 'planned' or state = 'sending' and look_up_after <= clock_now())
              and exists (select from campaigns c where c.id = i.campaign_id and c.status not in ('Paused', 'Cancelled'))
            """, cancellationToken, intent.Id, intent.Attempts, blind) == 1;

    /// <summary>The provider said no before anything took effect, so the call may be made again.</summary>
    public Task<int> PlannedAsync(Intent intent, string reason, CancellationToken cancellationToken) =>
        ExecuteAsync("update intents set state = 'planned', reason = $3, updated_at = clock_now() where id = $1 and attempts = $2 and state = 'sending'",
            cancellationToken, intent.Id, intent.Attempts + 1, reason);

    /// <summary>The provider said yes. Whoever sent it later says the same, so no guard beside the state.</summary>
    public Task<int> SentAsync(Guid intentId, string providerId, TimeSpan settle, CancellationToken cancellationToken) =>
        ExecuteAsync("""
            update intents set state = 'sent', provider_id = $2, look_up_after = clock_now() + $3, updated_at = clock_now()
            where id = $1 and state in ('planned', 'sending')
            """, cancellationToken, intentId, providerId, settle);

    public async Task<Intent> ReadAsync(Guid intentId, CancellationToken cancellationToken) =>
        (await database.Sql($"select {Columns} from intents where id = $1", intentId).FirstAsync(Read, cancellationToken))!;

    public async Task<bool> IsCancelledAsync(Guid campaignId, CancellationToken cancellationToken) =>
        await database.Sql("select status = 'Cancelled' from campaigns where id = $1", campaignId).FirstAsync(row => row.GetBoolean(0), cancellationToken);

    private static Intent Read(NpgsqlDataReader row) => new(
        row.GetGuid(0), row.GetGuid(1), row.GetGuid(2), row.GetString(3), row.GetString(4), row.GetString(5), State(row.GetString(6)),
        JsonElement.Parse(row.GetString(7)), row.GetInt32(8), row.Nullable<TimeSpan>(9), row.Nullable<string>(10), row.Nullable<string>(11));

    private static IntentState State(string state) => Enum.Parse<IntentState>(state, ignoreCase: true);

    private static NpgsqlParameter Jsonb(JsonElement value) =>
        new() { Value = value.ValueKind == JsonValueKind.Undefined ? "{}" : value.GetRawText(), NpgsqlDbType = NpgsqlDbType.Jsonb };

    private Task<int> ExecuteAsync(string sql, CancellationToken cancellationToken, params ReadOnlySpan<object?> values) =>
        database.Sql(sql, values).RunAsync(cancellationToken);
}
