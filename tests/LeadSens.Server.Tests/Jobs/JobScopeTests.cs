using LeadSens.Server.Data;
using LeadSens.Server.Jobs;
using LeadSens.Server.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace LeadSens.Server.Tests.Jobs;

/// <summary>A kind of job whose statements forgot the workspace, on jobs of two workspaces that are claimed and saved together.</summary>
public sealed class JobScopeTests : JobsTest
{
    [Fact]
    public async Task Inputs_work_and_results_see_the_jobs_workspace_alone()
    {
        var other = Guid.CreateVersion7();
        await AddWorkspaceAsync(other);
        await AddWorkspaceAsync(Guid.CreateVersion7());
        await using var pools = new Pools(Db.ConnectionString, new());
        var forgetful = new Forgetful(new ScopedDatabase(pools));
        await using var node = await JobNode.StartAsync(Db, services => services.AddSingleton(pools).AddSingleton<Database, ScopedDatabase>().AddJobHandler<Forgetful, long, long>().AddSingleton(forgetful));
        var batches = new List<Guid>();
        foreach (var workspace in (Guid[])[Workspace, other]) batches.Add(await OpenAsync(node, await CampaignAsync(20, workspace), workspace, Forgetful.Name));

        foreach (var batch in batches) await CompletedAsync(batch);

        (await Db.ListAsync<string>("select distinct result from saved order by 1")).ShouldBe(["1 1 1"], "seen while loading, running and saving");
        (await Db.ListAsync<Guid>("select id from workspaces where company_dna = 'saved' order by id")).ShouldBe([.. ((Guid[])[Workspace, other]).Order()]);
    }

    [Fact]
    public async Task A_job_of_no_workspace_sees_nothing_unless_its_kind_spans_them()
    {
        await using var pools = new Pools(Db.ConnectionString, new());
        await using var node = await JobNode.StartAsync(Db, services => services.AddSingleton(pools).AddSingleton<Database, ScopedDatabase>().AddJobHandler<Forgetful, long, long>()
            .AddSingleton(new Forgetful(new ScopedDatabase(pools))));
        await using (var connection = await DataSource.OpenConnectionAsync(CancellationToken.None))
            await JobQueue.AddAsync(connection, Forgetful.Name, new(), null, null, CancellationToken.None);

        await CompletedAsync(await Db.ScalarAsync<Guid>("select batch_id from jobs"));

        (await Db.ListAsync<string>("select result from saved")).ShouldBe(["0 0 0"]);
        (await Db.ScalarAsync<long>("select count(*) from workspaces where company_dna = 'saved'")).ShouldBe(0);
    }

    private sealed class Forgetful(Database database) : JobHandler<long, long>
    {
        public const string Name = "test.forgetful";

        private const string Sql = "select count(*) from workspaces";

        private readonly System.Collections.Concurrent.ConcurrentDictionary<Guid, long> loaded = new();

        public override string Kind => Name;

        public override string SelectSql => "select id as lead_id, null as payload from leads where campaign_id = @campaign order by id";

        public override async Task<IReadOnlyDictionary<Guid, long>> LoadAsync(NpgsqlConnection connection, IReadOnlyList<ClaimedJob> jobs, CancellationToken cancellationToken)
        {
            var seen = await connection.FirstAsync(Sql, row => row.GetInt64(0), cancellationToken);
            foreach (var job in jobs) loaded[job.Id] = seen;
            return jobs.ToDictionary(job => job.Id, _ => seen);
        }

        public override async Task<JobOutcome<long>> RunAsync(ClaimedJob job, long input, JobProgress progress, CancellationToken cancellationToken) =>
            await database.FirstAsync(Sql, row => row.GetInt64(0), cancellationToken);

        public override async Task SaveAsync(NpgsqlConnection connection, IReadOnlyList<EndedJob<long>> ended, CancellationToken cancellationToken)
        {
            var seen = await connection.FirstAsync(Sql, row => row.GetInt64(0), cancellationToken);
            await connection.ExecuteAsync("update workspaces set company_dna = 'saved'", cancellationToken);
            foreach (var end in ended)
                await connection.ExecuteAsync("insert into saved values ($1, $2)", cancellationToken, end.Job.LeadId ?? end.Job.Id, $"{loaded[end.Job.Id]} {end.Result} {seen}");
        }
    }
}
