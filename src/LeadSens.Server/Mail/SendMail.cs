using LeadSens.Server.Data;
using LeadSens.Server.Jobs;
using Npgsql;

namespace LeadSens.Server.Mail;

/// <summary>Hands mails over, each at most once: the right to hand over the text is written down before its first byte leaves, and given back only when the server
/// said that it did not take it. Where that answer is missing, or this node died in between, the mail is <c>unknown</c> and stays so until a person asks for it again.</summary>
internal sealed class SendMail(Database database, Mails mails, MailServers servers, SmtpSender smtp, ILogger<SendMail> log) : JobHandler<StoredMail, Delivery>
{
    public const string JobKind = "mail.send";

    /// <summary>About 29 hours: a mail server that is away over night loses nothing.</summary>
    private static readonly TimeSpan[] Waits = [.. new[] { 5, 30, 120, 600, 1800, 3600, 7200, 14_400, 28_800, 43_200 }.Select(seconds => TimeSpan.FromSeconds(seconds))];

    public override string Kind => JobKind;

    public override bool SpansWorkspaces => true;

    public override int Concurrency => 4;

    public override IReadOnlyList<TimeSpan> RetrySchedule => Waits;

    /// <summary>One server for all: while it is down one mail tries it, and not each.</summary>
    public override ValueTask<IReadOnlyList<LimitCost>> CostsAsync(Guid workspaceId, CancellationToken cancellationToken) => new([new LimitCost($"{Delivery.Provider}:server", 0)]);

    public override async Task<IReadOnlyDictionary<Guid, StoredMail>> LoadAsync(NpgsqlConnection connection, IReadOnlyList<ClaimedJob> jobs, CancellationToken cancellationToken)
    {
        var stored = (await mails.ReadAsync(connection, [.. jobs.Select(MailId)], cancellationToken)).ToDictionary(mail => mail.Id);
        return jobs.Where(job => stored.ContainsKey(MailId(job))).ToDictionary(job => job.Id, job => stored[MailId(job)]);
    }

    public override async Task<JobOutcome<Delivery>> RunAsync(ClaimedJob job, StoredMail mail, JobProgress progress, CancellationToken cancellationToken)
    {
        if (mail.State == MailState.Sent) return Delivery.Accepted;
        if (mail.Expired || mail.State == MailState.Expired) return new JobOutcome<Delivery>.Skipped("What the mail links to was over before it could be sent.");
        if (mail.State == MailState.Sending) return Interrupted.ToFailure();
        var server = await servers.FindAsync(cancellationToken);
        if (!server.Succeeded) return server.Failure!;
        var delivery = await smtp.SendAsync(server.Value, servers.From, mail, token => Mails.BeginAsync(database, mail.Id, job.Id, token), cancellationToken);
        // What the server said is written down also where the node stops meanwhile: nobody could ask it again.
        if (delivery.End is DeliveryEnd.Later) await Mails.PutBackAsync(database, mail.Id, job.Id, CancellationToken.None);
        if (delivery.End is not DeliveryEnd.Accepted) return delivery.ToFailure();
        await Mails.SentAsync(database, mail.Id, CancellationToken.None);
        return delivery;
    }

    public override async Task SaveAsync(NpgsqlConnection connection, IReadOnlyList<EndedJob<Delivery>> ended, CancellationToken cancellationToken)
    {
        foreach (var end in ended.Where(end => end.Result is null))
        {
            var state = end.Failure switch { null => MailState.Expired, { Kind: ProviderFailureKind.Conflict } => MailState.Unknown, _ => MailState.Failed };
            await connection.Sql("""
                update mails set state = $2, failure = $3, sealed_message = case when $2 = 'expired' then null else sealed_message end where id = $1 and state <> 'sent'
                """, MailId(end.Job), state, end.Failure?.Message ?? end.SkipReason).RunAsync(cancellationToken);
            log.MailNotSent(MailId(end.Job), state, end.Failure?.Message ?? end.SkipReason);
        }
    }

    private static readonly Delivery Interrupted = new(DeliveryEnd.Unknown, "The mail was being handed over when this service was interrupted: it may have arrived. It is not sent again by itself.");

    private static Guid MailId(ClaimedJob job) => job.Payload.GetProperty("mailId").GetGuid();
}
