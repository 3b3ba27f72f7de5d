using System.Security.Claims;
using System.Text.Json.Serialization;
using LeadSens.Server.Api;
using LeadSens.Server.Data;

namespace LeadSens.Server.Identity;

/// <summary>Who calls, in which workspace, and what they may do there.</summary>
/// <param name="User">Null for an API key.</param>
/// <param name="Workspace">Null for whoever is in none.</param>
internal sealed record AccountView(UserView? User, CurrentWorkspace? Workspace, [property: OneOf(typeof(Scopes), Name = "Scope")] IReadOnlyList<string> Permissions);

/// <param name="SecondFactor">Whether logins need a code of an authenticator.</param>
internal sealed record UserView(Guid Id, string Email, string FirstName, string LastName, bool SecondFactor);

/// <param name="Role">Null for an API key.</param>
internal sealed record CurrentWorkspace(Guid Id, string Name, [property: OneOf(typeof(Roles), Name = "Role")] string? Role);

/// <summary>The answer to signing in: tokens for a program, or (beside the cookie) the anti-forgery token for a browser's changes.</summary>
internal sealed record SignedIn(AccountView Account)
{
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? AccessToken { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? RefreshToken { get; init; }

    /// <summary>Seconds until the access token ends.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? ExpiresIn { get; init; }

    /// <summary>When that is, by this service's clock.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>For the header <c>X-CSRF-Token</c>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? CsrfToken { get; init; }
}

internal sealed class AccountViews(Database database)
{
    public async Task<AccountView> OfAsync(ClaimsPrincipal caller, CancellationToken cancellationToken)
    {
        var user = Person.From(caller) is { } person ? await UserAsync(person.UserId, cancellationToken) : null;
        var workspace = WorkspaceContext.From(caller) is { } context ? await WorkspaceAsync(context.WorkspaceId, caller.FindFirstValue(ClaimTypes.Role), cancellationToken) : null;
        return new(user, workspace, [.. caller.Permissions().Select(CallerClaims.ScopeOf)]);
    }

    private Task<UserView?> UserAsync(Guid id, CancellationToken cancellationToken) => database.Sql("""
        select id, email, first_name, last_name, exists (select from second_factors f where f.user_id = users.id and confirmed_at is not null) from users where id = $1
        """, id).FirstAsync(row => new UserView(row.GetGuid(0), row.GetString(1), row.GetString(2), row.GetString(3), row.GetBoolean(4)), cancellationToken);

    private Task<CurrentWorkspace?> WorkspaceAsync(Guid id, string? role, CancellationToken cancellationToken) => database.Sql("select id, name from workspaces where id = $1", id)
        .FirstAsync(row => new CurrentWorkspace(row.GetGuid(0), row.GetString(1), role), cancellationToken);
}
