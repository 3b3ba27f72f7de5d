using System.Collections.Frozen;

namespace LeadSens.Server.Identity;

/// <summary>What a caller may do in a workspace. An API key's scopes are the same words in lower case.</summary>
internal enum Permission
{
    /// <summary>Look at everything but the people's secrets.</summary>
    Read,

    /// <summary>Decide approvals, edit the drafts in them, give out their links.</summary>
    Approve,

    /// <summary>Change campaigns, leads, workflows, runs and the company DNA.</summary>
    Work,

    /// <summary>Members, invitations and API keys.</summary>
    Manage,
}

/// <summary>Who may do what: the one table. Each role has what the next one has, and more.</summary>
internal static class Roles
{
    public const string Owner = "owner", Member = "member", Approver = "approver", Viewer = "viewer";

    private static readonly FrozenDictionary<string, Permission[]> Table = new Dictionary<string, Permission[]>
    {
        [Owner] = [Permission.Read, Permission.Approve, Permission.Work, Permission.Manage],
        [Member] = [Permission.Read, Permission.Approve, Permission.Work],
        [Approver] = [Permission.Read, Permission.Approve],
        [Viewer] = [Permission.Read],
    }.ToFrozenDictionary(StringComparer.Ordinal);

    public static readonly IReadOnlyList<string> All = [Owner, Member, Approver, Viewer];

    public static bool IsRole(string? role) => role is not null && Table.ContainsKey(role);

    /// <summary>The roles that may do this, for statements that ask about others than the caller.</summary>
    public static string[] WhoMay(Permission permission) => [.. All.Where(role => Of(role).Contains(permission))];

    /// <summary>A role that is not in the table may do nothing.</summary>
    public static IReadOnlyList<Permission> Of(string role) => Table.GetValueOrDefault(role, []);
}

/// <summary>The permissions as words.</summary>
internal static class Scopes
{
    public static readonly IReadOnlyList<string> All = [.. Enum.GetValues<Permission>().Select(CallerClaims.ScopeOf)];
}
