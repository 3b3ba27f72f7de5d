using System.Collections.Frozen;
using System.Security.Claims;
using LeadSens.Server.Identity;
using Microsoft.Extensions.Options;

namespace LeadSens.Server.Web;

/// <summary>Counts who called how often, on this node.</summary>
internal sealed class RateLimits
{
    private readonly FrozenDictionary<RateRule, RateTable<UInt128>> byRule;
    private readonly RateTable<UInt128> addresses;
    private readonly RateTable<string> callers;
    private readonly RateTable<(UInt128, string)> loginToAccount;
    private readonly RateTable<string> mailToAccount;

    public RateLimits(IOptions<WebOptions> options, TimeProvider clock)
    {
        var (limits, remembered) = (options.Value.Limits, options.Value.Limits.Remembered);
        (addresses, callers) = (new(limits.Address, remembered, clock), new(limits.Caller, remembered, clock));
        (loginToAccount, mailToAccount) = (new(limits.LoginToAccount, remembered, clock), new(limits.MailToAccount, remembered, clock));
        byRule = new Dictionary<RateRule, Rate>
        {
            [RateRule.Login] = limits.Login, [RateRule.Register] = limits.Register, [RateRule.Refresh] = limits.Refresh, [RateRule.Mail] = limits.Mail,
            [RateRule.Links] = limits.Links, [RateRule.Webhooks] = limits.Webhooks, [RateRule.Workflows] = limits.Workflows,
        }.ToFrozenDictionary(rule => rule.Key, rule => new RateTable<UInt128>(rule.Value, remembered, clock));
    }

    /// <summary>Null: go on. Else how long to wait; what the address did for one rule counts for the others as little as it counts for other addresses.</summary>
    public TimeSpan? RefusalOf(HttpContext context)
    {
        var address = ClientAddress.KeyOf(context.Connection.RemoteIpAddress);
        return context.GetEndpoint()?.Metadata.GetMetadata<RateRuleMetadata>() is { } limited && byRule[limited.Rule].Refusal(address) is { } wait
            ? wait : addresses.Refusal(address);
    }

    /// <summary>Counts a request to the account, whatever else the request asked for.</summary>
    public TimeSpan? RefusalOf(RateRule rule, string email, HttpContext context)
    {
        // What is no address is no account: one key for all of it.
        var account = EmailAddress.KeyOf(email) ?? "";
        return rule == RateRule.Login ? loginToAccount.Refusal((ClientAddress.KeyOf(context.Connection.RemoteIpAddress), account)) : mailToAccount.Refusal(account);
    }

    public TimeSpan? RefusalOf(ClaimsPrincipal caller) =>
        (caller.FindFirst(CallerClaims.SessionClaim) ?? caller.FindFirst(CallerClaims.KeyClaim)) is { } who ? callers.Refusal(who.Value) : null;
}
