using LeadSens.Server.Tests.Support;

namespace LeadSens.Server.Tests.Connections;

/// <summary>The shipped workflow that renews tokens ahead of their time.</summary>
public sealed class RefreshWorkflowTests(ConnectionHouse house) : IClassFixture<ConnectionHouse>
{
    [Fact]
    public async Task Every_five_minutes_what_ends_within_ten_is_renewed_where_there_is_something_to_renew()
    {
        var (person, other) = (await house.PersonAsync(), await house.PersonAsync());
        (await TriggersAsync(person.WorkspaceId)).ShouldBe(0);
        var id = (await house.ConnectHubSpotAsync(person)).GetProperty("id").GetGuid();
        (await TriggersAsync(person.WorkspaceId), await TriggersAsync(other.WorkspaceId)).ShouldBe((1, 0));
        var version = await VersionAsync(id);
        await house.App.Database.ExecuteAsync("update connections set expires_at = clock_now() + interval '8 minutes' where id = $1", id);

        await house.App.Database.ExecuteAsync("update workflow_triggers set since = clock_now() - interval '6 minutes', due_at = clock_now() where workspace_id = $1 and definition_id = 'refresh-tokens'", person.WorkspaceId);
        await Eventually.Be(() => house.App.Database.ScalarAsync<bool>(
            "select exists (select from workflow_instances where workspace_id = $1 and definition_id = 'refresh-tokens' and sub_status = 'Finished')", person.WorkspaceId), TimeSpan.FromSeconds(60));

        (await VersionAsync(id)).ShouldBe(version + 1);
        (await house.App.Database.ScalarAsync<string>("select result->>'refreshed' from batches where workspace_id = $1 and kind = 'token.refresh'", person.WorkspaceId)).ShouldBe("1");
        (await house.App.Database.ScalarAsync<bool>("select expires_at > clock_now() + interval '20 minutes' from connections where id = $1", id)).ShouldBeTrue();

        (await person.Http.DeleteAsync($"/api/connections/{id}")).EnsureSuccessStatusCode();
        (await TriggersAsync(person.WorkspaceId)).ShouldBe(0);
    }

    private Task<long> TriggersAsync(Guid workspace) =>
        house.App.Database.ScalarAsync<long>("select count(*) from workflow_triggers where workspace_id = $1 and definition_id = 'refresh-tokens'", workspace);

    private Task<long> VersionAsync(Guid id) => house.App.Database.ScalarAsync<long>("select version from connections where id = $1", id);
}
