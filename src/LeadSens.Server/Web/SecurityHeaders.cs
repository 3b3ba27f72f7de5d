using LeadSens.Server.Operations;
using LeadSens.Server.Studio.Site;
using Microsoft.Extensions.Options;

namespace LeadSens.Server.Web;

/// <summary>The headers of every answer, files and errors included. They are set when the answer begins, because an error throws away what was set
/// before; what an endpoint set for itself stays.</summary>
internal sealed class SecurityHeaders(RequestDelegate next, IOptions<LeadSensOptions> settings)
{
    private const string OneYear = "max-age=31536000; includeSubDomains";

    private const string Permissions =
        "accelerometer=(), autoplay=(), camera=(), display-capture=(), encrypted-media=(), fullscreen=(self), geolocation=(), gyroscope=(), magnetometer=(), "
        + "microphone=(), midi=(), payment=(), publickey-credentials-get=(), screen-wake-lock=(), usb=(), xr-spatial-tracking=()";

    private readonly bool behindTls = settings.Value.IsBehindTls;

    public Task InvokeAsync(HttpContext context)
    {
        // The last step to here may be plain, and the proxy before it unknown: people came by the public address, and their cookies are for that.
        if (behindTls) context.Request.Scheme = Uri.UriSchemeHttps;
        context.Response.OnStarting(static state =>
        {
            var (headers, context) = ((SecurityHeaders, HttpContext))state;
            headers.Set(context);
            return Task.CompletedTask;
        }, (this, context));
        return next(context);
    }

    private void Set(HttpContext context)
    {
        var (path, headers) = (context.Request.Path, context.Response.Headers);
        if (headers.ContentSecurityPolicy.Count == 0) headers.ContentSecurityPolicy = ContentPolicies.Of(path);
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = path.StartsWithSegments(StudioPages.Root) ? "SAMEORIGIN" : "DENY";
        // Links to approvals, invitations and resets are secrets that stand in addresses.
        headers["Referrer-Policy"] = "no-referrer";
        headers["Permissions-Policy"] = Permissions;
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        if (behindTls) headers.StrictTransportSecurity = OneYear;
        if (headers.CacheControl.Count == 0) headers.CacheControl = IsSame(path) ? "no-cache" : "no-store";
    }

    /// <summary>What is the same for everybody may be kept; everything else may be somebody's.</summary>
    private static bool IsSame(PathString path) => path.StartsWithSegments("/docs") || path.StartsWithSegments("/openapi");
}
