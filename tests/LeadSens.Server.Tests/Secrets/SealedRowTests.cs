using LeadSens.Server.Audit;
using LeadSens.Server.Data;
using LeadSens.Server.Mail;
using LeadSens.Server.Operations;
using LeadSens.Server.Rights;
using LeadSens.Server.Secrets;
using LeadSens.Server.Tests.Support;
using LeadSens.Server.Webhooks;
using Microsoft.Extensions.DependencyInjection;

namespace LeadSens.Server.Tests.Secrets;

/// <summary>What is sealed for a workspace opens there and nowhere else.</summary>
public sealed class SealedRowTests : DatabaseTest
{
    private static readonly Guid Mine = Guid.CreateVersion7(), Theirs = Guid.CreateVersion7();

    private readonly SecretBox _box = new(new MasterKeys(LeadSensOptions.DevelopmentEncryptionKey));

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        await Db.ExecuteAsync("insert into workspaces (id, name) values ($1, 'mine'), ($2, 'theirs')", Mine, Theirs);
    }

    [Fact]
    public async Task Whatever_a_workspace_has_sealed_is_bound_to_it()
    {
        foreach (var column in SealedColumns.All)
            if (await Db.ScalarAsync<long>("select count(*) from information_schema.columns where table_schema = 'public' and table_name = $1 and column_name = 'workspace_id'", column.Table) == 1)
                column.Keys.ShouldContain("workspace_id", column.ToString());
    }

    [Theory]
    [InlineData("mails", "kind")]
    [InlineData("erasures", null)]
    [InlineData("webhook_events", "provider")]
    public async Task A_row_that_was_carried_into_another_workspace_does_not_open(string table, string? kind)
    {
        await using var app = TestApp.QuietBeside(Db);
        var id = await MakeAsync(app, table);
        (await OpensAsync(app, table, id)).ShouldBeTrue();

        await Db.ExecuteAsync($"update {table} set workspace_id = $2 where id = $1", id, Theirs);
        (await OpensAsync(app, table, id)).ShouldBeFalse("in another workspace");

        await Db.ExecuteAsync($"update {table} set workspace_id = $2 where id = $1", id, Mine);
        (await OpensAsync(app, table, id)).ShouldBeTrue();
        if (kind is null) return;
        await Db.ExecuteAsync($"update {table} set {kind} = 'another' where id = $1", id);
        (await OpensAsync(app, table, id)).ShouldBeFalse("as another kind");
    }

    [Fact]
    public async Task What_was_bound_to_its_row_alone_is_bound_to_its_workspace_from_the_next_start_on()
    {
        SealedColumn[] columns = [SealedColumns.Mails, SealedColumns.Erasures, SealedColumns.WebhookBodies];
        var former = new Dictionary<SealedColumn, (Guid Id, byte[] Envelope)>();
        await using (var before = TestApp.QuietBeside(Db))
        {
            foreach (var column in columns)
            {
                var id = await MakeAsync(before, column.Table);
                var plaintext = _box.Open((await EnvelopeAsync(column, id))!, column, await PlaceAsync(column, id));
                former[column] = (id, _box.Seal(plaintext, $"{column.Table}.{column.Column}/{id}"));
                await PutAsync(column, former[column]);
            }
        }

        await using var app = TestApp.QuietBeside(Db);

        foreach (var column in columns)
        {
            (await OpensAsync(app, column.Table, former[column].Id)).ShouldBeTrue(column.Table);
            await PutAsync(column, former[column]);
            (await OpensAsync(app, column.Table, former[column].Id)).ShouldBeFalse("the way of before is over");
        }
    }

    [Fact]
    public async Task What_was_sealed_before_is_found_without_reading_what_is_of_today()
    {
        await using var connection = await DataSource.OpenConnectionAsync(CancellationToken.None);
        await connection.ExecuteAsync("set enable_seqscan = off", CancellationToken.None);
        foreach (var column in SealedColumns.All.Where(column => column.FormerKeys is not null))
        {
            var plan = await connection.ListAsync($"explain select 1 from {column.Table} where {column.IsOfAnotherVersion} order by {column.RowList} limit 200", row => row.GetString(0), CancellationToken.None);
            string.Join('\n', plan).ShouldContain($"{column.Table}_formerly_sealed");
        }
    }

    private async Task<Guid> MakeAsync(TestApp app, string table)
    {
        using var scope = DatabaseScope.Work(Mine);
        var services = app.Services;
        switch (table)
        {
            case "mails":
                await using (var connection = await DataSource.OpenConnectionAsync(CancellationToken.None))
                    await services.GetRequiredService<Mails>().AddAsync(connection, new($"test/{Guid.CreateVersion7()}", "test", "ada@example.com", "en", new("Hello", [], null, ""), Mine), CancellationToken.None);
                break;
            case "erasures":
                await services.GetRequiredService<Erasures>().EraseAsync(Mine, null, "ada@example.com", AuditActor.System, CancellationToken.None);
                break;
            default:
                (await services.GetRequiredService<WebhookInbox>().KeepAsync(Mine, "instantly", [new($"{Guid.CreateVersion7()}", "email_sent", null, null, TimeProvider.System.GetUtcNow(), "{}"u8.ToArray())], CancellationToken.None)).ShouldBe(1);
                break;
        }

        return await Db.ScalarAsync<Guid>($"select id from {table} order by id desc limit 1");
    }

    /// <summary>As the product opens it, in the workspace that the row says.</summary>
    private async Task<bool> OpensAsync(TestApp app, string table, Guid id)
    {
        using var scope = DatabaseScope.Work(await Db.ScalarAsync<Guid>($"select workspace_id from {table} where id = $1", id));
        var services = app.Services;
        try
        {
            switch (table)
            {
                case "mails":
                    await using (var connection = await DataSource.OpenConnectionAsync(CancellationToken.None))
                        return (await services.GetRequiredService<Mails>().ReadAsync(connection, [id], CancellationToken.None)).Single().Message.To == "ada@example.com";
                case "erasures":
                    // From its first step on, which leaves what it searches for.
                    await Db.ExecuteAsync("update erasures set state = 'running' where id = $1", id);
                    return (await services.GetRequiredService<Erasures>().GoOnAsync(id, CancellationToken.None)).State == "settling";
                default:
                    return services.GetRequiredService<SecretBox>().Open((await EnvelopeAsync(SealedColumns.WebhookBodies, id))!, SealedColumns.WebhookBodies, await PlaceAsync(SealedColumns.WebhookBodies, id)).Length > 0;
            }
        }
        catch (SealBrokenException)
        {
            return false;
        }
    }

    private Task<byte[]?> EnvelopeAsync(SealedColumn column, Guid id) => Db.ScalarAsync<byte[]>($"select {column.Column} from {column.Table} where id = $1", id);

    private async Task<string[]> PlaceAsync(SealedColumn column, Guid id) =>
        (await Db.ScalarAsync<string[]>($"select {column.KeysAsTexts} from {column.Table} where id = $1", id))!;

    private Task<int> PutAsync(SealedColumn column, (Guid Id, byte[] Envelope) value) => Db.ExecuteAsync($"update {column.Table} set {column.Column} = $2 where id = $1", value.Id, value.Envelope);
}
