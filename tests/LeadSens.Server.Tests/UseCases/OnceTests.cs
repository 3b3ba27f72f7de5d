using LeadSens.Server.Data;
using LeadSens.Server.Identity;
using LeadSens.Server.Tests.Support;
using LeadSens.Server.UseCases;
using Microsoft.Extensions.DependencyInjection;

namespace LeadSens.Server.Tests.UseCases;

/// <summary>What becomes of a use case under a key whose process dies, is cut off or is overtaken at any point. The use case here puts a row on the
/// suppression list and then says what number it has.</summary>
public sealed class OnceTests(AppOfClass apps) : IClassFixture<AppOfClass>, IAsyncLifetime
{
    private readonly TestApp app = apps.App;
    private readonly Guid workspace = Guid.CreateVersion7();
    private Caller caller = null!;

    public async ValueTask InitializeAsync()
    {
        await app.Database.ExecuteAsync("insert into workspaces (id, name) values ($1, 'Test')", workspace);
        caller = SomeCaller.Of(workspace);
    }

    public ValueTask DisposeAsync() => default;

    [Fact]
    public async Task Whoever_dies_behind_the_commit_leaves_it_to_the_next_to_answer()
    {
        var probe = new Probe(Database) { Behind = () => throw new TimeoutException("killed") };
        await Should.ThrowAsync<TimeoutException>(() => RunAsync(probe));
        (await RowsAsync()).ShouldBe(1);

        probe.Behind = () => Task.CompletedTask;
        var outcome = await RunAsync(probe);

        outcome.Value.ShouldBe("the first of 2");
        (await RowsAsync()).ShouldBe(1);
        (await RunAsync(probe)).Value.ShouldBe("the first of 2", "it was answered");
        probe.Runs.ShouldBe(2);
    }

    [Fact]
    public async Task Whoever_dies_before_the_commit_leaves_nothing()
    {
        var probe = new Probe(Database) { Within = () => throw new TimeoutException("killed") };
        await Should.ThrowAsync<TimeoutException>(() => RunAsync(probe));
        (await RowsAsync()).ShouldBe(0);
        (await app.Database.ScalarAsync<long>("select count(*) from idempotency_keys where workspace_id = $1", workspace)).ShouldBe(0);

        probe.Within = () => Task.CompletedTask;
        (await RunAsync(probe)).Value.ShouldBe("the second of 2");
        (await RowsAsync()).ShouldBe(1);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_claim_whose_process_is_gone_is_waited_for_and_then_taken(bool hadCommitted)
    {
        // What a killed process leaves: nobody gives the claim back.
        var probe = new Probe(Database) { Behind = async () =>
            await app.Database.ExecuteAsync("update idempotency_keys set claim = gen_random_uuid() where workspace_id = $1", workspace) };
        if (hadCommitted) (await RunAsync(probe)).Value.ShouldBe("the first of 1");
        else
        {
            probe.Within = probe.Behind;
            (await RunAsync(probe)).Refusal!.Code.ShouldBe("idempotency_in_progress", "another may have it");
        }

        probe = new(Database);
        (await RunAsync(probe)).Refusal!.Code.ShouldBe("idempotency_in_progress");
        await app.Database.ExecuteAsync("update idempotency_keys set claimed_until = clock_now() - interval '1 second' where workspace_id = $1", workspace);
        (await RunAsync(probe)).Value.ShouldBe("the first of 1");
        (await RowsAsync()).ShouldBe(1);
    }

    [Fact]
    public async Task Whoever_is_overtaken_commits_nothing()
    {
        var slow = new Probe(Database);
        slow.Within = async () =>
        {
            await app.Database.ExecuteAsync("update idempotency_keys set claimed_until = clock_now() - interval '1 second' where workspace_id = $1", workspace);
            (await RunAsync(new Probe(Database))).Value.ShouldBe("the first of 1", "the other was quicker");
        };

        (await RunAsync(slow)).Refusal!.Code.ShouldBe("idempotency_in_progress");

        (await RowsAsync()).ShouldBe(1);
        (await RunAsync(slow)).Value.ShouldBe("the first of 1", "the one that was quicker answered");
    }

    [Fact]
    public async Task A_refusal_behind_the_commit_is_the_answer()
    {
        var probe = new Probe(Database) { Refuses = Refusal.Conflict("too_late", "The rest does not go.") };
        (await RunAsync(probe)).Refusal!.Code.ShouldBe("too_late");
        probe.Refuses = null;

        (await RunAsync(probe)).Refusal!.Code.ShouldBe("too_late");
        (await RowsAsync()).ShouldBe(1);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Whoever_is_erased_is_in_no_answer_that_is_still_to_come(bool dies)
    {
        var probe = new Probe(Database) { Behind = async () =>
        {
            await ForgetAsync();
            if (dies) throw new TimeoutException("killed");
        } };
        if (dies) await Should.ThrowAsync<TimeoutException>(() => RunAsync(probe));
        else (await RunAsync(probe)).Value.ShouldBe("the first of 1");

        (await app.Database.ScalarAsync<long>("select count(*) from idempotency_keys where workspace_id = $1 and sealed_outcome is not null", workspace))
            .ShouldBe(0);
        (await RunAsync(probe)).Refusal!.Code.ShouldBe("idempotency_answer_forgotten");
        (await RowsAsync()).ShouldBe(1);
    }

    [Fact]
    public async Task Without_a_key_each_is_one_of_its_own()
    {
        var probe = new Probe(Database);
        await RunAsync(probe, key: null);
        await RunAsync(probe, key: null);
        (await RowsAsync()).ShouldBe(2);
    }

    [Fact]
    public async Task A_key_that_is_none_is_refused_by_its_name()
    {
        foreach (var key in (string[])["", new('k', 256), "a\nb"])
            (await RunAsync(new Probe(Database), key)).Refusal.ShouldNotBeNull().Errors!.Keys.ShouldBe(["Idempotency-Key"]);
        (await RowsAsync()).ShouldBe(0);
    }

    private Database Database => app.Services.GetRequiredService<Database>();

    private Task<Outcome<string>> RunAsync(Probe probe, string? key = "the key") =>
        app.Services.GetRequiredService<UseCaseRunner>().RunAsync(probe, caller, new Probe.Request("a request"), key, CancellationToken.None);

    private async Task ForgetAsync()
    {
        await using var connection = await app.Database.DataSource.OpenConnectionAsync(CancellationToken.None);
        await IdempotencyKeys.ForgetAnswersAsync(connection, workspace, CancellationToken.None);
    }

    private Task<long> RowsAsync() => app.Database.ScalarAsync<long>("select count(*) from suppressions where workspace_id = $1", workspace);

    private sealed class Probe(Database database) : IUseCase<Probe, Probe.Request, string>
    {
        public sealed record Request(string Text);

        public static UseCase Declaration { get; } = new("probe", "A use case of the tests", Permission.Work, Effect.Changes, "test.changed");

        public int Runs { get; private set; }

        /// <summary>Called in the transaction, and behind its commit.</summary>
        public Func<Task> Within { get; set; } = () => Task.CompletedTask;

        public Func<Task> Behind { get; set; } = () => Task.CompletedTask;

        public Refusal? Refuses { get; set; }

        public async Task<Outcome<string>> RunAsync(Caller caller, Request request, CancellationToken cancellationToken)
        {
            Runs++;
            var made = await database.CommitAsync<int>(async connection =>
            {
                await connection.Sql("insert into suppressions (id, workspace_id, kind, value, source, created_at) values ($1, $2, 'address', $3, 'manual', clock_now())",
                    Guid.CreateVersion7(), caller.WorkspaceId, $"{Guid.CreateVersion7()}@example.com").RunAsync(cancellationToken);
                await Within();
                return Runs;
            }, cancellationToken);
            await Behind();
            if (Refuses is not null) return Refuses;
            return $"the {(made.Value == 1 ? "first" : "second")} of {Runs}";
        }
    }
}
