using LeadSens.Server.Api;
using LeadSens.Server.Audit;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadSens.Server.Identity;

/// <summary>Before what protects an account changes, the person shows once more who they are: a session that somebody found open is not enough.</summary>
internal static class AskAgain
{
    /// <summary>Null when the password is right, and the code where the account has a second factor.</summary>
    public static async Task<ProblemHttpResult?> RefusalAsync(this Logins logins, Person caller, string? password, string? code, AuditActor by, CancellationToken cancellationToken)
    {
        var check = await logins.CheckAsync(caller, password, code, by, cancellationToken);
        return check.NeedsCode ? Login.NeedsCode(StatusCodes.Status403Forbidden)
            : check.UserId is null ? Problems.Of(StatusCodes.Status403Forbidden, "password_wrong", "Nothing was changed.", "The current password or the code is wrong, or there were too many attempts within some minutes.")
            : null;
    }
}
