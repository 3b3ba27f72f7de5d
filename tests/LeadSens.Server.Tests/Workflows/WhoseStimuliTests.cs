using LeadSens.Server.Tests.Support;

namespace LeadSens.Server.Tests.Workflows;

/// <summary>What the Server itself sends to a run, in no workspace's name, is of the run's workspace, also when the run is gone with its waits.</summary>
public sealed class WhoseStimuliTests : DatabaseTest
{
    private readonly Guid _workspace = Guid.CreateVersion7(), _run = Guid.CreateVersion7();

    [Theory]
    [InlineData("select workflow_send(array[new_id()], array['task:1'], array['one'], array[false], array['{}'], array[null::uuid], array[null::text])", 0)]
    [InlineData("select workflow_send(array[new_id()], array['task:1'], array['one'], array[false], array['{}'], array[null::uuid], array[null::text])", 2)]
    [InlineData("select count(*) from workflow_resume(array[new_id()], array['task:1'], array['one'], array['{}'], new_id(), new_id(), '1 minute')", 0)]
    [InlineData("select count(*) from workflow_resume(array[new_id()], array['task:1'], array['one'], array['{}'], new_id(), new_id(), '1 minute')", 2)]
    [InlineData("select workflow_resume(new_id(), (select id from workflow_bookmarks), (select id from workflow_instances), 'one', '{}')", 0)]
    public async Task What_comes_to_a_wait_is_of_its_workspace(string sql, int state)
    {
        await RunAsync();
        await WaitAsync(state);

        await Db.ExecuteAsync(sql);

        (await WhoseAsync()).ShouldBe(_workspace);
    }

    [Fact]
    public async Task What_comes_before_the_wait_is_of_whoever_waits_then()
    {
        await RunAsync();
        await Db.ExecuteAsync("select workflow_send(array[new_id()], array['task:1'], array['one'], array[false], array['{}'], array[null::uuid], array[null::text])");
        (await WhoseAsync()).ShouldBe(Guid.Empty);

        await Db.ExecuteAsync("""
            select workflow_wait(array[$1], array[$1], array[new_id()], array['task'], array['task:1'], array['n'], array['a'], array['Elsa.RunTask'], array[new_id()],
                array[null::text], array[null::text], array[null::interval], array[false])
            """, _run);

        (await WhoseAsync()).ShouldBe(_workspace);
    }

    private Task<Guid> WhoseAsync() => Db.ScalarAsync<Guid>("select workspace_id from stimuli");

    private async Task RunAsync()
    {
        await Db.ExecuteAsync("insert into workspaces (id, name) values ($1, 'One')", _workspace);
        await Db.ExecuteAsync("""
            insert into workflow_instances (id, workspace_id, definition_id, definition_version_id, definition_version, status, sub_status, state, version, runnable, created_at, updated_at)
            values ($1, $2, 'asks', 'asks:1', 1, 'Running', 'Suspended', '{}', 1, false, now(), now())
            """, _run, _workspace);
    }

    private Task<int> WaitAsync(int state) => Db.ExecuteAsync("""
        insert into workflow_bookmarks (id, instance_id, name, key, node_id, activity_id, activity_type, execution_id, state, created_at)
        values (new_id(), $1, 'task', 'task:1', 'n', 'a', 'Elsa.RunTask', new_id(), $2, now())
        """, _run, state);
}
