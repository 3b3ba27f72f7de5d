using LeadSens.Server.Api;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadSens.Server.Changes;

/// <summary>The answer to whoever opens one stream too many.</summary>
internal static class TooManyStreams
{
    public static ProblemHttpResult Problem => Problems.Of(StatusCodes.Status429TooManyRequests, "rate_limited",
        "Too many streams of this workspace are open here.", "Close some, and try again.");
}
