using LeadSens.Server.Audit;
using LeadSens.Server.Identity;
using LeadSens.Server.Web;
using Microsoft.AspNetCore.Authentication;

namespace LeadSens.Server.Studio.Site;

/// <summary>The sign-in page's form: an account's address and password (and code, where it has an authenticator), or an API key.</summary>
internal sealed record SignInFields(string? Email, string? Password, string? Code, string? Key, string? ReturnUrl);

/// <summary>Signs in from the page.</summary>
internal sealed class PageSignIn(Logins logins, KnownDevices devices, ConfirmEmail confirmations, SignIn signIn, ApiKeys keys, RateLimits limits)
{
    /// <summary>What to tell the person; null when they are signed in.</summary>
    public async Task<string?> RefusalAsync(HttpContext context, SignInFields fields, CancellationToken cancellationToken)
    {
        if (string.IsNullOrEmpty(fields.Password)) return await ByKeyAsync(context, fields.Key?.Trim() ?? "", cancellationToken);
        if (limits.RefusalOf(RateRule.Login, fields.Email ?? "", context) is not null) return Login.Refusal;
        var check = await logins.CheckAsync(fields.Email, fields.Password, fields.Code, AuditActor.Of(context), devices.Of(context), cancellationToken);
        if (check.NeedsCode) return "This account has an authenticator: type its code, or a recovery code, as well.";
        if (check.UserId is not { } id) return Login.Refusal;
        if (!await confirmations.IsConfirmedAsync(id, cancellationToken))
        {
            await confirmations.SendAgainAsync(id, cancellationToken);
            return "Confirm your address first: we sent the link to it once more.";
        }

        await signIn.ExecuteAsync(context, id, cookie: true, cancellationToken);
        return null;
    }

    private async Task<string?> ByKeyAsync(HttpContext context, string key, CancellationToken cancellationToken)
    {
        if (await keys.FindAsync(key, cancellationToken) is not { } owner) return "This key opens nothing.";
        await context.SignInAsync(SessionAuthentication.SchemeName, CallerClaims.Of(owner, SessionAuthentication.SchemeName));
        return null;
    }
}
