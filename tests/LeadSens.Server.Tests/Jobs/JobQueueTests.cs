using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using LeadSens.Activities;
using LeadSens.Server.Jobs;
using LeadSens.Server.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace LeadSens.Server.Tests.Jobs;

/// <summary>A kind of job without a stage: its class, its registration, and whoever adds it.</summary>
public sealed class JobQueueTests : JobsTest
{
    [Fact]
    public async Task A_job_without_a_stage_runs_once_for_its_occasion_and_is_of_no_campaign()
    {
        var postcards = new Postcards();
        await using var node = await JobNode.StartAsync(Db, services => services.AddJobHandler<Postcards, string, string>().AddSingleton(postcards));
        var other = Guid.CreateVersion7();
        await AddWorkspaceAsync(other);

        (await Task.WhenAll(AddAsync("summer"), AddAsync("summer"))).Count(added => added).ShouldBe(1, "asked for twice at the same time");
        (await AddAsync("summer")).ShouldBeFalse();
        (await AddAsync("summer", other)).ShouldBeTrue("another workspace's occasion");
        (await AddAsync(null)).ShouldBeTrue();
        (await AddAsync(null)).ShouldBeTrue();
        node.Get<JobSignal>().Wake(Postcards.Name);

        await Eventually.Be(async () => await Db.ScalarAsync<long>("select count(*) from batches where state = 'Completed' and completed = 1 and total = 1") == 4);
        (await Db.ListAsync<string>("select result from saved order by 1")).ShouldBe(["from nowhere", "from nowhere", "from summer", "from summer"]);
        postcards.Ran.Select(job => job.WorkspaceId).ShouldBe([Workspace, Workspace, Workspace, other], ignoreOrder: true);
        postcards.Ran.ShouldAllBe(job => job.CampaignId == null && job.LeadId == null);
        (await AddAsync("summer")).ShouldBeFalse("also when its job has ended");
    }

    [Fact]
    public async Task A_transaction_that_comes_to_nothing_adds_no_job()
    {
        (await AddAsync("summer", commit: false)).ShouldBeTrue();

        foreach (var table in (string[])["jobs", "batches"]) (await Db.ScalarAsync<long>($"select count(*) from {table}")).ShouldBe(0, table);
        (await AddAsync("summer")).ShouldBeTrue();
    }

    [Fact]
    public async Task No_stage_opens_jobs_of_a_kind_without_a_selection()
    {
        await using var node = await JobNode.StartAsync(Db, services => services.AddJobHandler<Postcards, string, string>());

        Should.Throw<ArgumentException>(() => node.Get<IStages>().Open(new(Postcards.Name, Workspace, null, Guid.CreateVersion7(), new()))).Message.ShouldContain(Postcards.Name);
    }

    private async Task<bool> AddAsync(string? key, Guid? workspace = null, bool commit = true)
    {
        await using var connection = await DataSource.OpenConnectionAsync(CancellationToken.None);
        await using var transaction = await connection.BeginTransactionAsync();
        var added = await JobQueue.AddAsync(connection, Postcards.Name, new JsonObject { ["from"] = key ?? "nowhere" }, key, workspace ?? Workspace, CancellationToken.None);
        if (commit) await transaction.CommitAsync();
        return added;
    }

    private sealed class Postcards : JobHandler<string, string>
    {
        public const string Name = "test.postcard";

        public ConcurrentQueue<ClaimedJob> Ran { get; } = new();

        public override string Kind => Name;

        public override Task<IReadOnlyDictionary<Guid, string>> LoadAsync(NpgsqlConnection connection, IReadOnlyList<ClaimedJob> jobs, CancellationToken cancellationToken) =>
            Task.FromResult<IReadOnlyDictionary<Guid, string>>(jobs.ToDictionary(job => job.Id, job => job.Payload.GetProperty("from").GetString()!));

        public override Task<JobOutcome<string>> RunAsync(ClaimedJob job, string input, JobProgress progress, CancellationToken cancellationToken)
        {
            Ran.Enqueue(job);
            return Task.FromResult<JobOutcome<string>>($"from {input}");
        }

        public override async Task SaveAsync(NpgsqlConnection connection, IReadOnlyList<EndedJob<string>> ended, CancellationToken cancellationToken)
        {
            foreach (var end in ended)
            {
                await using var command = new NpgsqlCommand("insert into saved values ($1, $2)", connection) { Parameters = { new() { Value = end.Job.Id }, new() { Value = end.Result } } };
                await command.ExecuteNonQueryAsync(cancellationToken);
            }
        }
    }
}
