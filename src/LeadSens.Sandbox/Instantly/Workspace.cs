using System.Text;
using System.Text.Json;
using LeadSens.Sandbox.Data;
using LeadSens.Sandbox.State;

namespace LeadSens.Sandbox.Instantly;

/// <summary>The lists, campaigns and leads of the one account; every change is an effect, applied the same way when it is replayed.</summary>
internal sealed class Workspace(int seed, Ledger ledger, TimeProvider clock)
{
    private readonly Lock gate = new();
    private readonly List<LeadList> lists = [];
    private readonly List<Campaign> campaigns = [];
    private readonly Dictionary<string, LeadList> listsById = [];
    private readonly Dictionary<string, Campaign> campaignsById = [];
    private readonly HashSet<string> emailsInCampaigns = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<string> emailsInLists = new(StringComparer.OrdinalIgnoreCase);

    public string OrganizationId { get; } = Id(Dice.Of(seed, "organization"));

    public DateTimeOffset Now => clock.GetUtcNow();

    public Market Market(Target target) => new(seed, target);

    public LeadList Buy(string name, string filters, Market market, int limit, bool skipWithoutEmail)
    {
        lock (gate)
        {
            var id = Id(Dice.Of(seed, "list").With(name).With(lists.Count(list => list.Name == name)));
            var created = new ListCreated(id, name, filters, Math.Min(limit, market.Size), skipWithoutEmail) { At = Now };
            Commit([created, new CreditsSpent(id, created.Limit) { At = created.At }]);
            listsById[id].StartFilling();
            return listsById[id];
        }
    }

    public LeadList CreateList(string name)
    {
        lock (gate)
        {
            var id = Id(Dice.Of(seed, "list").With(name).With(lists.Count(list => list.Name == name)));
            Commit([new ListCreated(id, name, null, 0, false) { At = Now }]);
            return listsById[id];
        }
    }

    public Campaign CreateCampaign(string name, string body)
    {
        lock (gate)
        {
            var id = Id(Dice.Of(seed, "campaign").With(name).With(campaigns.Count(campaign => campaign.Name == name)));
            Commit([new CampaignCreated(id, name, body) { At = Now }]);
            return campaignsById[id];
        }
    }

    public Campaign? SetStatus(string id, int status)
    {
        lock (gate)
        {
            if (campaignsById.GetValueOrDefault(id) is { } campaign)
            {
                Commit([new CampaignStatusSet(id, status) { At = Now }]);
                return campaign;
            }

            return null;
        }
    }

    /// <summary>Decides and adds under one lock, so that two adds of one address see each other.</summary>
    public T Add<T>(Func<Membership, (IReadOnlyList<LeadCreated> Leads, T Answer)> decide)
    {
        lock (gate)
        {
            var (leads, answer) = decide(new Membership(campaignsById, listsById, emailsInCampaigns, emailsInLists));
            Commit(leads);
            return answer;
        }
    }

    public LeadList? List(string id, TimeSpan lag)
    {
        lock (gate)
        {
            return listsById.GetValueOrDefault(id) is { } list && IsVisible(list.At, lag) ? list : null;
        }
    }

    public Campaign? Campaign(string id, TimeSpan lag)
    {
        lock (gate)
        {
            return campaignsById.GetValueOrDefault(id) is { } campaign && IsVisible(campaign.At, lag) ? campaign : null;
        }
    }

    public IReadOnlyList<LeadList> Lists(TimeSpan lag)
    {
        lock (gate)
        {
            return [.. lists.Where(list => IsVisible(list.At, lag))];
        }
    }

    public IReadOnlyList<Campaign> Campaigns(TimeSpan lag)
    {
        lock (gate)
        {
            return [.. campaigns.Where(campaign => IsVisible(campaign.At, lag))];
        }
    }

    /// <summary>The leads that were added to a campaign or list, oldest first, as a read with this lag sees them.</summary>
    public IReadOnlyList<AddedLead> Added(string? targetId, TimeSpan lag)
    {
        lock (gate)
        {
            var leads = targetId is null ? campaigns.SelectMany(campaign => campaign.Leads).Concat(lists.SelectMany(list => list.Added))
                : campaignsById.TryGetValue(targetId, out var campaign) ? campaign.Leads
                : listsById.TryGetValue(targetId, out var list) ? list.Added
                : [];
            return [.. leads.Where(lead => IsVisible(lead.At, lag))];
        }
    }

    public void Apply(Effect effect)
    {
        switch (effect)
        {
            case ListCreated list:
                var made = new LeadList(list, list.Filters is null ? null : Market(Read(list.Filters)), clock);
                lists.Add(made);
                listsById[list.Id] = made;
                break;
            case CampaignCreated campaign:
                campaigns.Add(campaignsById[campaign.Id] = new Campaign(campaign));
                break;
            case CampaignStatusSet status:
                campaignsById[status.Id].Status = status.Status;
                break;
            case LeadCreated lead:
                Apply(lead);
                break;
        }
    }

    public static string Id(Dice dice) => new Guid((int)dice.State, (short)(dice.State >> 32), (short)(0x7000 | (dice.State >> 48 & 0xFFF)),
        [0x80, 0, .. BitConverter.GetBytes(dice.With("low").State).AsSpan(0, 6)]).ToString();

    private void Apply(LeadCreated lead)
    {
        var added = new AddedLead(lead.Id, lead.TargetId, lead.InCampaign, lead.Email, lead.At, Encoding.UTF8.GetBytes(lead.Body));
        if (lead.InCampaign)
        {
            campaignsById[lead.TargetId].Add(added);
            emailsInCampaigns.Add(lead.Email);
        }
        else
        {
            listsById[lead.TargetId].Added.Add(added);
            emailsInLists.Add(lead.Email);
        }
    }

    private void Commit(IReadOnlyList<Effect> effects)
    {
        foreach (var effect in effects)
        {
            Apply(effect);
        }

        ledger.Record(effects);
    }

    private bool IsVisible(DateTimeOffset at, TimeSpan lag) => lag == TimeSpan.Zero || at + lag <= Now;

    private static Target Read(string filters)
    {
        using var body = JsonDocument.Parse($$"""{"search_filters":{{filters}}}""");
        SearchFilters.Read(body.RootElement, out var target);
        return target;
    }
}
