using LeadSens.Sandbox.Data;
using LeadSens.Sandbox.State;

namespace LeadSens.Sandbox.Instantly;

/// <summary>A lead list. One that a search filled computes its people from the filters; others hold what was added.</summary>
internal sealed class LeadList(ListCreated created, Market? market, TimeProvider clock)
{
    private const int PollsWhileFilling = 2;
    private static readonly TimeSpan LongestFilling = TimeSpan.FromSeconds(5);
    private int pollsLeft;

    public string Id => created.Id;
    public string Name => created.Name;
    public DateTimeOffset At => created.At;
    public string? Filters => created.Filters;
    public int Bought => created.Limit;
    public bool IsFilling => Volatile.Read(ref pollsLeft) > 0 && clock.GetUtcNow() - At < LongestFilling;
    public List<AddedLead> Added { get; } = [];

    public void StartFilling() => pollsLeft = PollsWhileFilling;

    /// <returns>Whether the enrichment is still in progress: true for a short number of polls.</returns>
    public bool Poll() => Interlocked.Decrement(ref pollsLeft) >= 0 && clock.GetUtcNow() - At < LongestFilling;

    public Person Person(int index) => created.SkipWithoutEmail ? market!.PersonWithEmail(index) : market!.Person(index);
}

/// <summary>0 draft, 1 active, 2 paused.</summary>
internal sealed class Campaign(CampaignCreated created)
{
    private readonly HashSet<string> emails = new(StringComparer.OrdinalIgnoreCase);

    public string Id => created.Id;
    public string Name => created.Name;
    public DateTimeOffset At => created.At;
    public string Body => created.Body;
    public int Status { get; set; }
    public List<AddedLead> Leads { get; } = [];

    public bool Has(string email) => emails.Contains(email);

    public void Add(AddedLead lead)
    {
        Leads.Add(lead);
        emails.Add(lead.Email);
    }
}

/// <summary>A lead as it was added, with its own JSON.</summary>
internal sealed record AddedLead(string Id, string TargetId, bool InCampaign, string Email, DateTimeOffset At, byte[] Body);

/// <summary>Who is where already, for the skip flags.</summary>
internal sealed record Membership(
    IReadOnlyDictionary<string, Campaign> Campaigns,
    IReadOnlyDictionary<string, LeadList> Lists,
    IReadOnlySet<string> EmailsInCampaigns,
    IReadOnlySet<string> EmailsInLists);
