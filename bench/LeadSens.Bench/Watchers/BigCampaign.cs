using LeadSens.Server.Identity;
using Npgsql;

namespace LeadSens.Bench.Watchers;

/// <summary>A campaign whose leads are there by SQL, and who moves some of them.</summary>
internal sealed class BigCampaign(NpgsqlDataSource database, Guid id, Guid[] some)
{
    private const string MoveSql =
        "update leads set status = case status when 'Drafted' then 'Rejected' else 'Drafted' end, updated_at = now() where id = any ($1)";

    private const int AtOnce = 40;
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(100);

    public Guid Id => id;

    public static async Task<BigCampaign> MakeAsync(NpgsqlDataSource database, int leads, CancellationToken cancellationToken)
    {
        var id = Guid.CreateVersion7();
        await ExecuteAsync(database, """
            insert into campaigns (id, workspace_id, name, status, icp, lead_limit, threshold, targets, workflow, created_at, started_at)
            values ($1, $2, 'Big', 'AwaitingApproval', '{"description":"","jobTitles":[],"industries":[],"countries":[],"companySizes":[]}', 100000, 5,
                '{instantly}', 'campaign', now(), now())
            """, cancellationToken, id, DemoWorkspace.Id);
        await ExecuteAsync(database, """
            insert into leads (id, workspace_id, campaign_id, source, source_id, email, email_key, first_name, last_name, company_name, status,
                verification_status, score, drafted_at, created_at, updated_at)
            select new_id(), $2, $1, 'instantly', n::text, n || '@big.example', n || '@big.example', 'Lead', n::text, 'Acme', 'Drafted', 'Verified', 7,
                now(), now(), now() from generate_series(1, $3) n
            """, cancellationToken, id, DemoWorkspace.Id, leads);
        await ExecuteAsync(database, "vacuum analyze", cancellationToken);
        await using var command = Command(database, "select array_agg(id) from (select id from leads where campaign_id = $1 limit 500) l", id);
        return new(database, id, (Guid[])(await command.ExecuteScalarAsync(cancellationToken))!);
    }

    /// <summary>Leads move while it is measured, forty at once, ten times a second.</summary>
    public async Task<double> WorkAsync(Func<Task<double>> measure, CancellationToken cancellationToken)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var work = MoveAsync(over.Token);
        var cost = await measure();
        await over.CancelAsync();
        await work;
        return cost;
    }

    private async Task MoveAsync(CancellationToken over)
    {
        for (var round = 0; !over.IsCancellationRequested; round++)
        {
            var first = round * AtOnce % some.Length;
            await ExecuteAsync(database, MoveSql, CancellationToken.None, some[first..Math.Min(first + AtOnce, some.Length)]);
            await Task.Delay(Pace, TimeProvider.System, over).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static async Task ExecuteAsync(NpgsqlDataSource database, string sql, CancellationToken cancellationToken, params object[] values)
    {
        await using var command = Command(database, sql, values);
        command.CommandTimeout = 300;
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static NpgsqlCommand Command(NpgsqlDataSource database, string sql, params object[] values)
    {
        var command = database.CreateCommand(sql);
        foreach (var value in values) command.Parameters.Add(new() { Value = value });
        return command;
    }
}
