using LeadSens.Server.Api;

namespace LeadSens.Server.Leads;

internal static class LeadsApi
{
    public static void MapLeads(this IEndpointRouteBuilder app)
    {
        var leads = app.MapApiGroup("leads");
        leads.MapGet("", ListLeads.HandleAsync);
        leads.MapGet("{id:guid}", GetLead.HandleAsync);
    }
}
