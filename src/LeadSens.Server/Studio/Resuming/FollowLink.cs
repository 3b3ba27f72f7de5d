using LeadSens.Engine;
using LeadSens.Engine.BuiltIn;
using LeadSens.Server.Data;
using LeadSens.Server.Workflows;

namespace LeadSens.Server.Studio.Resuming;

/// <summary>Signed links. Mail and chat scanners open them, so GET only shows a page with a button; POST resumes, once. A program posts JSON and
/// gets JSON.</summary>
internal static class FollowLink
{
    public static async Task<IResult> ShowAsync(string? t, ResumeLinks links, TimeProvider time, HttpContext context, CancellationToken cancellationToken)
    {
        if (await links.OpenAsync(t, cancellationToken) is not { } token) return LinkPage.Unknown(context);
        return IsOver(token, time) ? LinkPage.Expired(context) : LinkPage.Ask(context, token.EventName is { } name ? $"Continue with '{name}'?" : "Continue?");
    }

    public static async Task<IResult> PostAsync(
        string? t, string? @in, bool? @async, ResumeLinks links, Workflows.Resuming resuming, TimeProvider time, HttpContext context, CancellationToken cancellationToken)
    {
        if (await links.OpenAsync(t, cancellationToken) is not { } token) return LinkPage.Unknown(context);
        using var scope = DatabaseScope.Narrow(token.WorkspaceId);
        if (IsOver(token, time)) return LinkPage.Expired(context);
        var input = await LinkInput.ReadAsync(context.Request, @in, cancellationToken);
        if (input.Problem is { } problem) return LinkPage.Refused(context, input.Status, problem);
        return LinkPage.Answer(context, await ResumeAsync(token, input, @async != true, resuming, cancellationToken));
    }

    private static Task<ResumeOutcome> ResumeAsync(ResumeToken token, LinkInput input, bool now, Workflows.Resuming resuming, CancellationToken cancellationToken)
    {
        if (token.BookmarkId is { } bookmark) return resuming.BookmarkAsync(bookmark, token.InstanceId, $"bookmark:{bookmark}", input.Value, now, cancellationToken);
        var stimulus = new Stimulus(Event.Key(token.WorkspaceId, token.EventName!), $"link:{token.LinkId}", StimulusKind.Broadcast, input.Value) { InstanceId = token.InstanceId };
        return resuming.SendAsync(stimulus, mustReach: true, now, cancellationToken);
    }

    private static bool IsOver(ResumeToken token, TimeProvider time) => token.ExpiresAt <= time.GetUtcNow();
}
