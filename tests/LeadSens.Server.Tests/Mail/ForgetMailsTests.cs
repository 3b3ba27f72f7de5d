using System.Net.Http.Json;
using LeadSens.Server.Mail;
using LeadSens.Server.Tests.Identity;
using LeadSens.Server.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace LeadSens.Server.Tests.Mail;

public sealed class ForgetMailsTests(MailApp house) : IClassFixture<MailApp>
{
    [Fact]
    public async Task Old_mails_and_accounts_that_nobody_confirmed_are_forgotten_and_nothing_else()
    {
        var (nobody, ada) = (MailApp.Address(), await house.App.RegisterAsync(MailApp.Address()));
        (await house.App.Client("").PostAsJsonAsync("/api/auth/register", People.Body(nobody))).EnsureSuccessStatusCode();
        await house.Sandbox.MailAsync(nobody);
        await house.Sandbox.MailAsync(ada.Email);
        await Eventually.Be(async () => await house.Db.ScalarAsync<long>("select count(*) from jobs where kind = 'mail.send' and state <> 'Completed'") == 0, TimeSpan.FromSeconds(40));
        foreach (var table in (string[])["mails", "users"]) await house.Db.ExecuteAsync($"update {table} set created_at = created_at - interval '31 days'");
        await house.Db.ExecuteAsync("update account_links set expires_at = expires_at - interval '33 days'");

        await ForgetAsync();

        foreach (var what in (string[])["mails", "account_links", "jobs where kind = 'mail.send'", "batches where kind = 'mail.send'"])
            (await house.Db.ScalarAsync<long>($"select count(*) from {what}")).ShouldBe(0, what);
        (await house.Db.ListAsync<string>("select email_key from users where email_key in ($1, $2)", nobody, ada.Email)).ShouldBe([ada.Email]);
        (await house.Db.ScalarAsync<long>("select count(*) from workspaces where name = 'Ada''s workspace'")).ShouldBe(1);
    }

    [Fact]
    public async Task However_many_there_are_no_statement_deletes_more_than_a_portion()
    {
        const int Many = 1_234;
        await house.Db.ExecuteAsync("""
            create table portions (place text, count bigint);
            create function note_portion() returns trigger language plpgsql security definer as $$ begin insert into portions select tg_table_name, count(*) from gone; return null; end $$;
            create trigger portion after delete on mails referencing old table as gone for each statement execute function note_portion();
            create trigger portion after delete on jobs referencing old table as gone for each statement execute function note_portion();
            create trigger portion after delete on account_links referencing old table as gone for each statement execute function note_portion();
            create trigger portion after delete on users referencing old table as gone for each statement execute function note_portion();
            """);
        await house.Db.ExecuteAsync("""
            with mail as (
                insert into mails (id, idempotency_key, message_id, kind, language, state, created_at)
                select gen_random_uuid(), 'old ' || n, 'old ' || n, 'test', 'en', 'sent', now() - interval '31 days' from generate_series(1, $1) n returning id),
            batch as (
                insert into batches (id, kind, parameters, state, is_open, total, completed, created_at, completed_at)
                select id, 'mail.send', '{}', 'Completed', false, 1, 1, now(), now() from mail)
            insert into jobs (id, batch_id, seq, kind, payload, state, run_after) select id, id, 1, 'mail.send', jsonb_build_object('mailId', id), 'Completed', now() from mail
            """, Many);
        await house.Db.ExecuteAsync("""
            insert into users (id, email, email_key, password_hash, first_name, last_name, created_at)
            select gen_random_uuid(), n || '@old.example', n || '@old.example', 'none', 'Old', 'One', now() - interval '31 days' from generate_series(1, $1) n
            """, Many);
        await house.Db.ExecuteAsync("""
            insert into account_links (token_hash, user_id, purpose, created_at, expires_at)
            select sha256(id::text::bytea), id, 'confirm', now(), now() - interval '31 days' from users where email_key like '%@old.example'
            """);

        await ForgetAsync();

        foreach (var what in (string[])["mails where kind = 'test'", "users where email_key like '%@old.example'",
            "jobs where kind = 'mail.send' and payload ->> 'mailId' not in (select id::text from mails)"])
            (await house.Db.ScalarAsync<long>($"select count(*) from {what}")).ShouldBe(0, what);
        (await house.Db.ListAsync<string>("""
            select place || case when sum(count) >= $1 and max(count) <= 500 then ': in portions' else ': ' || max(count) end from portions group by place order by place
            """, Many)).ShouldBe(["account_links: in portions", "jobs: in portions", "mails: in portions", "users: in portions"]);
        foreach (var table in (string[])["mails", "jobs", "account_links", "users"]) await house.Db.ExecuteAsync($"drop trigger portion on {table}");
    }

    private Task ForgetAsync() => house.App.Services.GetServices<IHostedService>().OfType<ForgetMails>().Single().ForgetAsync(CancellationToken.None);
}
