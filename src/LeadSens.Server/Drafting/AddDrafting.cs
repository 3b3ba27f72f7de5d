namespace LeadSens.Server.Drafting;

internal static class DraftingRegistration
{
    public static IServiceCollection AddDrafting(this IServiceCollection services) =>
        services.AddSingleton<DraftWriter>().AddJobHandler<DraftHandler, DraftInput, DraftedSequence>();
}
