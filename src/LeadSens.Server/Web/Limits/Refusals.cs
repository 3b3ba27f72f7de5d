using LeadSens.Server.Api;

namespace LeadSens.Server.Web;

internal static class Refusals
{
    /// <summary>429 with the seconds to wait.</summary>
    public static IResult Result(HttpContext context, TimeSpan wait)
    {
        var seconds = Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds));
        context.Response.Headers.RetryAfter = seconds.ToString();
        return Problems.Of(StatusCodes.Status429TooManyRequests, "rate_limited", "Too many requests.", $"Try again in {seconds} seconds.");
    }

    public static void UseAddressLimits(this WebApplication app) => app.Use((context, next) =>
        context.RequestServices.GetRequiredService<RateLimits>().RefusalOf(context) is { } wait ? Result(context, wait).ExecuteAsync(context) : next(context));

    public static void UseCallerLimits(this WebApplication app) => app.Use((context, next) =>
        context.RequestServices.GetRequiredService<RateLimits>().RefusalOf(context.User) is { } wait ? Result(context, wait).ExecuteAsync(context) : next(context));
}
