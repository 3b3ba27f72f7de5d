namespace LeadSens.Server.Identity;

/// <summary>Marks an endpoint that may take rights away, by <see cref="AccessRules.ChangesAccess"/>. What this node knows of callers is forgotten before
/// its answer begins, so that the change holds from the next request on.</summary>
internal sealed record AccessChange
{
    /// <summary>So does what people do with their own sessions and memberships, and what needs Manage. All of it is rare.</summary>
    public static bool IsOne(HttpContext context) =>
        !HttpMethods.IsGet(context.Request.Method) && !HttpMethods.IsHead(context.Request.Method) && context.GetEndpoint() is { } endpoint
        && (endpoint.Metadata.GetMetadata<AccessChange>() is not null
            || endpoint.Metadata.GetMetadata<AccessRule>() is { Kind: CallerKind.Person } or { Kind: CallerKind.Member, Permission: Permission.Manage });

    public static async Task RunAsync(HttpContext context, RequestDelegate next)
    {
        var cache = context.RequestServices.GetRequiredService<AccessCache>();
        context.Response.OnStarting(static state =>
        {
            ((AccessCache)state).Forget();
            return Task.CompletedTask;
        }, cache);
        try
        {
            await next(context);
        }
        finally
        {
            // Whoever goes away before the answer has changed it all the same.
            cache.Forget();
        }
    }
}
