using LeadSens.Activities;

namespace LeadSens.Server.Leads;

internal static class LeadsRegistration
{
    public static IServiceCollection AddLeads(this IServiceCollection services) => services.AddSingleton<ILeadRules, LeadRules>();
}
