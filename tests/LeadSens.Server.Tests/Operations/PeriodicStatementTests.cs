using System.Reflection;
using System.Text.RegularExpressions;
using LeadSens.Server.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace LeadSens.Server.Tests.Operations;

/// <summary>What a Server asks of the database again and again, without being asked itself, walks indexes: it costs the same after years. The statements are those
/// that an idle Server sends and those of whatever forgets or sweeps, so that none can be left out.</summary>
public sealed partial class PeriodicStatementTests : DatabaseTest
{
    /// <summary>Tables that hold what is set up or what is under way, never what was. All others grow.</summary>
    private static readonly string[] Small =
    [
        "nodes", "clock_shift", "clock_seen", "limits", "limit_slots", "workspaces", "workflow_definitions", "workflow_definition_stamps", "workflow_version_triggers", "workflow_triggers",
        "workflow_orphans", "workflow_resumptions", "connections", "audit_unsealed", "schema_migrations", "webhook_endpoints", "erasures", "retired_keys", "sealing_keys", "data_protection_keys",
    ];

    [Fact]
    public async Task None_reads_the_whole_of_a_table_that_grows()
    {
        using var seen = new SeenStatements(Db);
        await using (var app = TestApp.Beside(Db))
        {
            await ForgetAsync(app);
            // Every loop has come round when the slowest of the short ones has: the campaigns without a run are looked for every five seconds.
            await Eventually.Be(() => seen.All.Any(sql => sql.Contains("c.status = 'Running' and not exists", StringComparison.Ordinal)), TimeSpan.FromSeconds(30));
            await Eventually.Be(() => seen.All.Any(sql => sql.Contains("workflow_take_turns", StringComparison.Ordinal)), TimeSpan.FromSeconds(30));
        }

        // With what would be cheap in an empty database put aside, whatever reads a table from end to end has no other way.
        await Db.ExecuteAsync("""
            create function explained(sql text) returns setof text language plpgsql set enable_seqscan = off as $$
            declare line record;
            begin
                for line in execute 'explain (generic_plan) ' || sql loop return next line."QUERY PLAN"; end loop;
            end $$
            """);
        var scans = new List<string>();
        foreach (var sql in seen.All.Distinct().Where(sql => Explainable().IsMatch(sql)))
            scans.AddRange((await ScansAsync(sql)).Except(Small).Select(table => $"{table}: {sql}"));
        seen.All.Distinct().Count().ShouldBeGreaterThan(30);
        scans.ShouldBeEmpty();
        // However much there is to forget, no statement takes it all at once.
        seen.All.Distinct().Where(sql => Deletion().Matches(sql).Any(match => !Small.Contains(match.Groups[1].Value)) && !sql.Contains("limit $", StringComparison.Ordinal)).ShouldBeEmpty();
    }

    private async Task<List<string>> ScansAsync(string sql) =>
        [.. (await Db.ListAsync<string>("select explained($1)", sql)).Select(line => Scan().Match(line)).Where(match => match.Success).Select(match => match.Groups[1].Value)];

    /// <summary>What runs once an hour runs now.</summary>
    private static async Task ForgetAsync(TestApp app)
    {
        foreach (var service in app.Services.GetServices<IHostedService>().OfType<BackgroundService>())
        foreach (var method in service.GetType().GetMethods(BindingFlags.Instance | BindingFlags.Public).Where(method => method.Name is "ForgetAsync" or "SweepAsync" or "SealAsync"))
            await (Task)method.Invoke(service, [CancellationToken.None])!;
    }

    [GeneratedRegex(@"Seq Scan on (\w+)")]
    private static partial Regex Scan();

    [GeneratedRegex(@"\bdelete from (\w+)")]
    private static partial Regex Deletion();

    [GeneratedRegex(@"^\s*(select|with|update|delete|insert)\b[^;]*$", RegexOptions.IgnoreCase)]
    private static partial Regex Explainable();
}
