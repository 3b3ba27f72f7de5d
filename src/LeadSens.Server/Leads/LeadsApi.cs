using LeadSens.Server.Api;

namespace LeadSens.Server.Leads;

internal static class LeadsApi
{
    public static void MapLeads(this IEndpointRouteBuilder app)
    {
        var leads = app.MapApiGroup("leads");
        leads.MapGet("", ListLeads.HandleAsync);
        leads.MapGet("{id:guid}", GetLead.HandleAsync);

        var suppressions = app.MapApiGroup("suppressions");
        suppressions.MapGet("", Suppressions.ListAsync);
        suppressions.MapPost("", Suppressions.AddAsync);
        suppressions.MapDelete("{id:guid}", Suppressions.RemoveAsync);
    }
}
