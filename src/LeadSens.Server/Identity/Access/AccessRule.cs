using Microsoft.AspNetCore.Authorization;

namespace LeadSens.Server.Identity;

/// <summary>Whom an endpoint lets in. Every endpoint has exactly one rule that counts, the last one; without a rule it lets nobody in.</summary>
/// <param name="Kind">What the caller has to be.</param>
/// <param name="Permission">What the caller must be allowed in the workspace, for <see cref="CallerKind.Member"/>.</param>
internal sealed record AccessRule(CallerKind Kind, Permission Permission = Permission.Read)
{
    /// <summary>Open to the internet: health, pages before signing in, links that carry their own right.</summary>
    public static readonly AccessRule Anybody = new(CallerKind.Anybody);

    /// <summary>A person who is signed in, whatever the workspace; not a key.</summary>
    public static readonly AccessRule Person = new(CallerKind.Person);

    /// <summary>A person or a key, whatever it may do.</summary>
    public static readonly AccessRule Caller = new(CallerKind.Caller);

    public static AccessRule To(Permission permission) => new(CallerKind.Member, permission);

    public override string ToString() => Kind == CallerKind.Member ? Permission.ToString() : Kind.ToString();
}

internal enum CallerKind
{
    Anybody,
    Caller,
    Person,
    Member,
}

internal static class AccessRules
{
    public static TBuilder Needs<TBuilder>(this TBuilder builder, Permission permission) where TBuilder : IEndpointConventionBuilder =>
        builder.Needs(AccessRule.To(permission));

    public static TBuilder Needs<TBuilder>(this TBuilder builder, AccessRule rule) where TBuilder : IEndpointConventionBuilder
    {
        builder.Add(endpoint => Set(endpoint, rule));
        return builder;
    }

    /// <summary>Reading needs Read, everything else Work; endpoints that differ say so themselves.</summary>
    public static TBuilder NeedsByMethod<TBuilder>(this TBuilder builder) where TBuilder : IEndpointConventionBuilder
    {
        builder.Add(endpoint => Set(endpoint, AccessRule.To(IsReading(endpoint) ? Permission.Read : Permission.Work)));
        return builder;
    }

    /// <summary>The endpoint may end somebody's sessions or rights, though it is open to anybody: what this node knows of callers is forgotten with its answer.</summary>
    public static TBuilder ChangesAccess<TBuilder>(this TBuilder builder) where TBuilder : IEndpointConventionBuilder => builder.WithMetadata(new AccessChange());

    private static void Set(EndpointBuilder endpoint, AccessRule rule)
    {
        endpoint.Metadata.Add(rule);
        endpoint.Metadata.Add(rule.Kind == CallerKind.Anybody ? new AllowAnonymousAttribute() : new AuthorizeAttribute());
    }

    private static bool IsReading(EndpointBuilder endpoint) =>
        endpoint.Metadata.OfType<HttpMethodMetadata>().LastOrDefault() is { HttpMethods: { Count: > 0 } methods }
        && methods.All(method => HttpMethods.IsGet(method) || HttpMethods.IsHead(method));
}
