using LeadSens.Server.Connections;
using LeadSens.Server.Data;
using LeadSens.Server.Operations;
using LeadSens.Server.Secrets;
using LeadSens.Server.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace LeadSens.Server.Tests.Connections;

/// <summary>A credential opens in the row of its connection in its workspace and nowhere else.</summary>
public sealed class SealedCredentialTests : DatabaseTest
{
    private static readonly Guid Mine = Guid.CreateVersion7(), Theirs = Guid.CreateVersion7();

    private readonly SecretBox _box = new(new MasterKeys(LeadSensOptions.DevelopmentEncryptionKey));

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        await Db.ExecuteAsync("insert into workspaces (id, name) values ($1, 'mine'), ($2, 'theirs')", Mine, Theirs);
    }

    [Theory]
    [InlineData("update connections t set credentials = f.credentials from connections f where t.id = $1 and f.id = $2", "into another workspace's connection")]
    [InlineData("update connections set workspace_id = (select workspace_id from connections where id = $1), provider = 'jina' where id = $2", "with its connection into another workspace")]
    public async Task A_credential_that_was_carried_elsewhere_does_not_open(string carried, string where)
    {
        var rows = new ConnectionRows(DataSource, _box);
        var (mine, theirs) = (await ConnectAsync(rows, Mine, "key-of-mine"), await ConnectAsync(rows, Theirs, "key-of-theirs"));
        rows.Open((await rows.FindAsync(Theirs, theirs, default))!).Secret.ShouldBe("key-of-theirs");

        await Db.ExecuteAsync(carried, mine, theirs);

        var taken = (await rows.AllAsync(Mine, default)).Where(row => !OpensAs(rows, row, "key-of-mine")).ShouldHaveSingleItem(where);
        Should.Throw<SealBrokenException>(() => rows.Open(taken), where);
    }

    [Fact]
    public async Task A_credential_of_another_connection_of_the_same_workspace_does_not_open_either()
    {
        var rows = new ConnectionRows(DataSource, _box);
        var (instantly, jina) = (await ConnectAsync(rows, Mine, "key-of-instantly"), await ConnectAsync(rows, Mine, "key-of-jina", "jina"));

        await Db.ExecuteAsync("update connections t set credentials = f.credentials from connections f where t.id = $1 and f.id = $2", jina, instantly);

        var copied = (await rows.FindAsync(Mine, jina, default))!;
        Should.Throw<SealBrokenException>(() => rows.Open(copied));
    }

    [Fact]
    public async Task What_was_bound_to_the_connection_alone_is_bound_to_its_workspace_from_the_next_start_on()
    {
        var before = new ConnectionRows(DataSource, _box);
        var id = await ConnectAsync(before, Mine, "key-of-mine");
        var former = _box.Seal(new ConnectionCredential("key-of-before").ToBytes(), $"connections.credentials/{id}");
        await Db.ExecuteAsync("update connections set credentials = $2 where id = $1", id, former);

        await using var app = TestApp.Beside(Db);

        var rows = app.Services.GetRequiredService<ConnectionRows>();
        using var scope = DatabaseScope.Work(Mine);
        rows.Open((await rows.FindAsync(Mine, id, default))!).Secret.ShouldBe("key-of-before");
        (await Db.ListAsync<string>("select action from audit_entries where workspace_id = $1", Mine)).ShouldBeEmpty("no key was changed");
        await Db.ExecuteAsync("update connections set credentials = $2 where id = $1", id, former);
        var put = (await rows.FindAsync(Mine, id, default))!;
        Should.Throw<SealBrokenException>(() => rows.Open(put), "the way of before is over");
    }

    private static bool OpensAs(ConnectionRows rows, Connection row, string secret)
    {
        try
        {
            return rows.Open(row).Secret == secret;
        }
        catch (SealBrokenException)
        {
            return false;
        }
    }

    private async Task<Guid> ConnectAsync(ConnectionRows rows, Guid workspaceId, string key, string provider = "instantly")
    {
        await using var connection = await Db.Owner.OpenConnectionAsync();
        return await rows.ConnectAsync(connection, workspaceId, new(provider, "key", true, $"{provider}:{key}", null, null, [], new(key), null), "test", default);
    }
}
