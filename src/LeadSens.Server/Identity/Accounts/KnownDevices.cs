using System.Security.Cryptography;
using LeadSens.Server.Data;
using LeadSens.Server.Operations;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Options;

namespace LeadSens.Server.Identity;

/// <summary>Browsers that have signed in before, each known by a sealed cookie. It opens nothing: wrong passwords from there count at the device, so that strangers who lock the
/// account do not keep its owner out.</summary>
internal sealed class KnownDevices(Database database, IDataProtectionProvider protection, IOptions<LeadSensOptions> settings)
{
    private const string Cookie = "leadsens.device";
    private const int Most = 20;
    private static readonly TimeSpan Lasts = TimeSpan.FromDays(180);

    /// <summary>Of many devices those that were used last stay.</summary>
    private const string RememberSql = """
        with known as (update known_devices set last_used_at = clock_now() where id = $1 and user_id = $2 returning id),
        added as (insert into known_devices (id, user_id, created_at, last_used_at) select $3, $2, clock_now(), clock_now() where not exists (select from known) returning id),
        gone as (
            delete from known_devices where user_id = $2 and id <> $1 and (last_used_at < clock_now() - $5
                or id in (select id from known_devices where user_id = $2 order by last_used_at desc, id offset $4 + (select count(*) from known))))
        select id from known union all select id from added
        """;

    private readonly IDataProtector _sealer = protection.CreateProtector("LeadSens.KnownDevice");

    /// <summary>The device that the request says it comes from; whether it is the account's, the database says.</summary>
    public Guid? Of(HttpContext context)
    {
        try
        {
            return context.Request.Cookies[CookieOf().Name!] is { } cookie ? new(_sealer.Unprotect(Convert.FromBase64String(cookie))) : null;
        }
        catch (Exception strange) when (strange is CryptographicException or FormatException or ArgumentException)
        {
            return null;
        }
    }

    /// <summary>The browser has just signed in.</summary>
    public async Task RememberAsync(HttpContext context, Guid userId, CancellationToken cancellationToken)
    {
        var id = await database.Sql(RememberSql, Of(context) ?? Guid.Empty, userId, Guid.CreateVersion7(), Most - 1, Lasts).FirstAsync(row => row.GetGuid(0), cancellationToken);
        var cookie = CookieOf();
        context.Response.Cookies.Append(cookie.Name!, Convert.ToBase64String(_sealer.Protect(id.ToByteArray())), cookie.Build(context));
    }

    private CookieBuilder CookieOf()
    {
        var cookie = new CookieBuilder { SameSite = SameSiteMode.Strict, MaxAge = Lasts };
        BrowserCookies.Configure(cookie, Cookie, settings.Value);
        return cookie;
    }
}
