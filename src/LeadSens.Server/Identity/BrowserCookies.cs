using LeadSens.Server.Operations;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.Extensions.Options;

namespace LeadSens.Server.Identity;

/// <summary>Cookies of this host alone. Behind TLS their names say so with <c>__Host-</c> (RFC 6265bis, 4.1.3.2): a browser takes them only over TLS and from
/// this very host, so that no neighbour below the same domain can plant one.</summary>
internal sealed class BrowserCookies(IOptions<LeadSensOptions> settings) : IConfigureOptions<AntiforgeryOptions>
{
    public const string Session = "leadsens.session";
    private const string Forgery = "leadsens.forgery", HostOnly = "__Host-";

    public static bool HasSession(HttpRequest request) => request.Cookies.ContainsKey(HostOnly + Session) || request.Cookies.ContainsKey(Session);

    public static void Configure(CookieBuilder cookie, string name, LeadSensOptions settings)
    {
        cookie.Name = settings.IsBehindTls ? HostOnly + name : name;
        cookie.SecurePolicy = settings.IsBehindTls ? CookieSecurePolicy.Always : CookieSecurePolicy.SameAsRequest;
        cookie.HttpOnly = true;
        cookie.Path = "/";
    }

    public void Configure(AntiforgeryOptions options)
    {
        options.HeaderName = SessionGuard.Header;
        Configure(options.Cookie, Forgery, settings.Value);
    }
}
