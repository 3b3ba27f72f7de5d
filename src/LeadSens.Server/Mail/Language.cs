using Microsoft.Net.Http.Headers;

namespace LeadSens.Server.Mail;

/// <summary>The languages that people are written to in.</summary>
internal static class Language
{
    public const string English = "en", French = "fr";

    public static bool IsKnown(string? language) => language is English or French;

    /// <summary>What the browser asks for first among those that we have; English where it asks for none.</summary>
    public static string Of(HttpRequest request)
    {
        if (!StringWithQualityHeaderValue.TryParseList(request.Headers.AcceptLanguage, out var wanted)) return English;
        return wanted.Where(one => one.Quality is not 0).OrderByDescending(one => one.Quality ?? 1)
            .Select(one => one.Value.Value?.Split('-')[0].ToLowerInvariant()).FirstOrDefault(IsKnown) ?? English;
    }
}
