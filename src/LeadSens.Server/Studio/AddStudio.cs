using LeadSens.Server.Studio;
using LeadSens.Server.Studio.Definitions;
using LeadSens.Server.Studio.Palette;
using LeadSens.Server.Studio.Shipped;
using LeadSens.Server.Studio.Site;

namespace Microsoft.Extensions.DependencyInjection;

internal static class StudioRegistration
{
    public static IServiceCollection AddStudio(this IServiceCollection services)
    {
        services.AddOptions<JsonLimits>().BindConfiguration(JsonLimits.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddHttpContextAccessor();
        return services.AddSingleton<DefinitionViews>().AddSingleton<ActivityPalette>().AddSingleton<ShippedOffers>().AddSingleton<PageSignIn>();
    }

    /// <summary>Tells Studio that the Server can do this; Studio looks it up by its full name.</summary>
    public static IServiceCollection AddStudioFeature(this IServiceCollection services, string fullName, string displayName, string description) =>
        services.AddSingleton(new StudioFeature(fullName, displayName, description));
}
