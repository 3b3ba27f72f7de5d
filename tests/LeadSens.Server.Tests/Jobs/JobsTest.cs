using System.Text.Json.Nodes;
using LeadSens.Server.Jobs;
using LeadSens.Server.Tests.Support;
using LeadSens.Server.Workflows;
using Microsoft.Extensions.DependencyInjection;

namespace LeadSens.Server.Tests.Jobs;

/// <summary>A database with a workspace and the table that <see cref="TestWork"/> saves to.</summary>
public abstract class JobsTest : DatabaseTest
{
    private readonly List<JobNode> nodes = [];

    protected Guid Workspace { get; } = Guid.CreateVersion7();

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        await Db.ExecuteAsync("create table saved (lead_id uuid not null, result text)");
        await AddWorkspaceAsync(Workspace);
    }

    public override async ValueTask DisposeAsync()
    {
        foreach (var node in nodes) await node.DisposeAsync();
        await base.DisposeAsync();
    }

    internal static ProviderFailure Failure(ProviderFailureKind kind, TimeSpan? retryAfter = null) => new(kind, "acme", $"acme answered {kind}", retryAfter);

    internal async Task<JobNode> NodeAsync(TestWork? work = null, params (string Key, string Value)[] settings)
    {
        var node = await JobNode.StartAsync(
            Db, services => services.AddJobHandler<TestWork, Guid, string>().AddSingleton(work ?? new TestWork()), settings);
        nodes.Add(node);
        return node;
    }

    internal Task AddWorkspaceAsync(Guid id) => Db.ExecuteAsync("insert into workspaces (id, name) values ($1, 'Acme')", id);

    internal async Task<Guid> CampaignAsync(int leads, Guid? workspace = null, decimal? budget = null)
    {
        var id = Guid.CreateVersion7();
        await Db.ExecuteAsync(
            """
            insert into campaigns (id, workspace_id, name, status, icp, lead_limit, threshold, targets, workflow, created_at, budget_usd)
            values ($1, $2, 'Autumn', 'Running', '{}', 1000, 5, '{}', 'campaign', now(), $3::numeric)
            """, id, workspace ?? Workspace, budget?.ToString());
        await Db.ExecuteAsync(
            """
            insert into leads (id, workspace_id, campaign_id, source, source_id, status, created_at, updated_at)
            select new_id(), $2, $1, 'instantly', n::text, 'Sourced', now(), now() from generate_series(1, $3) n
            """, id, workspace ?? Workspace, leads);
        return id;
    }

    /// <summary>Opens a batch as a stage box does, in a transaction of its own.</summary>
    internal async Task<Guid> OpenAsync(JobNode node, Guid campaign, Guid? workspace = null, string kind = TestWork.DefaultKind)
    {
        var stage = node.Get<LeadSens.Activities.IStages>().Open(new(kind, workspace ?? Workspace, new(workspace ?? Workspace, campaign), Guid.CreateVersion7(), new JsonObject { ["threshold"] = 5 }));
        await using var connection = await DataSource.OpenConnectionAsync(CancellationToken.None);
        await using var transaction = await connection.BeginTransactionAsync();
        await ((SqlWrite)stage.Write).ExecuteAsync(connection, default);
        await transaction.CommitAsync();
        stage.Write.Committed();
        return stage.BatchId;
    }

    internal Task CompletedAsync(Guid batch, TimeSpan? within = null) =>
        Eventually.Be(async () => await StateAsync(batch) == "Completed", within);

    internal Task<string?> StateAsync(Guid batch) => Db.ScalarAsync<string>("select state from batches where id = $1", batch);

    internal Task<string?> PausedAsync(Guid batch) => Db.ScalarAsync<string>("select paused_reason from batches where id = $1", batch);

    internal Task<long> CountAsync(Guid batch, string state) =>
        Db.ScalarAsync<long>("select count(*) from jobs where batch_id = $1 and state = $2", batch, state);

    internal Task<string?> CountsAsync(Guid batch) =>
        Db.ScalarAsync<string>("select concat_ws(' ', total, completed, skipped, failed, cancelled) from batches where id = $1", batch);
}
