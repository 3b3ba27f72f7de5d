using LeadSens.Server.Data;
using LeadSens.Server.Identity;

namespace LeadSens.Server.Connections.OAuth;

/// <summary>Where the provider sends the browser back. Whatever is not exactly the answer to what this session began changes nothing.</summary>
internal static class FinishAuthorization
{
    private const string Nothing = "Nothing was connected";

    public static async Task<IResult> HandleAsync(
        string provider, string? code, string? state, string? error, HttpContext context, AuthorizationStates states, ProviderRegistry providers,
        AcceptTokens accept,
        CancellationToken cancellationToken)
    {
        if (providers.Find(provider) is not { OAuth: { } app } vendor)
            return ConnectionPage.Of(context, StatusCodes.Status404NotFound, "There is nothing here", "No provider of this name is connected this way.");
        if (Person.From(context.User) is not { } person || await WorkspaceContext.BindAsync(context) is not { } caller || !context.User.May(Permission.Manage))
            return ConnectionPage.Of(
                context, StatusCodes.Status403Forbidden, Nothing, $"Sign in as an owner of the workspace, in this browser, and connect {vendor.Title} again.");
        using var scope = DatabaseScope.Narrow(caller.WorkspaceId);
        if (string.IsNullOrEmpty(state) || await states.TakeAsync(context, state, caller.WorkspaceId, person, provider, cancellationToken) is not { } begun)
            return ConnectionPage.Of(context, StatusCodes.Status400BadRequest, Nothing,
                "This answer does not belong to a connection that you began here in the last ten minutes. Begin again under Connections.");
        if (error is not null || string.IsNullOrEmpty(code))
            return ConnectionPage.Of(context, StatusCodes.Status200OK, Nothing, error == "access_denied"
                ? $"You did not let LeadSens into {vendor.Title}. What was connected before stays as it is."
                    : $"{vendor.Title} sent no code. Begin again under Connections.");
        // The code works once: what it brings is kept, whether or not the browser waits for it.
        var tokens = await app.ExchangeAsync(code, begun.Verifier, begun.RedirectUri, CancellationToken.None);
        if (!tokens.Succeeded) return ConnectionPage.Of(
            context, StatusCodes.Status502BadGateway, Nothing, $"{tokens.Failure.Message} Begin again under Connections.");
        return await accept.ExecuteAsync(caller, vendor, app, tokens.Value, CancellationToken.None) is { } problem
            ? ConnectionPage.Of(context, StatusCodes.Status409Conflict, Nothing, problem)
            : ConnectionPage.Of(context, StatusCodes.Status200OK, $"{vendor.Title} is connected",
                $"You can close this page. Work that waited for {vendor.Title} goes on by itself.");
    }
}
