using LeadSens.Server.Api;

namespace LeadSens.Server.Leads;

internal static class LeadsApi
{
    public static void MapLeads(this IEndpointRouteBuilder app)
    {
        var leads = app.MapApiGroup("leads");
        leads.MapGet("", ([AsParameters] LeadFilter filter, [AsParameters] PageRequest page, UseCaseCall call, ListLeads list) =>
            call.OkAsync(list, new(filter, page)))
            .Runs(ListLeads.Declaration);
        leads.MapGet("{id:guid}", (Guid id, UseCaseCall call, GetLead get) => call.OkAsync(get, new(id))).Runs(GetLead.Declaration);
    }
}
