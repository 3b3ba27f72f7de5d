using LeadSens.Server.Jobs;
using LeadSens.Server.Mail;
using LeadSens.Server.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace LeadSens.Server.Tests.Mail;

/// <summary>One app and its Sandbox with a mail server for all tests of a class; every test writes to an address of its own.</summary>
public sealed class MailApp : IAsyncLifetime
{
    internal TestApp App { get; private set; } = null!;
    internal TestSandbox Sandbox { get; private set; } = null!;
    internal TestDatabase Db => App.Database;

    public async ValueTask InitializeAsync()
    {
        Sandbox = await TestSandbox.StartAsync();
        App = await TestApp.WithCostlyPasswordsAsync(Sandbox.BaseUrl, settings: [("Jobs:Sweep", "00:00:00.100"), ("Jobs:ResultDelay", "00:00:00.010"), ("Mail:TimeoutSeconds", "60"),
            ("Web:Limits:Register:Burst", "1000"), ("Web:Limits:Mail:Burst", "1000"), ("Web:Limits:MailToAccount:Burst", "1000")]);
    }

    internal static string Address() => $"p{Guid.CreateVersion7():N}@example.com";

    internal static MailContent Content(string subject = "A subject", string value = "A value", string url = "https://leads.example/account/reset/secret-token") =>
        new(subject, ["Somebody asked for something."], new("Open it", url), "You get this because you asked for it.", [("What", value)]);

    /// <summary>Adds a mail as a use case does, and answers its batch of one job.</summary>
    internal async Task<Guid> AddAsync(MailMessage mail, bool commit = true)
    {
        var mails = App.Services.GetRequiredService<Mails>();
        await using (var connection = await Db.DataSource.OpenConnectionAsync(CancellationToken.None))
        {
            await using var transaction = await connection.BeginTransactionAsync();
            await mails.AddAsync(connection, mail, CancellationToken.None);
            if (commit) await transaction.CommitAsync();
        }

        mails.Wake();
        return await Db.ScalarAsync<Guid>("select j.batch_id from jobs j join mails m on j.payload ->> 'mailId' = m.id::text where m.idempotency_key = $1 order by j.id limit 1", mail.IdempotencyKey);
    }

    internal Task<string?> StateAsync(MailMessage mail) => Db.ScalarAsync<string>("select state from mails where idempotency_key = $1", mail.IdempotencyKey);

    /// <summary>Waits for the mail's job to end, without waiting for due times.</summary>
    internal Task<string> EndAsync(Guid batch) => App.EndBatchAsync(batch);

    internal void Wake() => App.Services.GetRequiredService<JobSignal>().Wake();

    public async ValueTask DisposeAsync()
    {
        await App.DisposeAsync();
        await Sandbox.DisposeAsync();
    }
}
