using LeadSens.Activities;
using LeadSens.Server.Api;
using LeadSens.Server.UseCases;

namespace LeadSens.Server.Leads;

internal static class LeadsRegistration
{
    public static IServiceCollection AddLeads(this IServiceCollection services) => services.AddSingleton<ILeadRules, LeadRules>()
        .AddUseCase<ListLeads, ListLeads.Request, Page<LeadSummary>>().AddUseCase<GetLead, GetLead.Request, LeadView>();
}
