using LeadSens.Server.Api;

namespace LeadSens.Server.Leads;

internal static class LeadsApi
{
    public static void MapLeads(this IEndpointRouteBuilder app)
    {
        var leads = app.MapApiGroup("leads");
        leads.MapGet("", ListLeads.HandleAsync).Named("listLeads", "Leads in the order of their creation");
        leads.MapGet("{id:guid}", GetLead.HandleAsync).Named("getLead", "A lead with everything that is known and was written about it");
    }
}
