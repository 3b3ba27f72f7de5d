using LeadSens.Server.Tests.Support;
using LeadSens.Server.Tests.Workflows.Triggers;
using LeadSens.Server.Workflows;
using Microsoft.Extensions.DependencyInjection;

namespace LeadSens.Server.Tests.Workflows;

/// <summary>Versions of a workflow while two Servers run it.</summary>
public sealed class VersionContention : TriggerApp
{
    [Fact]
    public async Task Runs_that_start_while_versions_are_published_each_keep_theirs()
    {
        const int Versions = 8;
        await using var other = TestApp.Beside(Db);
        await PublishAsync(Line(1));
        var published = 1;
        var starting = Task.WhenAll(new[] { App, other }.Select(app => Task.Run(async () =>
        {
            for (var run = 0; run < 100 || Volatile.Read(ref published) < Versions; run++) await StartAsync(app);
        })));
        for (var version = 2; version <= Versions; version++)
        {
            var wanted = 10L * version;
            await Eventually.Be(async () => await Db.ScalarAsync<long>("select count(*) from workflow_instances") >= wanted);
            await PublishAsync(Line(version));
            Volatile.Write(ref published, version);
        }
        await starting;
        await StartAsync(other);

        await SendAsync("go");
        var runs = await Db.ScalarAsync<long>("select count(*) from workflow_instances");
        await Eventually.Be(async () => await FinishedAsync("versions") == runs);
        (await Db.ScalarAsync<long>("""
            select count(*) from workflow_journal j join workflow_instances i on i.id = j.instance_id
            where j.event_name = 'Completed' and j.activity_id in ('first-' || i.definition_version, 'last-' || i.definition_version)
            """)).ShouldBe(2 * runs);
        (await Db.ScalarAsync<long>("select count(distinct definition_version) from workflow_instances")).ShouldBeGreaterThan(Versions / 2);
        (await Db.ScalarAsync<int>("select definition_version from workflow_instances order by created_at desc limit 1")).ShouldBe(Versions);
    }

    [Fact]
    public async Task A_version_is_read_once_however_many_runs_it_has()
    {
        await PublishAsync(Graphs.Line("read", Graphs.WriteLine("a", "x")));
        await StartAsync(App, "read");
        await Db.ExecuteAsync("update workflow_definitions set body = 'no workflow' where definition_id = 'read'");
        for (var run = 0; run < 20; run++) await StartAsync(App, "read");
        (await FinishedAsync("read")).ShouldBe(21);
    }

    private static string Line(int version) => Graphs.Line("versions", Graphs.WriteLine($"first-{version}", "x"), Graphs.Event("e", "go"), Graphs.WriteLine($"last-{version}", "x"));

    private static async Task StartAsync(TestApp app, string definition = "versions") =>
        (await app.Services.GetRequiredService<WorkflowService>().StartAsync(definition, Workspace, null, null, Guid.CreateVersion7(), CancellationToken.None)).Errors.ShouldBeEmpty();
}
