namespace LeadSens.Server.Connections;

/// <summary>Endpoints that a provider has beside those that all of them share.</summary>
internal abstract class ProviderRoutes
{
    public abstract void Map(IEndpointRouteBuilder app);
}
