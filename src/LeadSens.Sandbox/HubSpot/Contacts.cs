using System.Globalization;
using LeadSens.Sandbox.State;

namespace LeadSens.Sandbox.HubSpot;

/// <summary>A contact; its e-mail is unique whatever its case.</summary>
internal sealed record Contact(string Id, IReadOnlyDictionary<string, string> Properties, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt)
{
    public string? Email => Properties.GetValueOrDefault("email");
}

/// <summary>The account's contacts. The vendor's ids are numbers.</summary>
internal sealed class Contacts(Ledger ledger, TimeProvider clock)
{
    private const long FirstId = 101;
    private readonly Lock gate = new();
    private readonly List<Contact> contacts = [];
    private readonly Dictionary<string, int> byEmail = new(StringComparer.OrdinalIgnoreCase);

    public Contact? ById(string id, TimeSpan lag) => Visible(IndexOf(id), lag);

    public Contact? ByEmail(string email, TimeSpan lag)
    {
        lock (gate)
        {
            return Visible(byEmail.GetValueOrDefault(email.Trim(), -1), lag);
        }
    }

    public IReadOnlyList<Contact> All(TimeSpan lag)
    {
        lock (gate)
        {
            return [.. contacts.Where(contact => IsVisible(contact, lag))];
        }
    }

    /// <summary>Creates or updates by e-mail, each in its turn under one lock.</summary>
    public IReadOnlyList<(Contact Contact, bool IsNew)> Upsert(IReadOnlyList<Dictionary<string, string>> wanted)
    {
        lock (gate)
        {
            return [.. wanted.Select(properties => Write(byEmail.GetValueOrDefault(properties["email"].Trim(), -1), properties))];
        }
    }

    /// <returns>Null when another contact has the e-mail already.</returns>
    public Contact? Create(Dictionary<string, string> properties)
    {
        lock (gate)
        {
            return properties.TryGetValue("email", out var email) && byEmail.ContainsKey(email.Trim()) ? null : Write(-1, properties).Contact;
        }
    }

    public Contact Update(Contact contact, Dictionary<string, string> properties)
    {
        lock (gate)
        {
            return Write(IndexOf(contact.Id), properties).Contact;
        }
    }

    public void Apply(ContactWritten written)
    {
        lock (gate)
        {
            Store(written);
        }
    }

    private (Contact Contact, bool IsNew) Write(int index, Dictionary<string, string> properties)
    {
        var id = index < 0 ? (FirstId + contacts.Count).ToString(CultureInfo.InvariantCulture) : contacts[index].Id;
        var merged = index < 0 ? properties : contacts[index].Properties.Concat(properties).GroupBy(pair => pair.Key).ToDictionary(group => group.Key, group => group.Last().Value);
        var written = new ContactWritten(id, index < 0, merged) { At = clock.GetUtcNow() };
        ledger.Record([written]);
        return (Store(written), index < 0);
    }

    private Contact Store(ContactWritten written)
    {
        var index = IndexOf(written.Id);
        var contact = new Contact(written.Id, written.Properties, index < 0 ? written.At : contacts[index].CreatedAt, written.At);
        if (index < 0)
        {
            index = contacts.Count;
            contacts.Add(contact);
        }
        else
        {
            contacts[index] = contact;
        }

        if (contact.Email is { } email)
        {
            byEmail[email.Trim()] = index;
        }

        return contact;
    }

    private int IndexOf(string id) =>
        long.TryParse(id, CultureInfo.InvariantCulture, out var number) && number - FirstId is var index && index >= 0 && index < contacts.Count ? (int)index : -1;

    private Contact? Visible(int index, TimeSpan lag) => index >= 0 && IsVisible(contacts[index], lag) ? contacts[index] : null;

    private bool IsVisible(Contact contact, TimeSpan lag) => lag == TimeSpan.Zero || contact.CreatedAt + lag <= clock.GetUtcNow();
}
