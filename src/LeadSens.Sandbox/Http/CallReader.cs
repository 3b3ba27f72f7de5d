using Microsoft.AspNetCore.Http.Features;

namespace LeadSens.Sandbox.Http;

internal static class CallReader
{
    /// <summary>Reads from the raw target: a page's address inside the path must not be normalised.</summary>
    public static async Task<Call> ReadAsync(HttpContext context, TimeProvider clock)
    {
        var target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        var queryAt = target.IndexOf('?', StringComparison.Ordinal);
        var path = queryAt < 0 ? target : target[..queryAt];
        var vendorEnd = path.IndexOf('/', 1) is var slash and > 0 ? slash : path.Length;
        var headers = context.Request.Headers;
        return new Call
        {
            Vendor = path.Length > 0 ? path[1..vendorEnd] : "",
            Method = context.Request.Method,
            Path = path[vendorEnd..],
            Query = queryAt < 0 ? "" : target[queryAt..],
            Body = await BodyAsync(context.Request),
            At = clock.GetUtcNow(),
            Authorization = headers.Authorization,
            Accept = headers.Accept,
            Correlation = headers["X-Correlation-Id"].FirstOrDefault() ?? headers["traceparent"].FirstOrDefault(),
        };
    }

    private static async Task<byte[]> BodyAsync(HttpRequest request)
    {
        if (request.ContentLength is { } length)
        {
            var exact = length == 0 ? [] : new byte[length];
            await request.Body.ReadExactlyAsync(exact, request.HttpContext.RequestAborted);
            return exact;
        }

        using var buffer = new MemoryStream();
        await request.Body.CopyToAsync(buffer, request.HttpContext.RequestAborted);
        return buffer.ToArray();
    }
}
