using System.Net.Http.Json;
using System.Text.Json;
using LeadSens.Server.Data;
using LeadSens.Server.Identity;
using LeadSens.Server.Jobs;
using LeadSens.Server.Mail;
using LeadSens.Server.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace LeadSens.Server.Tests.Mail;

public sealed class SendMailTests(MailApp house) : IClassFixture<MailApp>, IAsyncLifetime
{
    public async ValueTask InitializeAsync() => await house.Sandbox.FaultsAsync();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task A_mail_arrives_as_text_and_html_with_an_id_of_its_own()
    {
        var mail = Mail(MailApp.Content("Votre accès à LeadSens, déjà prêt : 100 % à vous, sans rien d'autre à faire", "Marseille & <Lyon>"), language: "fr");
        await house.EndAsync(await house.AddAsync(mail));

        var came = await house.Sandbox.MailAsync(mail.To);
        came.Subject.ShouldBe(mail.Content.Subject);
        came.Language.ShouldBe("fr");
        came.Text.ShouldNotBeNull().ShouldContain("https://leads.example/account/reset/secret-token");
        came.Text.ShouldContain("Marseille & <Lyon>");
        came.Html.ShouldNotBeNull().ShouldContain("Marseille &amp; &lt;Lyon&gt;");
        came.Html.ShouldContain("lang=\"fr\"");
        came.Headers["Auto-Submitted"].ShouldBe("auto-generated");
        came.MessageId.ShouldBe(await house.Db.ScalarAsync<string>("select message_id from mails where idempotency_key = $1", mail.IdempotencyKey));
        (await house.StateAsync(mail)).ShouldBe("sent");
        (await house.Db.ScalarAsync<bool>("select sealed_message is null from mails where idempotency_key = $1", mail.IdempotencyKey)).ShouldBeTrue();
    }

    [Fact]
    public async Task One_occasion_is_one_mail_and_what_is_rolled_back_is_none()
    {
        var (mail, undone) = (Mail(), Mail());
        await house.AddAsync(undone, commit: false);
        var batch = await house.AddAsync(mail);
        await house.AddAsync(mail);
        await house.EndAsync(batch);

        await house.Sandbox.MailAsync(mail.To);
        (await house.Db.ScalarAsync<long>("select count(*) from jobs j join mails m on j.payload ->> 'mailId' = m.id::text where m.idempotency_key = $1", mail.IdempotencyKey)).ShouldBe(1);
        (await house.StateAsync(undone)).ShouldBeNull();
        (await house.Sandbox.MailsAsync(undone.To)).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("/data")]
    [InlineData("/rcpt")]
    [InlineData("/connect")]
    public async Task A_refusal_for_now_is_tried_again_and_sends_one(string point)
    {
        await house.Sandbox.FaultsAsync(new { vendor = "smtp", mode = "status", status = 451, times = 2, pathPrefix = point });
        var mail = Mail();
        (await house.EndAsync(await house.AddAsync(mail))).ShouldBe("1 1 0 0 0");

        await house.Sandbox.MailAsync(mail.To);
        (await house.StateAsync(mail)).ShouldBe("sent");
    }

    [Fact]
    public async Task A_connection_that_dies_before_the_text_is_tried_again()
    {
        await house.Sandbox.FaultsAsync(new { vendor = "smtp", mode = "reset", times = 1, pathPrefix = "/rcpt" });
        var mail = Mail();
        (await house.EndAsync(await house.AddAsync(mail))).ShouldBe("1 1 0 0 0");

        await house.Sandbox.MailAsync(mail.To);
    }

    [Theory]
    [InlineData("/data")]
    [InlineData("/rcpt")]
    public async Task A_refusal_for_good_is_final_and_seen_without_the_address(string point)
    {
        await house.Sandbox.FaultsAsync(new { vendor = "smtp", mode = "status", status = 550, pathPrefix = point });
        var mail = Mail(workspace: DemoWorkspace.Id);
        var batch = await house.AddAsync(mail);
        (await house.EndAsync(batch)).ShouldBe("1 0 0 1 0");

        (await house.Sandbox.MailsAsync(mail.To)).ShouldBeEmpty();
        (await house.StateAsync(mail)).ShouldBe("failed");
        var failed = (await house.App.Client().GetFromJsonAsync<JsonElement>("/api/jobs?state=Failed&limit=100")).GetProperty("items").EnumerateArray()
            .Single(job => job.GetProperty("batchId").GetGuid() == batch);
        failed.GetProperty("kind").GetString().ShouldBe("mail.send");
        failed.GetProperty("failure").GetString().ShouldNotBeNull().ShouldContain("550 5.0.0");
        failed.GetRawText().ShouldNotContain(mail.To);
    }

    [Theory]
    [InlineData("acceptThenDrop")]
    [InlineData("reset")]
    public async Task A_mail_whose_answer_was_lost_is_unknown_and_never_sent_again_by_itself(string mode)
    {
        await house.Sandbox.FaultsAsync(new { vendor = "smtp", mode, times = 1 });
        var mail = Mail(workspace: DemoWorkspace.Id);
        var batch = await house.AddAsync(mail);
        (await house.EndAsync(batch)).ShouldBe("1 0 0 1 0");

        (await house.StateAsync(mail)).ShouldBe("unknown");
        var arrived = await house.Sandbox.MailsAsync(mail.To);
        arrived.Count.ShouldBe(mode == "reset" ? 0 : 1);

        // Only a person sends it once more, and then with the same id, by which mail programs see that it is the same.
        var job = await house.Db.ScalarAsync<Guid>("select id from jobs where batch_id = $1", batch);
        var again = await house.App.Client().PostAsync($"/api/jobs/{job}/retry", null);
        await house.EndAsync((await again.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("batchId").GetGuid());
        (await house.StateAsync(mail)).ShouldBe("sent");
        var all = await house.Sandbox.MailsAsync(mail.To);
        all.Count.ShouldBe(arrived.Count + 1);
        all.Select(one => one.MessageId).Distinct().ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_node_that_dies_after_the_text_left_sends_nothing_twice()
    {
        await house.Sandbox.FaultsAsync(new { vendor = "smtp", mode = "slow", delayMs = 30_000, times = 1 });
        var mail = Mail();
        var batch = await house.AddAsync(mail);
        await house.Sandbox.MailAsync(mail.To);

        // What the others see of a node that is gone: its job is free, and the mark that it made stands. Its own late answer finds its claim lost.
        await house.Db.ExecuteAsync("update jobs set state = 'Queued', claim_token = null, node_id = null, lease_until = null, run_after = clock_now() where batch_id = $1", batch);
        house.Wake();

        (await house.EndAsync(batch)).ShouldBe("1 0 0 1 0");
        await house.Sandbox.MailAsync(mail.To);
        (await house.Db.ScalarAsync<string>("select failure from jobs where batch_id = $1", batch)).ShouldNotBeNull().ShouldContain("may have arrived");
    }

    [Theory]
    [InlineData(false, "sent")]
    [InlineData(true, "queued")]
    public async Task What_the_server_said_is_written_down_also_by_a_node_that_stops(bool refuses, string state)
    {
        await house.Sandbox.FaultsAsync(refuses ? [new { vendor = "smtp", mode = "status", status = 451, pathPrefix = "/data" }] : []);
        var (mail, services) = (Mail(), house.App.Services);
        var mails = services.GetRequiredService<Mails>();
        await using var connection = await house.Db.DataSource.OpenConnectionAsync(CancellationToken.None);
        await using (var transaction = await connection.BeginTransactionAsync())
        {
            await mails.AddAsync(connection, mail, CancellationToken.None);
            // The app's own workers leave it alone.
            await connection.ExecuteAsync("update batches set paused_reason = 'user' where id = (select batch_id from jobs j join mails m on j.payload ->> 'mailId' = m.id::text where m.idempotency_key = $1)", CancellationToken.None, mail.IdempotencyKey);
            await transaction.CommitAsync();
        }

        using var stopping = new CancellationTokenSource();
        var id = await house.Db.ScalarAsync<Guid>("select id from mails where idempotency_key = $1", mail.IdempotencyKey);
        var stored = (await mails.ReadAsync(connection, [id], CancellationToken.None)).ShouldHaveSingleItem();
        var job = new ClaimedJob(Guid.CreateVersion7(), Guid.CreateVersion7(), Guid.Empty, null, null, 1, Guid.CreateVersion7(), default, default, default);
        var send = new SendMail(new StopsAtSecond(house.Db.DataSource, stopping), mails, services.GetRequiredService<MailServers>(), services.GetRequiredService<SmtpSender>(), NullLogger<SendMail>.Instance);
        await send.RunAsync(job, stored, null!, stopping.Token);

        stopping.IsCancellationRequested.ShouldBeTrue();
        (await house.StateAsync(mail)).ShouldBe(state);
    }

    [Fact]
    public async Task What_has_expired_is_not_sent()
    {
        await house.Sandbox.FaultsAsync(new { vendor = "smtp", mode = "status", status = 451, pathPrefix = "/connect" });
        var mail = Mail() with { ExpiresIn = TimeSpan.FromSeconds(2) };

        (await house.EndAsync(await house.AddAsync(mail))).ShouldBe("1 0 1 0 0");
        (await house.StateAsync(mail)).ShouldBe("expired");
        (await house.Sandbox.MailsAsync(mail.To)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_line_break_in_a_name_starts_no_header_and_no_line()
    {
        var mail = Mail(MailApp.Content("Spring\r\nBcc: all@example.com\r\n\r\nBuy now", "Acme\r\nX-Evil: 1\r\n.\r\nMAIL FROM:<x@y.example>"));
        await house.EndAsync(await house.AddAsync(mail));

        var came = await house.Sandbox.MailAsync(mail.To);
        came.To.ShouldBe([mail.To]);
        came.Headers.Keys.ShouldNotContain("Bcc");
        came.Headers.Keys.ShouldNotContain("X-Evil");
        came.Subject.ShouldBe("Spring  Bcc: all@example.com    Buy now");
        came.Text.ShouldNotBeNull().ShouldContain("What: Acme  X-Evil: 1  .  MAIL FROM");
    }

    [Fact]
    public async Task What_stands_in_a_field_is_text_in_the_html()
    {
        const string Evil = "\"><img src=x onerror=alert(1)><script>alert(2)</script>";
        var mail = Mail(MailApp.Content(Evil, Evil, $"https://leads.example/{Evil}"));
        await house.EndAsync(await house.AddAsync(mail));

        var html = (await house.Sandbox.MailAsync(mail.To)).Html.ShouldNotBeNull();
        html.ShouldNotContain("<script");
        html.ShouldNotContain("<img");
        html.ShouldNotContain("\"><img");
    }

    [Fact]
    public async Task A_waiting_mail_lies_sealed()
    {
        await house.Sandbox.FaultsAsync(new { vendor = "smtp", mode = "status", status = 451, pathPrefix = "/connect" });
        var mail = Mail() with { ExpiresIn = TimeSpan.FromHours(1) };
        var batch = await house.AddAsync(mail);

        var stored = await house.Db.ScalarAsync<string>("""
            select string_agg(m::text || encode(m.sealed_message, 'escape') || j::text || b::text, ' ') from mails m, jobs j, batches b
            where m.idempotency_key = $1 and j.batch_id = $2 and b.id = $2
            """, mail.IdempotencyKey, batch);
        foreach (var secret in (string[])[mail.To, "secret-token", "A value"]) stored.ShouldNotBeNull().ShouldNotContain(secret);
    }

    private static MailMessage Mail(MailContent? content = null, string language = "en", Guid? workspace = null) =>
        new($"test:{Guid.CreateVersion7()}", "test", MailApp.Address(), language, content ?? MailApp.Content(), workspace);

    /// <summary>The node stops when something is asked of the database for the second time: after the right to hand the mail over was taken, and the server has answered.</summary>
    private sealed class StopsAtSecond(SystemDatabase database, CancellationTokenSource stopping) : Database
    {
        private int asked;

        public override async ValueTask<NpgsqlConnection> OpenConnectionAsync(CancellationToken cancellationToken)
        {
            if (++asked == 2) await stopping.CancelAsync();
            return await database.OpenConnectionAsync(cancellationToken);
        }
    }
}
