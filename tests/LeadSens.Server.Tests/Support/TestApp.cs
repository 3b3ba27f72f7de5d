using LeadSens.Server.Identity;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;

namespace LeadSens.Server.Tests.Support;

/// <summary>The real app on a database of its own. Providers are a Sandbox at the given address; without one they are nowhere, for
/// tests that call none.</summary>
internal sealed class TestApp : IAsyncDisposable
{
    private const string Nowhere = "http://127.0.0.1:9";

    private readonly WebApplicationFactory<Program> factory;

    private bool _isGuest;

    private TestApp(TestDatabase database, WebApplicationFactory<Program> factory) => (Database, this.factory) = (database, factory);

    public TestDatabase Database { get; }

    public IServiceProvider Services => factory.Services;

    /// <param name="settings">Configuration keys in the colon form.</param>
    public static async Task<TestApp> StartAsync(string? sandboxUrl = null, string environment = "Development", params (string Key, string Value)[] settings)
    {
        var database = await TestPostgres.NewDatabaseAsync();
        return new(database, Start(database, sandboxUrl, environment, settings));
    }

    /// <summary>Another Server on a database that exists; only the database's owner disposes of it.</summary>
    public static TestApp Beside(TestDatabase database, params (string Key, string Value)[] settings) => new(database, Start(database, null, "Development", settings)) { _isGuest = true };

    private static WebApplicationFactory<Program> Start(TestDatabase database, string? sandboxUrl, string environment, (string Key, string Value)[] settings)
    {
        var factory = new WebApplicationFactory<Program>().WithWebHostBuilder(web =>
        {
            web.UseEnvironment(environment);
            web.UseSetting("LeadSens:Database", database.ConnectionString);
            if (environment != "Production") web.UseSetting("LeadSens:SandboxUrl", sandboxUrl ?? Nowhere);
            web.UseSetting("LeadSens:DataDirectory", Path.Combine(Path.GetTempPath(), "leadsens-test-app"));
            web.ConfigureTestServices(services => services.AddHttpContextAccessor().AddTransient<IClaimsTransformation, TestRole>());
            foreach (var (key, value) in settings) web.UseSetting(key, value);
        });
        _ = factory.Server;
        return factory;
    }

    /// <summary>A client of the demo workspace, or of nobody with an empty key.</summary>
    public HttpClient Client(string key = ApiKeys.DevelopmentKey)
    {
        var client = factory.CreateClient(new() { AllowAutoRedirect = false });
        if (key.Length > 0) client.DefaultRequestHeaders.Add(ApiKeyAuthentication.Header, key);
        return client;
    }

    public async ValueTask DisposeAsync()
    {
        await factory.DisposeAsync();
        if (!_isGuest) await Database.DisposeAsync();
    }
}
