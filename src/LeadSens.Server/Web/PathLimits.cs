using LeadSens.Server.Api;

namespace LeadSens.Server.Web;

/// <summary>Ends what no address of ours looks like before anything works on it: whatever looks paths up, splits or logs them has to do with short ones.</summary>
internal static class PathLimits
{
    public const int LongestPath = 2_048, MostParts = 32, MostFields = 100;

    public static Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        var path = context.Request.Path.Value.AsSpan();
        var query = context.Request.QueryString.Value.AsSpan();
        return path.Length <= LongestPath && path.Count('/') <= MostParts && query.Count('&') < MostFields
            ? next(context)
            : Problems.Of(StatusCodes.Status414UriTooLong, "uri_too_long", "No address here is that long.", $"A path has at most {LongestPath} characters and {MostParts} parts, a query {MostFields} fields.")
                .ExecuteAsync(context);
    }
}
