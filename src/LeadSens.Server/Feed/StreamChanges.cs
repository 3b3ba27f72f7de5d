using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using LeadSens.Server.Changes;
using LeadSens.Server.Identity;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadSens.Server.Feed;

/// <summary>Streams what changes in the workspace, as far as the caller may see it: each thing once a second at most. Who comes back with the id of the last
/// event hears what was missed.</summary>
internal sealed class StreamChanges(ChangeHub hub, ChangeFrames frames, IEnumerable<ChangeKind> kinds, TimeProvider time, IHostApplicationLifetime server)
{
    private const string LastEventId = "Last-Event-ID";

    /// <summary>Proxies take a silent connection for a dead one; and the id that it carries is none too old to resume from.</summary>
    private static readonly TimeSpan KeepAlive = TimeSpan.FromSeconds(20);

    public static Task<Results<EmptyHttpResult, ProblemHttpResult>> HandleAsync(
        WorkspaceContext caller, HttpContext context, StreamChanges stream, CancellationToken cancellationToken) =>
        stream.ExecuteAsync(caller.WorkspaceId, context, cancellationToken);

    private async Task<Results<EmptyHttpResult, ProblemHttpResult>> ExecuteAsync(Guid workspaceId, HttpContext context, CancellationToken cancellationToken)
    {
        var since = ChangeMark.Parse(context.Request.Headers[LastEventId]);
        using var watch = hub.Begin(workspaceId, resumes: since is not null);
        if (watch is null) return TooManyStreams.Problem;
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, server.ApplicationStopping);
        var told = kinds.Where(kind => context.User.May(kind.Needs)).Select(kind => kind.Name).ToHashSet(StringComparer.Ordinal);
        try
        {
            Begin(context);
            await context.Response.BodyWriter.FlushAsync(ends.Token);
            if (since is not null) await ResumeAsync(watch, since, ends.Token);
            await GoOnAsync(watch, told, context.Response.BodyWriter, ends.Token);
        }
        catch (OperationCanceledException) when (ends.IsCancellationRequested)
        {
            // The caller left, or the Server stops.
        }
        return TypedResults.Empty;
    }

    private async Task ResumeAsync(ChangeWatch watch, ChangeMark since, CancellationToken cancellationToken)
    {
        await watch.WaitAsync(Timeout.InfiniteTimeSpan, time, cancellationToken);
        await hub.CatchUpAsync(watch, since, cancellationToken);
    }

    private async Task GoOnAsync(ChangeWatch watch, HashSet<string> kinds, PipeWriter body, CancellationToken cancellationToken)
    {
        while (true)
        {
            var isNews = await watch.WaitAsync(KeepAlive, time, cancellationToken);
            if (isNews) await WriteAsync(body, watch.WorkspaceId, watch.Take(), kinds);
            else End(body, watch.Mark);
            await body.FlushAsync(cancellationToken);
            if (isNews) await Task.Delay(ChangeHub.Every, time, cancellationToken);
        }
    }

    private async Task WriteAsync(PipeWriter body, Guid workspaceId, ToldChanges told, HashSet<string> kinds)
    {
        if (told.Reset) body.Write(frames.Reset);
        var events = await Task.WhenAll(told.Changes.Where(one => kinds.Contains(one.Key.Kind)).Select(one => frames.OfAsync(workspaceId, one.Key, one.Value)));
        for (var place = 0; place < events.Length; place++)
        {
            if (place > 0) body.Write("\n"u8);
            body.Write(events[place]);
        }

        End(body, told.Round.Mark);
    }

    /// <summary>The last event has the id: whoever is cut off before it is told all of them again. By itself it is no event, but the client remembers
    /// it.</summary>
    private static void End(PipeWriter body, ChangeMark? mark) => body.Write(Encoding.ASCII.GetBytes(mark is null ? ":\n\n" : $"id: {mark}\n\n"));

    private static void Begin(HttpContext context)
    {
        context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        context.Response.ContentType = "text/event-stream";
        context.Response.Headers.CacheControl = "no-cache,no-store";
    }
}
