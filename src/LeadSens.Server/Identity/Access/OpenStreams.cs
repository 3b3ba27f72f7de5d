using System.Collections.Concurrent;
using System.Security.Claims;
using LeadSens.Server.Data;
using Npgsql;

namespace LeadSens.Server.Identity;

/// <summary>Requests that stay open: they were let in once, and end when the right to them does. They are looked at whenever something about callers
/// changed, and every few seconds, because sessions also end by themselves.</summary>
internal sealed class OpenStreams(SystemDatabase database, ApiKeys keys, AccessCache cache, ILogger<OpenStreams> log) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(5);
    private readonly ConcurrentDictionary<HttpContext, Stream> open = new();
    private readonly SemaphoreSlim changed = new(0, 1);

    public int Count => open.Count;

    public async Task HoldAsync(HttpContext context, AccessRule rule, RequestDelegate next)
    {
        var stream = open[context] = new(context, rule.Permission);
        try
        {
            await next(context);
        }
        finally
        {
            open.TryRemove(context, out _);
            stream.Leave();
        }
    }

    public override void Dispose()
    {
        base.Dispose();
        changed.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        cache.Changed += Wake;
        try
        {
            while (!stoppingToken.IsCancellationRequested)
            {
                await changed.WaitAsync(Every, stoppingToken);
                await LookAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The Server stops, and its streams with it.
        }
        finally
        {
            cache.Changed -= Wake;
        }
    }

    private async Task LookAsync(CancellationToken cancellationToken)
    {
        foreach (var (_, stream) in open)
        {
            try
            {
                if (await HoldsAsync(stream.User, stream.Permission, cancellationToken)) continue;
                log.StreamEnded(stream.User.Identity?.Name ?? "");
                stream.Abort();
            }
            catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
            {
                log.StreamsNotChecked(failure);
                // The others need the database as well.
                if (failure is NpgsqlException or IOException) return;
            }
        }
    }

    /// <summary>Whether somebody who was let in may still. Read from the database each time: as a session that holds, in the workspace that they were in then, with a role that may do this.</summary>
    public async Task<bool> HoldsAsync(ClaimsPrincipal user, Permission permission, CancellationToken cancellationToken)
    {
        if (WorkspaceContext.From(user) is not { } place) return false;
        using var scope = DatabaseScope.Narrow(place.WorkspaceId);
        if (Guid.TryParse(user.FindFirstValue(CallerClaims.KeyClaim), out var keyId))
            return await keys.FindAsync(keyId, cancellationToken) is { } key && key.WorkspaceId == place.WorkspaceId && CallerClaims.Of(key, ApiKeyAuthentication.SchemeName).May(permission);
        if (Person.From(user) is not { } person) return false;
        var role = await database.Sql("""
            select m.role from user_sessions s join workspace_members m on m.user_id = s.user_id and m.workspace_id = $2
            where s.id = $1 and s.ended_at is null and s.expires_at > clock_now()
            """, person.SessionId, place.WorkspaceId).FirstAsync(row => row.GetString(0), cancellationToken);
        return role is not null && Roles.Of(role).Contains(permission);
    }

    private void Wake()
    {
        try
        {
            if (changed.CurrentCount == 0) changed.Release();
        }
        catch (Exception late) when (late is SemaphoreFullException or ObjectDisposedException)
        {
            // Two at once: one wakes. Or the Server stops.
        }
    }

    private sealed class Stream(HttpContext context, Permission permission)
    {
        private readonly Lock turn = new();
        private bool left;

        public ClaimsPrincipal User { get; } = context.User;

        public Permission Permission => permission;

        public void Abort()
        {
            lock (turn)
                if (!left) context.Abort();
        }

        /// <summary>The context may be another request's from now on.</summary>
        public void Leave()
        {
            lock (turn) left = true;
        }
    }
}

/// <summary>Marks an endpoint whose answer goes on for as long as the caller wants.</summary>
internal sealed record LongAnswer;

/// <summary>Marks an endpoint whose answer waits for a provider or a run: it keeps no turn at the database meanwhile.</summary>
internal sealed record OutsideWait;

internal static class LongAnswers
{
    public static TBuilder WaitsOutside<TBuilder>(this TBuilder builder) where TBuilder : IEndpointConventionBuilder => builder.WithMetadata(new OutsideWait());

    public static TBuilder StaysOpen<TBuilder>(this TBuilder builder) where TBuilder : IEndpointConventionBuilder => builder.WithMetadata(new LongAnswer());

    public static void UseOpenStreams(this WebApplication app) => app.Use((context, next) =>
        context.GetEndpoint()?.Metadata is { } endpoint && endpoint.GetMetadata<LongAnswer>() is not null && endpoint.GetMetadata<AccessRule>() is { } rule
            ? context.RequestServices.GetRequiredService<OpenStreams>().HoldAsync(context, rule, next) : next(context));
}
