namespace LeadSens.Server.Web;

/// <summary>A probe is nobody's: whoever sends credentials along with one is not looked up, so that it says how this process stands and not how the database does.</summary>
internal static class Probes
{
    private static readonly string[] Credentials = ["Authorization", "Cookie", Identity.ApiKeyAuthentication.Header];

    public static Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        if (context.Request.Path.StartsWithSegments("/health"))
        {
            foreach (var name in Credentials) context.Request.Headers.Remove(name);
        }

        return next(context);
    }
}
