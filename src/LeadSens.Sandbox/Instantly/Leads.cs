using System.Text.Json;
using LeadSens.Sandbox.Http;

namespace LeadSens.Sandbox.Instantly;

/// <summary>Lead lists, and reading and adding leads.</summary>
internal sealed class Leads(Workspace workspace)
{
    private const int LargestPage = 100;

    public Reply CreateList(Call call)
    {
        using var body = JsonReading.Object(call.Body);
        return body?.RootElement.Text("name") is not { Length: > 0 } name
            ? InstantlyErrors.Invalid("body must have required property 'name'")
            : Reply.Json(200, json => LeadJson.List(json, workspace.CreateList(name), workspace.OrganizationId));
    }

    public Reply GetList(Call call) => workspace.List(call.Path[(call.Path.LastIndexOf('/') + 1)..], call.ReadLag) is { } list
        ? Reply.Json(200, json => LeadJson.List(json, list, workspace.OrganizationId))
        : InstantlyErrors.Of(404, null);

    public Reply Lists(Call call)
    {
        if (Paging.FromQuery(call) is not { } paging)
        {
            return InstantlyErrors.Invalid("querystring/limit must be <= 100");
        }

        var search = call.QueryValue("search");
        var lists = workspace.Lists(call.ReadLag).Where(list => search is null || list.Name.Contains(search, StringComparison.OrdinalIgnoreCase));
        return paging.Answer([.. lists], list => list.Id, (json, list) => LeadJson.List(json, list, workspace.OrganizationId));
    }

    public Reply Page(Call call)
    {
        using var body = JsonReading.Object(call.Body);
        if (body is null)
        {
            return InstantlyErrors.Invalid("Body is not valid JSON");
        }

        var request = body.RootElement;
        var limit = request.Number("limit") ?? 10;
        if (limit is < 1 or > LargestPage)
        {
            return InstantlyErrors.Invalid("body/limit must be <= 100");
        }

        var paging = new Paging(limit, request.Text("starting_after"));
        var query = new LeadQuery(request.Text("search"), request.Texts("contacts"));
        return request.Text("list_id") is { } id && workspace.List(id, call.ReadLag) is { Filters: not null } list
            ? paging.Answer(list, query, workspace)
            : Added(call, request, paging, query);
    }

    public Reply Add(Call call)
    {
        using var body = JsonReading.Object(call.Body);
        return body is null ? InstantlyErrors.Invalid("Body is not valid JSON") : new AddLeads(workspace, body.RootElement, call.IgnoresSkipFlags).Answer();
    }

    private Reply Added(Call call, JsonElement request, Paging paging, LeadQuery query)
    {
        var leads = workspace.Added(request.Text("campaign") ?? request.Text("list_id"), call.ReadLag);
        if (query.IsSet)
        {
            leads = [.. leads.Where(lead => query.Fits(lead.Email, null))];
        }

        return paging.Answer(leads, lead => lead.Id, (json, lead) => LeadJson.Lead(json, lead, workspace.OrganizationId));
    }
}

/// <summary>By address or name (<c>search</c>), or any of several addresses (<c>contacts</c>).</summary>
internal sealed record LeadQuery(string? Search, string[] Contacts)
{
    public bool IsSet => Search is { Length: > 0 } || Contacts.Length > 0;

    public bool Fits(string? email, string? name) =>
        (Search is not { Length: > 0 } || Has(email) || Has(name))
        && (Contacts.Length == 0 || email is not null && Contacts.Contains(email, StringComparer.OrdinalIgnoreCase));

    private bool Has(string? text) => text?.Contains(Search!, StringComparison.OrdinalIgnoreCase) == true;
}
