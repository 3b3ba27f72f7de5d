using LeadSens.Server.Connections;
using LeadSens.Server.Data;
using LeadSens.Server.Tests.Identity;
using LeadSens.Server.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace LeadSens.Server.Tests.Connections;

/// <summary>Tokens are renewed before they end: once, whoever asks, and whatever becomes of the answer.</summary>
public sealed class RefreshTests(ConnectionHouse house) : IClassFixture<ConnectionHouse>
{
    private const string TokenPath = "/oauth/2026-03/token";

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Twenty_users_on_two_Servers_make_one_call_and_all_get_the_new_token(bool rotating)
    {
        var (person, id) = await ConnectedAsync(rotating);
        var old = (await AccountAsync(house.App, person)).Value!.Secret;
        await EndsInAsync(id, TimeSpan.FromMinutes(4));
        await using var second = TestApp.Beside(house.App.Database, ("LeadSens:SandboxUrl", house.Sandbox.BaseUrl));
        await house.Sandbox.LatencyAsync(400, "hubspot");
        var before = await RefreshesAsync();

        var accounts = await Task.WhenAll(Enumerable.Range(0, 20).Select(n => AccountAsync(n % 2 == 0 ? house.App : second, person)));

        await house.Sandbox.LatencyAsync(0);
        (await RefreshesAsync() - before).ShouldBe(1);
        accounts.Select(account => account.Value!.Secret).Distinct().ShouldHaveSingleItem().ShouldNotBe(old);
        ConnectionHouse.Text(await ConnectionHouse.OneAsync(person, "hubspot"), "health").ShouldBe("ok");
    }

    [Fact]
    public async Task Who_leaves_while_a_token_is_renewed_leaves_nothing_for_whoever_comes_later()
    {
        var (person, id) = await ConnectedAsync();
        await EndsInAsync(id, TimeSpan.FromMinutes(2));
        var (old, before) = (await SecretAsync(id), await RefreshesAsync());
        await house.Sandbox.LatencyAsync(400, "hubspot");
        using var leaving = new CancellationTokenSource(TimeSpan.FromMilliseconds(100));
        using (DatabaseScope.Work(person.WorkspaceId))
            await Should.ThrowAsync<OperationCanceledException>(async () => await house.App.Services.GetRequiredService<ConnectionSource>().ForAsync(person.WorkspaceId, "hubspot", leaving.Token));
        await Eventually.Be(async () => await SecretAsync(id) != old);
        await house.Sandbox.LatencyAsync(0);

        await EndsInAsync(id, TimeSpan.FromMinutes(2));
        (await AccountAsync(house.App, person)).Succeeded.ShouldBeTrue();

        (await RefreshesAsync() - before).ShouldBe(2, "what was learned of the first token says nothing about the second");
    }

    [Fact]
    public async Task A_token_that_lasts_is_used_as_it_is()
    {
        var (person, id) = await ConnectedAsync();
        await EndsInAsync(id, TimeSpan.FromMinutes(6));
        var before = await RefreshesAsync();

        (await AccountAsync(house.App, person)).Succeeded.ShouldBeTrue();

        (await RefreshesAsync()).ShouldBe(before);
    }

    [Fact]
    public async Task Whoever_only_counts_calls_waits_for_no_token()
    {
        var (person, id) = await ConnectedAsync();
        var key = (await AccountAsync(house.App, person)).Value!.AccountKey;
        await EndsInAsync(id, TimeSpan.FromMinutes(2));
        var before = await RefreshesAsync();

        using var scope = DatabaseScope.Work(person.WorkspaceId);
        (await house.App.Services.GetRequiredService<ConnectionSource>().CostsAsync(person.WorkspaceId, "hubspot", 1, default)).ShouldBe([new(key, 1)]);

        (await RefreshesAsync()).ShouldBe(before);
    }

    [Theory]
    [InlineData("acceptThenDrop")]
    [InlineData("reset")]
    [InlineData("status")]
    public async Task A_lost_answer_is_asked_for_again_with_the_same_refresh_token(string fault)
    {
        var (person, id) = await ConnectedAsync();
        await EndsInAsync(id, TimeSpan.FromMinutes(2));
        var old = await SecretAsync(id);
        await house.Sandbox.FaultsAsync(new { vendor = "hubspot", pathPrefix = TokenPath, mode = fault, status = 503, rate = 1.0, times = 1 });

        (await AccountAsync(house.App, person)).Succeeded.ShouldBeTrue("the old token lasts for two minutes more");
        (await SecretAsync(id)).ShouldBe(old);
        ConnectionHouse.Text(await ConnectionHouse.OneAsync(person, "hubspot"), "errorCode").ShouldBe("token_refresh_failed");

        await PauseIsOverAsync(id);
        await Eventually.Be(async () => (await AccountAsync(house.App, person)).Succeeded && await SecretAsync(id) != old, TimeSpan.FromSeconds(60));
        (ConnectionHouse.Text(await ConnectionHouse.OneAsync(person, "hubspot"), "health"), ConnectionHouse.Text(await ConnectionHouse.OneAsync(person, "hubspot"), "errorCode")).ShouldBe(("ok", null));
    }

    [Fact]
    public async Task A_token_that_ended_and_cannot_be_renewed_is_an_outage_and_no_refusal()
    {
        var (person, id) = await ConnectedAsync();
        await EndsInAsync(id, TimeSpan.FromSeconds(1));
        await house.Sandbox.FaultsAsync(new { vendor = "hubspot", pathPrefix = TokenPath, mode = "status", status = 503, rate = 1.0 });

        var failure = (await AccountAsync(house.App, person)).Failure.ShouldNotBeNull();

        await house.Sandbox.FaultsAsync();
        failure.Kind.ShouldBe(ProviderFailureKind.Unavailable);
        ConnectionHouse.Text(await ConnectionHouse.OneAsync(person, "hubspot"), "state").ShouldBe("connected");
    }

    [Fact]
    public async Task A_lost_answer_of_a_vendor_that_rotates_ends_as_broken_and_is_mended_by_connecting_again()
    {
        var (person, id) = await ConnectedAsync(rotating: true);
        await EndsInAsync(id, TimeSpan.FromMinutes(2));
        await house.Sandbox.FaultsAsync(new { vendor = "hubspot", pathPrefix = TokenPath, mode = "acceptThenDrop", rate = 1.0, times = 1 });
        await AccountAsync(house.App, person);

        await PauseIsOverAsync(id);
        await Eventually.Be(async () => (await AccountAsync(house.App, person)).Failure is { Kind: ProviderFailureKind.Unauthorized }, TimeSpan.FromSeconds(60));

        var broken = await ConnectionHouse.OneAsync(person, "hubspot");
        (ConnectionHouse.Text(broken, "state"), ConnectionHouse.Text(broken, "errorCode")).ShouldBe(("broken", "unauthorized"));
        ConnectionHouse.Text(broken, "error")!.ShouldContain("Connect HubSpot again");
        ConnectionHouse.Text(await house.ConnectHubSpotAsync(person), "state").ShouldBe("connected");
        (await AccountAsync(house.App, person)).Succeeded.ShouldBeTrue();
        (await house.AuditAsync(person.WorkspaceId)).ShouldBe(["connection.connected", "connection.broken", "connection.connected"]);
    }

    [Fact]
    public async Task A_new_token_that_cannot_be_written_at_once_is_written_when_the_database_answers()
    {
        var (person, id) = await ConnectedAsync(rotating: true);
        await EndsInAsync(id, TimeSpan.FromMinutes(2));
        var (old, before, database) = (await SecretAsync(id), await RefreshesAsync(), house.App.Database);
        await database.ExecuteAsync("create sequence away");
        await database.ExecuteAsync("grant usage on sequence away to public");
        await database.ExecuteAsync("""
            create function away() returns trigger language plpgsql as $$ begin if nextval('away') < 4 then raise exception using errcode = '57P03'; end if; return new; end $$
            """);
        await database.ExecuteAsync($"""
            create trigger away before update on connections for each row when (new.id = '{id}' and old.credentials is distinct from new.credentials) execute function away()
            """);

        (await AccountAsync(house.App, person)).Succeeded.ShouldBeTrue();

        await database.ExecuteAsync("drop trigger away on connections");
        (await RefreshesAsync() - before).ShouldBe(1);
        (await SecretAsync(id)).ShouldNotBe(old);
        await EndsInAsync(id, TimeSpan.FromMinutes(2));
        (await AccountAsync(house.App, person)).Succeeded.ShouldBeTrue();
        (await RefreshesAsync() - before).ShouldBe(2, "by the refresh token that the first brought");
    }

    [Fact]
    public async Task Who_takes_the_app_out_of_HubSpot_breaks_the_connection()
    {
        var (person, id) = await ConnectedAsync();
        (await house.Sandbox.Http.PostAsync("/_sandbox/credentials/revoke", null)).EnsureSuccessStatusCode();

        var tested = await People.JsonAsync(await person.Http.PostAsync($"/api/connections/{id}/test", null));

        ConnectionHouse.Text(tested, "state").ShouldBe("broken");
    }

    [Fact]
    public async Task A_dead_nodes_turn_is_over_at_once()
    {
        var (person, id) = await ConnectedAsync();
        await EndsInAsync(id, TimeSpan.FromMinutes(2));
        var dead = Guid.CreateVersion7();
        await house.App.Database.ExecuteAsync("insert into nodes (id, advisory_key, started_at) values ($1, 42, now())", dead);
        await house.App.Database.ExecuteAsync("update connections set refresh_token = $2, refresh_node = $2, refresh_until = clock_now() + interval '80 seconds' where id = $1", id, dead);
        var old = await SecretAsync(id);

        (await AccountAsync(house.App, person)).Succeeded.ShouldBeTrue();

        (await SecretAsync(id)).ShouldNotBe(old);
    }

    private async Task<(SomePerson Person, Guid Id)> ConnectedAsync(bool rotating = false)
    {
        var person = await house.PersonAsync();
        var id = (await house.ConnectHubSpotAsync(person)).GetProperty("id").GetGuid();
        await house.CredentialsAsync(new { rotating });
        return (person, id);
    }

    private async Task EndsInAsync(Guid id, TimeSpan time)
    {
        await house.App.Database.ExecuteAsync("update connections set expires_at = clock_now() + $2 where id = $1", id, time);
        foreach (var workspace in await house.App.Database.ListAsync<Guid>("select workspace_id from connections where id = $1", id)) house.App.Services.GetRequiredService<ConnectionCache>().Forget(workspace, "hubspot");
    }

    private Task<int> PauseIsOverAsync(Guid id) => house.App.Database.ExecuteAsync("update connections set refresh_until = clock_now() where id = $1 and refresh_token is null", id);

    private static async Task<ProviderResult<ProviderAccount>> Ask(TestApp app, SomePerson person)
    {
        using var scope = DatabaseScope.Work(person.WorkspaceId);
        return await app.Services.GetRequiredService<ConnectionSource>().ForAsync(person.WorkspaceId, "hubspot", default);
    }

    private static async Task<ProviderResult<ProviderAccount>> AccountAsync(TestApp app, SomePerson person) => await Task.Run(async () => await Ask(app, person));

    private async Task<string> SecretAsync(Guid id)
    {
        var rows = house.App.Services.GetRequiredService<ConnectionRows>();
        var workspace = await house.App.Database.ScalarAsync<Guid>("select workspace_id from connections where id = $1", id);
        using var scope = DatabaseScope.Work(workspace);
        return rows.Open((await rows.FindAsync(workspace, id, default))!).Secret;
    }

    private async Task<int> RefreshesAsync() => (await house.Sandbox.CallsAsync("hubspot", TokenPath)).Count(call => call.Body.Contains("grant_type=refresh_token", StringComparison.Ordinal));
}
