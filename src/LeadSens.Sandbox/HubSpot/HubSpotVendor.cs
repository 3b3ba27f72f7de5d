using LeadSens.Sandbox.Control;
using LeadSens.Sandbox.Http;
using LeadSens.Sandbox.State;

namespace LeadSens.Sandbox.HubSpot;

/// <summary>HubSpot's OAuth and contacts, these under the dated and the v3 path.</summary>
internal sealed class HubSpotVendor : Vendor
{
    private static readonly string[] Roots = ["/crm/objects/2026-09/contacts", "/crm/v3/objects/contacts"];
    private readonly Dictionary<(string Method, string Path), Operation> endpoints = [];

    public HubSpotVendor(Ledger ledger, Credentials credentials, TimeProvider clock) : base("hubspot")
    {
        var authorize = new Authorize(credentials);
        var tokens = new OAuthTokens(credentials, authorize);
        Open("GET", "/oauth/authorize", authorize.Ask);
        Open("POST", "/oauth/2026-03/token", tokens.Token);
        Open("POST", "/oauth/2026-03/token/introspect", tokens.Introspect);
        Open("POST", "/oauth/2026-03/token/revoke", tokens.Revoke);
        Contacts = new Contacts(ledger, clock);
        var batches = new ContactBatches(Contacts);
        var single = new SingleContacts(Contacts);
        foreach (var root in Roots)
        {
            Map("POST", root, "/batch/read", batches.Read);
            Map("POST", root, "/batch/upsert", batches.Upsert);
            Map("POST", root, "/search", new ContactSearch(Contacts).Answer, rateHeaders: false);
            Map("POST", root, "", single.Create);
            Map("GET", root, "/{id}", single.Get);
            Map("PATCH", root, "/{id}", single.Update);
        }
    }

    public Contacts Contacts { get; }

    public override Operation? Find(Call call) =>
        endpoints.GetValueOrDefault((call.Method, call.Path))
        ?? (call.Path.LastIndexOf('/') is > 0 and var slash ? endpoints.GetValueOrDefault((call.Method, call.Path[..slash] + "/{id}")) : null);

    public override Reply Error(int status, string? message = null) => HubSpotErrors.Of(status, message);

    public override Reply ErrorInside() => HubSpotErrors.Of(500, null) with { Status = 200 };

    /// <summary>Without a bearer.</summary>
    private void Open(string method, string path, Func<Call, Reply> answer) => endpoints.Add((method, path), new Operation($"{method} {path}", answer));

    private void Map(string method, string root, string path, Func<Call, Reply> answer, bool rateHeaders = true) =>
        endpoints.Add((method, root + path), new Operation($"{method} {root}{path}", call =>
        {
            var reply = call.HasBearer ? answer(call) : HubSpotErrors.Of(401, null);
            return rateHeaders ? reply with { Headers = [.. reply.Headers, .. RateHeaders] } : reply;
        }));

    private static readonly KeyValuePair<string, string>[] RateHeaders =
    [
        new("X-HubSpot-RateLimit-Max", "100"),
        new("X-HubSpot-RateLimit-Remaining", "99"),
        new("X-HubSpot-RateLimit-Interval-Milliseconds", "10000"),
        new("X-HubSpot-RateLimit-Daily", "250000"),
        new("X-HubSpot-RateLimit-Daily-Remaining", "249999"),
    ];
}
