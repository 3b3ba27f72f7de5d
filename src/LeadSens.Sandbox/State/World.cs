using LeadSens.Sandbox.Control;
using LeadSens.Sandbox.HubSpot;
using LeadSens.Sandbox.Http;
using LeadSens.Sandbox.Instantly;
using LeadSens.Sandbox.Jina;
using LeadSens.Sandbox.Mistral;
using LeadSens.Sandbox.Slack;
using LeadSens.Sandbox.Smtp;

namespace LeadSens.Sandbox.State;

/// <summary>Everything a Sandbox knows: its seed, the vendors with their state, the logs and what was set.</summary>
internal sealed class World : IDisposable
{
    private readonly TimeProvider clock;
    private volatile Content content;

    public World(SandboxOptions options, TimeProvider clock)
    {
        this.clock = clock;
        Ledger = new Ledger(options.StateFile);
        content = new Content(options.Seed, this, clock);
        foreach (var effect in Ledger.Replay())
        {
            Apply(effect);
        }
    }

    public Ledger Ledger { get; }
    public int Seed => content.Seed;
    public CallLog Calls => content.Calls;
    public Faults Faults => content.Faults;
    public Limits Limits => content.Limits;
    public Latency Latency => content.Latency;
    public Mailbox Mailbox => content.Mailbox;
    public Credentials Credentials => content.Credentials;

    public Vendor? Vendor(string name) => name switch
    {
        "instantly" => content.Instantly,
        "hubspot" => content.HubSpot,
        "mistral" => content.Mistral,
        "jina" => content.Jina,
        "slack" => content.Slack,
        _ => null,
    };

    /// <summary>An empty world: no writes, no calls, no faults, limits or latency.</summary>
    public void Reset(int? seed)
    {
        content = new Content(seed ?? Seed, this, clock);
        Ledger.Reset(Seed);
    }

    public void Dispose() => Ledger.Dispose();

    private void Apply(Effect effect)
    {
        if (effect is WorldReset reset)
        {
            content = new Content(reset.Seed, this, clock);
        }
        else if (effect is ContactWritten contact)
        {
            content.HubSpot.Contacts.Apply(contact);
        }
        else if (effect is MailAccepted mail)
        {
            content.Mailbox.Apply(mail);
        }
        else if (effect is not SlackMessagePosted)
        {
            content.Instantly.Workspace.Apply(effect);
        }
    }

    private sealed class Content
    {
        public Content(int seed, World world, TimeProvider clock)
        {
            Seed = seed;
            Faults = new(seed);
            Limits = new(clock);
            Credentials = new(clock);
            Instantly = new(seed, world.Ledger, clock);
            HubSpot = new(world.Ledger, Credentials, clock);
            Jina = new(seed);
            Slack = new(world.Ledger, clock);
            Mailbox = new(world.Ledger);
        }

        public int Seed { get; }
        public CallLog Calls { get; } = new();
        public Faults Faults { get; }
        public Limits Limits { get; }
        public Latency Latency { get; } = new();
        public Credentials Credentials { get; }
        public InstantlyVendor Instantly { get; }
        public HubSpotVendor HubSpot { get; }
        public MistralVendor Mistral { get; } = new();
        public JinaVendor Jina { get; }
        public SlackVendor Slack { get; }
        public Mailbox Mailbox { get; }
    }
}
