using System.ComponentModel.DataAnnotations;
using System.Text;
using System.Text.RegularExpressions;
using LeadSens.Server.Api;
using LeadSens.Server.Audit;
using LeadSens.Server.Data;
using LeadSens.Server.Identity;
using LeadSens.Server.Operations;
using LeadSens.Server.Secrets;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace LeadSens.Server.Connections.Providers.Slack;

/// <summary>A workspace's Slack channel for notices: the address of an incoming webhook, which owners set and nobody reads again.</summary>
internal static partial class SlackChannel
{
    public sealed record Request([property: Required] string? Url);

    /// <param name="BrokenReason">Why nothing is sent there any more; null: it works as far as is known.</param>
    public sealed record View(bool Connected, string? BrokenReason, DateTimeOffset? SetAt, DateTimeOffset? DeliveredAt);

    public static void MapSlack(this IEndpointRouteBuilder app)
    {
        var slack = app.MapApi($"/api/workspaces/{{{AccessGuard.WorkspaceParameter}:guid}}/slack", "workspaces").Needs(Permission.Manage);
        slack.MapGet("", GetAsync).Named("getSlackChannel", "Whether a Slack channel gets notices");
        slack.MapPut("", SetAsync).Named("setSlackChannel", "Send notices to a Slack channel");
        slack.MapDelete("", RemoveAsync).Named("removeSlackChannel", "Send no more notices to Slack");
    }

    public static string Open(SecretBox box, Guid workspaceId, byte[] envelope) =>
        Encoding.UTF8.GetString(box.Open(envelope, SealedColumns.NoticeChannels, workspaceId.ToString(), SlackClient.Provider));

    private static async Task<Ok<View>> GetAsync(WorkspaceContext caller, Database database, CancellationToken cancellationToken) => TypedResults.Ok(
        await database.Sql("select broken_reason, set_at, delivered_at from notice_channels where workspace_id = $1 and provider = $2",
                caller.WorkspaceId, SlackClient.Provider)
            .FirstAsync(row => new View(true, row.Text(0), row.GetFieldValue<DateTimeOffset>(1), row.Maybe<DateTimeOffset>(2)), cancellationToken) ?? new View(false, null, null, null));

    private static async Task<Results<NoContent, ProblemHttpResult>> SetAsync(
        Request request, WorkspaceContext caller, SecretBox box, IHostEnvironment environment, IOptions<LeadSensOptions> settings, Database database, CancellationToken cancellationToken)
    {
        if (request.Url is not { } url || !IsWebhook(url, environment.IsProduction() ? null : settings.Value.SandboxUrl))
            return Problems.Validation(new Dictionary<string, string[]> { ["url"] = ["The address of an incoming webhook: https://hooks.slack.com/services/T…/B…/…"] });
        var envelope = box.Seal(Encoding.UTF8.GetBytes(url), SealedColumns.NoticeChannels, caller.WorkspaceId.ToString(), SlackClient.Provider);
        await database.ChangeAsync(new(caller.WorkspaceId, caller.By, "slack.connected", "workspace", caller.WorkspaceId), connection => connection.Sql("""
            insert into notice_channels (workspace_id, sealed_url, set_by, set_at, provider) values ($1, $2, $3, clock_now(), $4)
            on conflict (workspace_id, provider) do update set sealed_url = $2, set_by = $3, set_at = clock_now(), broken_reason = null, delivered_at = null
            """, caller.WorkspaceId, envelope, caller.Caller, SlackClient.Provider).RunAsync(cancellationToken), cancellationToken);
        return TypedResults.NoContent();
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> RemoveAsync(WorkspaceContext caller, Database database, CancellationToken cancellationToken) =>
        await database.ChangeAsync(new(caller.WorkspaceId, caller.By, "slack.disconnected", "workspace", caller.WorkspaceId),
            connection => connection.Sql("delete from notice_channels where workspace_id = $1 and provider = $2", caller.WorkspaceId, SlackClient.Provider)
                .RunAsync(cancellationToken), cancellationToken) == 1
            ? TypedResults.NoContent() : Problems.NotFound("slack_not_connected");

    /// <summary>Letter by letter Slack's own form, so that no other host, path or query passes for one; outside production the Sandbox's as well.</summary>
    private static bool IsWebhook(string url, string? sandbox) =>
        Webhook().IsMatch(url) || sandbox is not null && url.StartsWith($"{sandbox.TrimEnd('/')}/slack", StringComparison.Ordinal) && Path().IsMatch(url[$"{sandbox.TrimEnd('/')}/slack".Length..]);

    [GeneratedRegex(@"\Ahttps://hooks\.slack\.com/services/[A-Za-z0-9]{1,32}/[A-Za-z0-9]{1,32}/[A-Za-z0-9]{1,64}\z", RegexOptions.None, Timeout.Infinite)]
    private static partial Regex Webhook();

    [GeneratedRegex(@"\A/services/[A-Za-z0-9]{1,32}/[A-Za-z0-9]{1,32}/[A-Za-z0-9]{1,64}\z", RegexOptions.None, Timeout.Infinite)]
    private static partial Regex Path();
}
