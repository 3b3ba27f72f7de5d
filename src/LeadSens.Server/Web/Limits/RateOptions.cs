namespace LeadSens.Server.Web;

/// <summary>So many at once, and from then on so many a minute.</summary>
internal sealed class Rate
{
    public int Burst { get; set; }

    public int PerMinute { get; set; }
}

/// <summary>Section <c>Web:Limits</c>. Addresses count by themselves (IPv6 by /64), on each node.</summary>
internal sealed class RateOptions
{
    /// <summary>Everything from one address, whoever calls.</summary>
    public Rate Address { get; set; } = new() { Burst = 10_000, PerMinute = 60_000 };

    /// <summary>The API for one caller: a person's session or a key.</summary>
    public Rate Caller { get; set; } = new() { Burst = 10_000, PerMinute = 60_000 };

    /// <summary>Logins from one address.</summary>
    public Rate Login { get; set; } = new() { Burst = 60, PerMinute = 30 };

    /// <summary>Logins to one account from one address. Beside it the account itself locks, on all nodes.</summary>
    public Rate LoginToAccount { get; set; } = new() { Burst = 30, PerMinute = 10 };

    public Rate Register { get; set; } = new() { Burst = 30, PerMinute = 10 };

    public Rate Refresh { get; set; } = new() { Burst = 120, PerMinute = 120 };

    /// <summary>Whatever sends a mail to somebody who is not signed in, from one address.</summary>
    public Rate Mail { get; set; } = new() { Burst = 30, PerMinute = 10 };

    /// <summary>The same to one account, from wherever.</summary>
    public Rate MailToAccount { get; set; } = new() { Burst = 5, PerMinute = 1 };

    /// <summary>Links that carry their own right: approvals, invitations, confirmations, signed links to runs.</summary>
    public Rate Links { get; set; } = new() { Burst = 240, PerMinute = 120 };

    public Rate Webhooks { get; set; } = new() { Burst = 2_000, PerMinute = 6_000 };

    /// <summary>Endpoints of workflows (<c>/workflows</c>).</summary>
    public Rate Workflows { get; set; } = new() { Burst = 5_000, PerMinute = 12_000 };

    /// <summary>Addresses, accounts and callers that a node remembers per rule; beyond, those that came last are kept.</summary>
    public int Remembered { get; set; } = 50_000;

    public IEnumerable<(string Name, Rate Rate)> All =>
    [
        (nameof(Address), Address), (nameof(Caller), Caller), (nameof(Login), Login), (nameof(LoginToAccount), LoginToAccount), (nameof(Register), Register),
        (nameof(Refresh), Refresh), (nameof(Mail), Mail), (nameof(MailToAccount), MailToAccount), (nameof(Links), Links), (nameof(Webhooks), Webhooks), (nameof(Workflows), Workflows),
    ];
}
