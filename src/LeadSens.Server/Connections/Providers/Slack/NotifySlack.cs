using System.Text.Json;
using LeadSens.Server.Approvals;
using LeadSens.Server.Data;
using LeadSens.Server.Jobs;
using LeadSens.Server.Mail;
using LeadSens.Server.Operations;
using LeadSens.Server.Secrets;
using Npgsql;

namespace LeadSens.Server.Connections.Providers.Slack;

/// <summary>A message for a channel.</summary>
/// <param name="Url">The secret address that posts there.</param>
internal sealed record SlackMessage(string Url, string Occasion, ApprovalFacts Facts);

/// <summary>Posts to a workspace's Slack channel that an approval waits. The button leads to the app, where everybody decides under their own name: a channel is
/// shared, so no link that decides stands in it. An address that Slack does not know any more is marked broken, and nothing is sent there. Slack cannot be asked what a channel
/// holds, so each job posts at most once: that it is about to is written down first, and taken back only where Slack said that it did not take the message.</summary>
internal sealed class NotifySlack(Database database, SlackClient slack, SecretBox box, PublicAddress address) : JobHandler<SlackMessage, bool>
{
    /// <summary>Names the job, so that one which a person starts in its place may post.</summary>
    private const string BeginSql = """
        update jobs set checkpoint = jsonb_build_object('posting', id) where id = $1 and claim_token = $2 and state = 'Running' and checkpoint ->> 'posting' is distinct from id::text
        """;

    private const string NotTakenSql = "update jobs set checkpoint = null where id = $1 and claim_token = $2 and state = 'Running'";

    private const string DeliveredSql = "update notice_channels set delivered_at = clock_now() where workspace_id = $1 and provider = $2";

    private const string BrokenSql = "update notice_channels set broken_reason = $3 where workspace_id = $1 and provider = $2 and broken_reason is null";

    public const string JobKind = "slack.notify";

    public override string Kind => JobKind;

    public override int Concurrency => 4;

    public override ValueTask<IReadOnlyList<LimitCost>> CostsAsync(Guid workspaceId, CancellationToken cancellationToken) => new([new LimitCost(SlackClient.KeyOf(workspaceId), 0)]);

    public override async Task<IReadOnlyDictionary<Guid, SlackMessage>> LoadAsync(NpgsqlConnection connection, IReadOnlyList<ClaimedJob> jobs, CancellationToken cancellationToken)
    {
        var messages = new Dictionary<Guid, SlackMessage>();
        foreach (var job in jobs)
        {
            var envelope = await connection.Sql("select sealed_url from notice_channels where workspace_id = $1 and provider = $2 and broken_reason is null",
                job.WorkspaceId, SlackClient.Provider)
                .FirstAsync(row => row.GetFieldValue<byte[]>(0), cancellationToken);
            if (envelope is null || await ApprovalFacts.ReadAsync(connection, job.Payload.GetProperty("approvalId").GetGuid(), cancellationToken) is not { } facts) continue;
            messages[job.Id] = new(SlackChannel.Open(box, job.WorkspaceId, envelope), job.Payload.GetProperty("occasion").GetString()!, facts);
        }

        return messages;
    }

    public override async Task<JobOutcome<bool>> RunAsync(ClaimedJob job, SlackMessage message, JobProgress progress, CancellationToken cancellationToken)
    {
        if (message.Occasion != Occasion.Expired && message.Facts.Status != ApprovalStatus.Pending) return new JobOutcome<bool>.Skipped("It was decided before the channel was told.");
        if (HasBegun(job)) return SlackClient.Unknown("The message was being posted when this service was interrupted: it may stand in the channel. It is not posted again by itself.");
        var text = SlackText.Of(message, $"{address.Url}{ApprovalInApp.PathOf(message.Facts.ApprovalId)}");
        if (await slack.PostAsync(job.WorkspaceId, message.Url, text, token => BeginAsync(job, token), cancellationToken) is not { } failure) return true;
        if (failure.Kind is not ProviderFailureKind.Conflict) await database.Sql(NotTakenSql, job.Id, job.ClaimToken).RunAsync(cancellationToken);
        return failure;
    }

    public override async Task SaveAsync(NpgsqlConnection connection, IReadOnlyList<EndedJob<bool>> ended, CancellationToken cancellationToken)
    {
        foreach (var end in ended)
        {
            if (end.Result) await connection.Sql(DeliveredSql, end.Job.WorkspaceId, SlackClient.Provider).RunAsync(cancellationToken);
            else if (end.Failure is { Kind: ProviderFailureKind.NotFound } gone)
                await connection.Sql(BrokenSql, end.Job.WorkspaceId, SlackClient.Provider, gone.Message).RunAsync(cancellationToken);
        }
    }

    private static bool HasBegun(ClaimedJob job) =>
        job.Checkpoint.ValueKind == JsonValueKind.Object && job.Checkpoint.TryGetProperty("posting", out var posting) && posting.TryGetGuid(out var id) && id == job.Id;

    private async Task<bool> BeginAsync(ClaimedJob job, CancellationToken cancellationToken) => await database.Sql(BeginSql, job.Id, job.ClaimToken).RunAsync(cancellationToken) == 1;
}

/// <summary>What is posted. A campaign's name is plain text, in which Slack reads neither mentions nor links.</summary>
internal static class SlackText
{
    public static object Of(SlackMessage message, string url)
    {
        var (facts, french) = (message.Facts, message.Facts.Language == Language.French);
        var title = (message.Occasion, french) switch
        {
            (Occasion.Requested, true) => $"{facts.Leads} prospects à valider",
            (Occasion.Requested, false) => $"{facts.Leads} leads to review",
            (Occasion.Reminder, true) => $"Toujours {facts.Leads} prospects à valider",
            (Occasion.Reminder, false) => $"Still {facts.Leads} leads to review",
            (_, true) => "Personne n'a décidé à temps",
            _ => "Nobody decided in time",
        };
        var until = message.Occasion == Occasion.Expired ? "" : french ? $" À décider avant le {facts.Until}." : $" Decide before {facts.Until}.";
        object section = new { type = "section", text = new { type = "plain_text", text = $"{title}: {facts.Campaign}.{until}", emoji = false } };
        object button = new { type = "actions", elements = new[] { new { type = "button", text = new { type = "plain_text", text = french ? "Ouvrir dans LeadSens" : "Open in LeadSens" }, url } } };
        return new { text = $"{title}: {Escaped(facts.Campaign)}.{until}", blocks = message.Occasion == Occasion.Expired ? [section] : new[] { section, button } };
    }

    /// <summary>Where Slack does read mentions and links.</summary>
    private static string Escaped(string text) => text.Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal).Replace(">", "&gt;", StringComparison.Ordinal);
}
