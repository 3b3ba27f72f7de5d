using System.Security.Claims;
using LeadSens.Server.Identity;

namespace LeadSens.Server.Audit;

/// <summary>Who did something, and from which address. Handlers take it as a parameter, or as <see cref="WorkspaceContext.By"/>.</summary>
/// <param name="Id">An account's or a key's id, the beginning of a link's hash; null where nobody is known.</param>
internal sealed record AuditActor(string Kind, string? Id = null, string? Address = null)
{
    public const string Person = "person", Key = "key", Link = "link", Service = "system", Unknown = "nobody";

    public static readonly IReadOnlyList<string> All = [Person, Key, Link, Service, Unknown];

    private const int LinkBytes = 8;

    public Guid? PersonId => Kind == Person ? Guid.Parse(Id!) : null;

    public Guid? KeyId => Kind == Key ? Guid.Parse(Id!) : null;

    /// <summary>The service itself: time-outs, schedules, what a provider told.</summary>
    public static readonly AuditActor System = new(Service);

    /// <summary>Called by the framework for a handler's parameter.</summary>
    public static ValueTask<AuditActor?> BindAsync(HttpContext context) => new(Of(context));

    public static AuditActor Of(HttpContext context) => Of(context.User, context.Connection.RemoteIpAddress?.ToString());

    public static AuditActor Of(ClaimsPrincipal user, string? address) =>
        Identity.Person.From(user) is { } person ? new(Person, person.UserId.ToString(), address)
            : user.FindFirstValue(CallerClaims.KeyClaim) is { } key ? new(Key, key, address)
            : new(Unknown, null, address);

    /// <summary>Whoever holds a link: of its hash just enough to tell it from others.</summary>
    public static AuditActor OfLink(byte[] tokenHash, HttpContext context) =>
        new(Link, Convert.ToHexStringLower(tokenHash.AsSpan(0, LinkBytes)), context.Connection.RemoteIpAddress?.ToString());

    /// <summary>Somebody who has just shown who they are.</summary>
    public AuditActor As(Guid userId) => new(Person, userId.ToString(), Address);
}
