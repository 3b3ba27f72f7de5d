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

        await house.App.Services.GetServices<IHostedService>().OfType<ForgetMails>().Single().ForgetAsync(CancellationToken.None);

        foreach (var what in (string[])["mails", "account_links", "jobs where kind = 'mail.send'", "batches where kind = 'mail.send'"])
            (await house.Db.ScalarAsync<long>($"select count(*) from {what}")).ShouldBe(0, what);
        (await house.Db.ListAsync<string>("select email_key from users where email_key in ($1, $2)", nobody, ada.Email)).ShouldBe([ada.Email]);
        (await house.Db.ScalarAsync<long>("select count(*) from workspaces where name = 'Ada''s workspace'")).ShouldBe(1);
    }
}
