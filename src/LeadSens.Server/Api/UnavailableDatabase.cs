using LeadSens.Server.Data;
using Microsoft.AspNetCore.Diagnostics;

namespace LeadSens.Server.Api;

/// <summary>Without its database the service can say one thing about every call: that it cannot answer now, and when to ask again.</summary>
internal sealed class UnavailableDatabase(ILogger<UnavailableDatabase> log) : IExceptionHandler
{
    private const string Seconds = "2";

    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        if (exception is DatabaseBusyException)
        {
            await TellBusyAsync(httpContext);
            return true;
        }
        if (DatabaseAway.CauseOf(exception) is not { } cause) return false;
        log.NotAnswered(cause);
        httpContext.Response.Headers.RetryAfter = Seconds;
        await Problems.Of(StatusCodes.Status503ServiceUnavailable, "database_unavailable", "The service cannot reach its database.", $"Try again in {Seconds} seconds.").ExecuteAsync(httpContext);
        return true;
    }

    public static Task TellBusyAsync(HttpContext context)
    {
        context.Response.Headers.RetryAfter = "1";
        return Problems.Of(StatusCodes.Status503ServiceUnavailable, "database_busy", "Too many requests at once.", "Nothing was done. Try again in a second.").ExecuteAsync(context);
    }
}

internal static partial class Log
{
    [LoggerMessage(Level = LogLevel.Error, Message = "RequestsNotAnswered: the database cannot be reached")]
    public static partial void NotAnswered(this ILogger log, Exception cause);
}
