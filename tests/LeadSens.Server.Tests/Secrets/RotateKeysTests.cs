using LeadSens.Server.Data;
using LeadSens.Server.Identity;
using LeadSens.Server.Push;
using LeadSens.Server.Secrets;
using LeadSens.Server.Studio.Resuming;
using LeadSens.Server.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace LeadSens.Server.Tests.Secrets;

public sealed class RotateKeysTests : DatabaseTest, IAsyncLifetime
{
    private const string First = SecretBoxTests.Key, Second = SecretBoxTests.Other;
    private readonly StringWriter _said = new();

    [Fact]
    public async Task Everything_is_sealed_with_the_new_key_and_the_old_one_may_go()
    {
        var ids = await SealedMailsAsync(new SecretBox(new MasterKeys(First)), 450);

        (await RotateAsync(new MasterKeys(Second, First))).ShouldBeTrue(_said.ToString());

        var box = new SecretBox(new MasterKeys(Second));
        foreach (var id in ids)
            box.Open((await Db.ScalarAsync<byte[]>("select sealed_message from mails where id = $1", id))!, SealedColumns.Mails, "", "test", id.ToString()).ShouldBe(id.ToByteArray());
        _said.ToString().ShouldContain("mails.sealed_message: 450 sealed again, 0 cannot be opened");
        _said.ToString().ShouldContain("may be removed");
        _said.GetStringBuilder().Clear();
        (await RotateAsync(new MasterKeys(Second))).ShouldBeTrue();
        _said.ToString().ShouldContain("mails.sealed_message: 0 sealed again");
    }

    [Fact]
    public async Task However_large_a_table_is_no_statement_walks_all_of_it_and_what_was_done_is_not_done_again()
    {
        const int Mails = 4_500;
        await SealedMailsAsync(new SecretBox(new MasterKeys(First)), Mails);
        var (keys, portions) = (new MasterKeys(Second, First), 0);
        await Should.ThrowAsync<TimeoutException>(() => new SealedWalk(Db.DataSource, new SecretBox(keys)).ExecuteAsync(
            SealedColumns.Mails, keys.Current, (_, _) => ++portions > 4 ? throw new TimeoutException("killed") : Task.CompletedTask, default));

        using var seen = new SeenStatements(Db);
        (await RotateAsync(keys)).ShouldBeTrue(_said.ToString());

        _said.ToString().ShouldContain($"mails.sealed_message: {Mails - 800} sealed again, 0 cannot be opened");
        await Db.ExecuteAsync("""
            create function explained(sql text) returns setof text language plpgsql set enable_seqscan = off set enable_bitmapscan = off as $$
            declare line record;
            begin
                for line in execute 'explain (generic_plan) ' || sql loop return next line."QUERY PLAN"; end loop;
            end $$
            """);
        var statements = seen.All.Distinct().Where(sql => sql.Contains("from mails", StringComparison.Ordinal)).ToList();
        statements.Count.ShouldBeGreaterThan(4);
        foreach (var sql in statements)
        {
            var plan = string.Join('\n', await Db.ListAsync<string>("select explained($1)", sql));
            (plan.Contains("Index Cond", StringComparison.Ordinal) || !plan.Contains("Filter", StringComparison.Ordinal)).ShouldBeTrue($"{sql}\n{plan}");
        }
    }

    [Fact]
    public async Task What_no_key_opens_is_named_and_left_and_the_rest_goes_on()
    {
        var strange = (await SealedMailsAsync(new SecretBox(new MasterKeys(SecretBoxTests.Key.Replace('0', '9'))), 1)).Single();
        await SealedMailsAsync(new SecretBox(new MasterKeys(First)), 3);

        (await RotateAsync(new MasterKeys(Second, First))).ShouldBeFalse();

        _said.ToString().ShouldContain($"mails.sealed_message//test/{strange}");
        _said.ToString().ShouldContain("3 sealed again, 1 cannot be opened");
        _said.ToString().ShouldContain("leave the previous keys where they are");
        (await Db.ScalarAsync<long>("select count(*) from sealing_keys where closed_at is not null")).ShouldBe(0);
    }

    [Fact]
    public async Task A_replaced_key_opens_nothing_any_more_wherever_it_still_is_and_what_it_seals_is_not_taken()
    {
        var id = (await SealedMailsAsync(new SecretBox(new MasterKeys(First)), 1)).Single();
        var old = (await Db.ScalarAsync<byte[]>("select sealed_message from mails where id = $1", id))!;
        await using var running = TestApp.Beside(Db, ("LeadSens:EncryptionKey", Second), ("LeadSens:PreviousEncryptionKeys", First));
        var box = running.Services.GetRequiredService<SecretBox>();
        box.Open(old, SealedColumns.Mails, "", "test", id.ToString()).ShouldBe(id.ToByteArray(), "the rotation has not come yet");

        (await RotateAsync(new MasterKeys(Second, First))).ShouldBeTrue(_said.ToString());

        await Eventually.Be(() => !Opens(box, old, id), TimeSpan.FromSeconds(15));
        (await Should.ThrowAsync<Npgsql.PostgresException>(() => Db.ExecuteAsync("update mails set sealed_message = $2 where id = $1", id, old))).MessageText.ShouldContain("was replaced");
        Opens(box, (await Db.ScalarAsync<byte[]>("select sealed_message from mails where id = $1", id))!, id).ShouldBeTrue();
        (await Should.ThrowAsync<DatabaseException>(() => SealingKeys.UseAsync(DataSource, Guid.CreateVersion7(), new MasterKey(First), default))).Message.ShouldContain("which rotate-keys has replaced");
        _said.GetStringBuilder().Clear();
        (await RotateAsync(new MasterKeys(First, Second))).ShouldBeFalse();
        _said.ToString().ShouldContain("which rotate-keys has replaced");
    }

    [Fact]
    public async Task A_previous_key_opens_for_as_long_as_a_Server_seals_with_it()
    {
        await using (var before = TestApp.Beside(Db, ("LeadSens:EncryptionKey", First)))
        {
            (await RotateAsync(new MasterKeys(Second, First))).ShouldBeFalse();
            _said.ToString().ShouldContain("1 Server(s) still seal with another key");
            await SealedMailsAsync(before.Services.GetRequiredService<SecretBox>(), 1);
        }

        _said.GetStringBuilder().Clear();
        (await RotateAsync(new MasterKeys(Second, First))).ShouldBeTrue(_said.ToString());
        _said.ToString().ShouldContain("mails.sealed_message: 1 sealed again, 0 cannot be opened");
    }

    [Fact]
    public async Task A_key_that_only_waits_for_its_turn_is_not_closed()
    {
        await using (TestApp.Beside(Db, ("LeadSens:EncryptionKey", First), ("LeadSens:PreviousEncryptionKeys", Second)))
            (await RotateAsync(new MasterKeys(First, Second))).ShouldBeTrue(_said.ToString());

        await using var after = TestApp.Beside(Db, ("LeadSens:EncryptionKey", Second), ("LeadSens:PreviousEncryptionKeys", First));
    }

    [Fact]
    public async Task Receipts_of_an_old_key_hold_when_it_is_gone_and_its_links_do_not()
    {
        Guid campaign;
        string link;
        await using (var before = TestApp.Beside(Db, ("LeadSens:EncryptionKey", First)))
        {
            var reviewed = await ReviewedCampaign.CreateAsync(Db, 1, DemoWorkspace.Id);
            campaign = reviewed.Id;
            using var scope = DatabaseScope.Work(DemoWorkspace.Id);
            var intent = await before.Services.GetRequiredService<IntentRows>().OpenAsync(new(DemoWorkspace.Id, campaign, "instantly:sandbox", "campaign.create", "first", default), default);
            await before.Services.GetRequiredService<Receipts>().CompleteAsync(intent.Id, "provider-1", default);
            link = before.Services.GetRequiredService<ResumeTokens>().Write(new(Guid.CreateVersion7(), DemoWorkspace.Id, Guid.CreateVersion7(), null, "go", null));
        }

        (await RotateAsync(new MasterKeys(Second, First))).ShouldBeTrue(_said.ToString());

        await using (var after = TestApp.Beside(Db, ("LeadSens:EncryptionKey", Second)))
        {
            using var scope = DatabaseScope.Work(DemoWorkspace.Id);
            var intent = await after.Services.GetRequiredService<IntentRows>().OpenAsync(new(DemoWorkspace.Id, campaign, "instantly:sandbox", "campaign.activate", "second", default), default);
            await after.Services.GetRequiredService<Receipts>().CompleteAsync(intent.Id, "provider-2", default);
            (await after.Services.GetRequiredService<VerifyReceipts>().ExecuteAsync(DemoWorkspace.Id, campaign, default)).ShouldBe(new ReceiptVerdict(true, 2));
            after.Services.GetRequiredService<ResumeTokens>().Read(link).ShouldBeNull("a retired key opens nothing");
        }

        await using var configured = TestApp.Beside(Db, ("LeadSens:EncryptionKey", Second), ("LeadSens:PreviousEncryptionKeys", First));
        configured.Services.GetRequiredService<ResumeTokens>().Read(link).ShouldBeNull("not even where it still is configured");
    }

    [Fact]
    public async Task Every_column_of_the_list_is_there_as_it_says()
    {
        foreach (var column in SealedColumns.All)
        {
            (await Db.ScalarAsync<string>("select data_type from information_schema.columns where table_name = $1 and column_name = $2", column.Table, column.Column)).ShouldBe("bytea", column.ToString());
            (await Db.ListAsync<string>("""
                select a.attname::text from pg_index i join pg_attribute a on a.attrelid = i.indrelid and a.attnum = any(i.indkey) where i.indrelid = $1::regclass and i.indisprimary order by array_position(i.indkey::int[], a.attnum::int)
                """.Replace("$1::regclass", $"'{column.Table}'::regclass", StringComparison.Ordinal))).Except(column.Keys).ShouldBeEmpty(column.Table);
            (await Db.ScalarAsync<long>("""
                select count(*) from pg_trigger t join pg_attribute a on a.attrelid = t.tgrelid and a.attnum = any(t.tgattr)
                where t.tgrelid = $1::text::regclass and a.attname = $2 and t.tgfoid = 'refuse_closed_key'::regproc
                """, column.Table, column.Column)).ShouldBe(1, $"{column} takes what a replaced key sealed");
        }
    }

    private static bool Opens(SecretBox box, byte[] envelope, Guid mail)
    {
        try
        {
            return box.Open(envelope, SealedColumns.Mails, "", "test", mail.ToString()).Length > 0;
        }
        catch (SealBrokenException)
        {
            return false;
        }
    }

    private async Task<bool> RotateAsync(MasterKeys keys) => await new RotateKeys(Db.DataSource, keys, _said).ExecuteAsync(default);

    private async Task<List<Guid>> SealedMailsAsync(SecretBox box, int count)
    {
        var ids = Enumerable.Range(0, count).Select(_ => Guid.CreateVersion7()).ToList();
        await Db.ExecuteAsync("""
            insert into mails (id, idempotency_key, message_id, kind, language, sealed_message, state, created_at)
            select id, id::text, id::text, 'test', 'en', envelope, 'failed', now() from unnest($1::uuid[], $2::bytea[]) u (id, envelope)
            """, ids.ToArray(), ids.Select(id => box.Seal(id.ToByteArray(), SealedColumns.Mails, "", "test", id.ToString())).ToArray());
        return ids;
    }
}
