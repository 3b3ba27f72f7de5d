namespace LeadSens.Server.Web;

/// <summary>Which limits count for an endpoint beside the general ones; the names are those of <see cref="RateOptions"/>.</summary>
internal enum RateRule
{
    Login,
    Register,
    Refresh,
    Mail,
    Links,
    Webhooks,
    Workflows,
}

/// <summary>A request that names an account which it is about, before it is known who calls.</summary>
internal interface INamesAccount
{
    string? Email { get; }
}

internal static class RateRules
{
    /// <summary>Limits the endpoint by the caller's address, before anything else of it runs. Login and mail count by the named account as well.</summary>
    public static TBuilder Limited<TBuilder>(this TBuilder builder, RateRule rule) where TBuilder : IEndpointConventionBuilder
    {
        builder.Add(endpoint => endpoint.Metadata.Add(new RateRuleMetadata(rule)));
        return rule is RateRule.Login or RateRule.Mail
            ? builder.AddEndpointFilter((context, next) => ByAccountAsync(rule, context, next))
            : builder;
    }

    /// <summary>Lets the endpoint compute its password hash when it is its turn. Its body has been read by then: nobody holds a turn by sending slowly.</summary>
    public static TBuilder HashesPassword<TBuilder>(this TBuilder builder) where TBuilder : IEndpointConventionBuilder => builder.AddEndpointFilter(async (context, next) =>
    {
        // A form that the handler reads by itself comes first as well.
        if (context.HttpContext.Request.HasFormContentType) await context.HttpContext.Request.ReadFormAsync(context.HttpContext.RequestAborted);
        using var turn = await context.HttpContext.RequestServices.GetRequiredService<PasswordQueue>().EnterAsync(context.HttpContext.RequestAborted);
        return turn.IsAcquired ? await next(context) : Refusals.Result(context.HttpContext, PasswordQueue.RetryAfter);
    });

    private static async ValueTask<object?> ByAccountAsync(RateRule rule, EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var limits = context.HttpContext.RequestServices.GetRequiredService<RateLimits>();
        return context.Arguments.OfType<INamesAccount>().FirstOrDefault() is { Email: { } email } && limits.RefusalOf(rule, email, context.HttpContext) is { } wait
            ? Refusals.Result(context.HttpContext, wait) : await next(context);
    }
}

internal sealed record RateRuleMetadata(RateRule Rule);
