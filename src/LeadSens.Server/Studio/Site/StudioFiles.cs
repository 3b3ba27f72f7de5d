using Microsoft.AspNetCore.StaticFiles;
using Microsoft.Extensions.FileProviders;
using Microsoft.Net.Http.Headers;

namespace LeadSens.Server.Studio.Site;

/// <summary>Serves the package's files below /studio/: the brotli form where there is one, fingerprinted names for ever.</summary>
internal static class StudioFiles
{
    private const string Brotli = ".br";

    public static void UseStudioFiles(this WebApplication app)
    {
        if (StudioPackage.Find() is not { } directory) return;
        var files = new PhysicalFileProvider(directory);
        app.UseWhen(context => context.Request.Path.StartsWithSegments(StudioPages.Root), branch =>
        {
            branch.Use((context, next) => Choose(context, files, next));
            branch.UseStaticFiles(new StaticFileOptions
            {
                FileProvider = files, RequestPath = StudioPages.Root, ContentTypeProvider = new ContentTypes(), OnPrepareResponse = Prepare,
            });
        });
    }

    /// <summary>The package's own index.html is a demo that shows nothing; the pages are ours.</summary>
    private static Task Choose(HttpContext context, PhysicalFileProvider files, RequestDelegate next)
    {
        var path = context.Request.Path.Value![StudioPages.Root.Length..];
        if (path == "/index.html")
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return Task.CompletedTask;
        }

        if (!files.GetFileInfo(path).Exists) return next(context);
        context.Response.Headers.Vary = HeaderNames.AcceptEncoding;
        if (AcceptsBrotli(context.Request) && files.GetFileInfo(path + Brotli).Exists) context.Request.Path += Brotli;
        return next(context);
    }

    private static bool AcceptsBrotli(HttpRequest request) =>
        request.GetTypedHeaders().AcceptEncoding.Any(coding => coding.Value == "br" && coding.Quality is not 0);

    private static void Prepare(StaticFileResponseContext file)
    {
        var headers = file.Context.Response.Headers;
        if (file.File.Name.EndsWith(Brotli, StringComparison.Ordinal)) headers.ContentEncoding = "br";
        headers.CacheControl = IsFingerprinted(file.Context.Request.Path, file.File.Name) ? "public, max-age=31536000, immutable" : "no-cache";
    }

    /// <summary><c>name.0a1b2c3d4e.wasm</c> below _framework: another content has another name.</summary>
    private static bool IsFingerprinted(PathString path, string name) =>
        path.StartsWithSegments(StudioPages.Root + "/_framework")
        && Plain(name).Split('.') is [.., { Length: 10 } print, _] && print.All(char.IsAsciiLetterOrDigit);

    private static string Plain(string name) => name.EndsWith(Brotli, StringComparison.Ordinal) ? name[..^Brotli.Length] : name;

    private sealed class ContentTypes : IContentTypeProvider
    {
        private readonly FileExtensionContentTypeProvider known = new() { Mappings = { [".dat"] = "application/octet-stream", [".blat"] = "application/octet-stream" } };

        public bool TryGetContentType(string subpath, out string contentType) => known.TryGetContentType(Plain(subpath), out contentType!);
    }
}
