using LeadSens.Server.Data;
using LeadSens.Server.Connections.Providers.HubSpot;
using LeadSens.Server.Connections.Providers.Instantly;
using LeadSens.Server.Connections.Providers.Jina;
using LeadSens.Server.Connections.Providers.Mistral;
using LeadSens.Server.Jobs;
using Microsoft.Extensions.Options;

namespace LeadSens.Server.Tests.Connections;

/// <summary>The vendors' real clients with a short patience, and accounts at whatever server a test runs.</summary>
internal static class TestClients
{
    public const string Secret = "sk-very-secret-0123456789";

    /// <summary>Its accounts have no limits, so no database is asked.</summary>
    private static readonly Limits Unlimited = new(new SystemDatabase(Npgsql.NpgsqlDataSource.Create("Host=nowhere.invalid")), new(TimeProvider.System), new(), new(), TimeProvider.System);

    public static InstantlyClient Instantly(double timeout = 30) => new(Options.Create(new InstantlyOptions { TimeoutSeconds = timeout }), TimeProvider.System, Unlimited);

    public static HubSpotClient HubSpot(double timeout = 30) => new(Options.Create(new HubSpotOptions { TimeoutSeconds = timeout }), TimeProvider.System, Unlimited);

    public static JinaClient Jina(double timeout = 30) => new(Options.Create(new JinaOptions { TimeoutSeconds = timeout }), TimeProvider.System, Unlimited);

    public static MistralHttp Mistral(double timeout = 30) => new(Options.Create(new MistralOptions { TimeoutSeconds = timeout }), TimeProvider.System, Unlimited);

    public static ProviderAccount Account(string provider, string url) => ProviderAccount.Real(provider, url, Secret);
}
