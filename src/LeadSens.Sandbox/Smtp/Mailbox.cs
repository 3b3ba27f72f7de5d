using LeadSens.Sandbox.State;

namespace LeadSens.Sandbox.Smtp;

/// <summary>The mails that arrived, the newest last; the oldest of too many are forgotten.</summary>
internal sealed class Mailbox(Ledger ledger)
{
    private const int Most = 2000;

    private readonly Queue<ReceivedMail> mails = new();
    private readonly Lock gate = new();

    public void Accept(MailAccepted mail)
    {
        ledger.Record([mail]);
        Apply(mail);
    }

    public void Apply(MailAccepted mail)
    {
        var received = ReceivedMail.Of(mail);
        lock (gate)
        {
            mails.Enqueue(received);
            if (mails.Count > Most)
            {
                mails.Dequeue();
            }
        }
    }

    /// <param name="to">Part of a recipient's address; null for all.</param>
    public IReadOnlyList<ReceivedMail> Find(string? to)
    {
        lock (gate)
        {
            return [.. mails.Where(mail => to is null || mail.To.Any(address => address.Contains(to, StringComparison.OrdinalIgnoreCase)))];
        }
    }

    public ReceivedMail? Get(string id)
    {
        lock (gate)
        {
            return mails.FirstOrDefault(mail => mail.Id == id);
        }
    }
}
