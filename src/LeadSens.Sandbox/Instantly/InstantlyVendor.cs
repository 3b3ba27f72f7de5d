using LeadSens.Sandbox.Http;
using LeadSens.Sandbox.State;

namespace LeadSens.Sandbox.Instantly;

/// <summary>Instantly API v2: its paths, casing, error bodies and paging in the body.</summary>
internal sealed class InstantlyVendor : Vendor
{
    private const string Root = "/api/v2/";
    private readonly Dictionary<(string Method, string Path), Operation> fixedPaths = [];
    private readonly Dictionary<(string Method, string Path), Operation> pathsWithId = [];

    public InstantlyVendor(int seed, Ledger ledger, TimeProvider clock) : base("instantly")
    {
        Workspace = new Workspace(seed, ledger, clock);
        var search = new SuperSearch(Workspace);
        var leads = new Leads(Workspace);
        var campaigns = new Campaigns(Workspace);

        Map("GET", "workspaces/current", _ => InstantlyAccount.Answer(seed));
        Map("POST", "supersearch-enrichment/count-leads-from-supersearch", search.Count);
        Map("POST", "supersearch-enrichment/preview-leads-from-supersearch", search.Preview);
        Map("POST", "supersearch-enrichment/enrich-leads-from-supersearch", search.Enrich);
        Map("GET", "supersearch-enrichment/{id}", search.Status);
        Map("POST", "lead-lists", leads.CreateList);
        Map("GET", "lead-lists", leads.Lists);
        Map("GET", "lead-lists/{id}", leads.GetList);
        Map("POST", "leads/list", leads.Page);
        Map("POST", "leads/add", leads.Add);
        Map("POST", "campaigns", campaigns.Create);
        Map("GET", "campaigns", campaigns.Page);
        Map("GET", "campaigns/{id}", campaigns.Get);
        Map("POST", "campaigns/{id}/activate", call => campaigns.SetStatus(call, 1));
        Map("POST", "campaigns/{id}/pause", call => campaigns.SetStatus(call, 2));
    }

    public Workspace Workspace { get; }

    public override Operation? Find(Call call)
    {
        if (!call.Path.StartsWith(Root, StringComparison.Ordinal))
        {
            return null;
        }

        var path = call.Path.AsSpan(Root.Length).TrimEnd('/').ToString();
        if (fixedPaths.TryGetValue((call.Method, path), out var endpoint))
        {
            return endpoint;
        }

        var parts = path.Split('/');
        if (parts.Length is < 2 or > 3)
        {
            return null;
        }

        parts[1] = "{id}";
        return pathsWithId.GetValueOrDefault((call.Method, string.Join('/', parts)));
    }

    public override Reply Error(int status, string? message = null) => InstantlyErrors.Of(status, message);

    public override Reply ErrorInside() => InstantlyErrors.Body(200, 500, null);

    private void Map(string method, string path, Func<Call, Reply> answer)
    {
        var endpoint = new Operation($"{method} {Root}{path}", call =>
            call.HasBearer ? answer(call) : InstantlyErrors.Of(401, "Invalid API key"));
        (path.Contains('{', StringComparison.Ordinal) ? pathsWithId : fixedPaths).Add((method, path), endpoint);
    }
}
