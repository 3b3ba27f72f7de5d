
namespace LeadSens.Server.Mail;

internal enum DeliveryEnd
{
    /// <summary>The server is responsible for the mail now.</summary>
    Accepted,
    /// <summary>Nothing was taken; later it may be.</summary>
    Later,
    /// <summary>Nothing was taken, and never will be.</summary>
    Refused,
    /// <summary>The text was handed over and nobody answered: it may arrive, or not.</summary>
    Unknown,
    /// <summary>Another attempt has, or had, the right to hand it over.</summary>
    NotOurs,
}

/// <summary>How an attempt to hand over a mail ended.</summary>
/// <param name="Why">For people; without what the server said in words, which may hold addresses.</param>
internal sealed record Delivery(DeliveryEnd End, string Why = "")
{
    public const string Provider = "smtp";

    public static readonly Delivery Accepted = new(DeliveryEnd.Accepted);

    /// <summary>What a reply of 4yz or 5yz means where it is about this mail.</summary>
    public static Delivery Of(SmtpReply reply, string step) =>
        new(reply.Code is >= 500 and < 600 ? DeliveryEnd.Refused : DeliveryEnd.Later, $"The mail server refused {step} ({reply}).");

    /// <summary>A refusal that is about us and not about the mail waits for somebody to mend it, whatever its number.</summary>
    public static Delivery NotYet(SmtpReply reply, string step) => new(DeliveryEnd.Later, $"The mail server refused {step} ({reply}).");

    public ProviderFailure ToFailure() => new(End switch
    {
        DeliveryEnd.Refused => ProviderFailureKind.Invalid,
        DeliveryEnd.Later => ProviderFailureKind.Unavailable,
        // Not UnknownOutcome, which is tried again: a person decides whether it is sent once more.
        _ => ProviderFailureKind.Conflict,
    }, Provider, Why);
}
