using LeadSens.Server.Studio.Site;

namespace LeadSens.Server.Web;

/// <summary>What a browser may do with an answer. Endpoints with a page of their own set a policy of their own; this is for all the others.</summary>
internal static class ContentPolicies
{
    /// <summary>JSON, files and errors: nothing at all, in nobody's frame.</summary>
    public const string Nothing = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

    /// <summary>The page to try the API at: files of its own, styles that its script sets.</summary>
    private const string ApiPage = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

    public static string Of(PathString path) =>
        path.StartsWithSegments(StudioPages.Root) ? StudioPages.ContentSecurityPolicy : path.StartsWithSegments("/docs") ? ApiPage : Nothing;
}
