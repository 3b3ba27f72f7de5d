using LeadSens.Server.Api;
using LeadSens.Server.Identity;
using LeadSens.Server.Operations;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadSens.Server.Connections.OAuth;

/// <summary>Sends a person to the provider, to let us in.</summary>
internal static class BeginAuthorization
{
    public static async Task<Results<RedirectHttpResult, ProblemHttpResult>> HandleAsync(
        string provider, HttpContext context, WorkspaceContext caller, ProviderRegistry providers, AuthorizationStates states, PublicAddress address,
        CancellationToken cancellationToken)
    {
        if (providers.Find(provider)?.OAuth is not { } app) return Problems.NotFound("provider_not_found");
        if (Person.From(context.User) is not { } person)
            return Problems.Of(StatusCodes.Status403Forbidden, "account_required", "Only a person can do this.", "Sign in with an account instead of a key.");
        if (!app.IsOffered) return Problems.Conflict("oauth_not_configured", app.NotOffered);
        var begun = await states.BeginAsync(context, caller.WorkspaceId, person, provider, RedirectUri(address, provider), cancellationToken);
        context.Response.Headers.CacheControl = "no-store";
        return TypedResults.Redirect(app.AuthorizeAddress(begun.State, begun.Challenge(), begun.RedirectUri));
    }

    /// <summary>Exactly what is registered at the provider.</summary>
    public static string RedirectUri(PublicAddress address, string provider) => $"{address.Url}/api/connections/{provider}/callback";
}
