using LeadSens.Server.Api;
using LeadSens.Server.Operations;
using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.Extensions.Options;

namespace LeadSens.Server.Web;

/// <summary>Which pages may call. A browser keeps other pages from reading answers by itself (CORS), but lets every page open a WebSocket, and
/// sends the cookie along where the sites are the same: streams are refused to pages of other origins before they begin.</summary>
internal sealed class Origins(IOptions<WebOptions> web, IOptions<LeadSensOptions> settings)
{
    private readonly HashSet<string> others = new(web.Value.AllowedOrigins, StringComparer.OrdinalIgnoreCase);
    private readonly string? own = Uri.TryCreate(settings.Value.PublicUrl, UriKind.Absolute, out var address) ? address.GetLeftPart(UriPartial.Authority) : null;

    /// <summary>True for our own pages, and for programs: they send no origin.</summary>
    public bool IsAllowed(HttpRequest request) => request.Headers.Origin.ToString() is var origin && (origin.Length == 0 || IsOwn(request, origin) || others.Contains(origin));

    /// <summary>Whether the browser says that the page which calls is one of ours.</summary>
    public bool IsOwnPage(HttpRequest request) => request.Headers["Sec-Fetch-Site"] == "same-origin" || IsOwn(request, request.Headers.Origin.ToString());

    /// <summary>Without credentials: a page of another origin calls with a key or token of its own.</summary>
    public static void Configure(CorsOptions cors, WebOptions web) => cors.AddDefaultPolicy(policy => policy
        .WithOrigins(web.AllowedOrigins).AllowAnyMethod()
        .WithHeaders("Authorization", "Content-Type", "X-Api-Key", "X-Requested-With", "X-SignalR-User-Agent", "Idempotency-Key", "Last-Event-ID")
        .WithExposedHeaders("Retry-After", "Location", "x-elsa-workflow-instance-id").SetPreflightMaxAge(TimeSpan.FromMinutes(10)));

    public static void UseStreamOrigins(WebApplication app)
    {
        var origins = app.Services.GetRequiredService<Origins>();
        app.Use((context, next) => !IsStream(context) || origins.IsAllowed(context.Request)
            ? next(context)
            : Problems.Of(StatusCodes.Status403Forbidden, "origin_refused", "Pages of this origin may not open streams.", "Web__AllowedOrigins lists those that may.").ExecuteAsync(context));
    }

    private static bool IsStream(HttpContext context) =>
        context.WebSockets.IsWebSocketRequest || context.Request.Path.StartsWithSegments("/elsa/hubs")
        || context.Request.Headers.Accept.ToString().Contains("text/event-stream", StringComparison.OrdinalIgnoreCase);

    private bool IsOwn(HttpRequest request, string origin) =>
        origin.Equals($"{request.Scheme}://{request.Host}", StringComparison.OrdinalIgnoreCase) || origin.Equals(own, StringComparison.OrdinalIgnoreCase);
}
