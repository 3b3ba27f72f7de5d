using LeadSens.Server.Identity;
using LeadSens.Server.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace LeadSens.Server.Tests.Support;

/// <summary>The real app on a database of its own. Providers are a Sandbox at the given address; without one they are nowhere, for
/// tests that call none.</summary>
internal sealed class TestApp : IAsyncDisposable
{
    private const string Nowhere = "http://127.0.0.1:9";
    private const int CheapPasswords = Passwords.Iterations / 100;

    private readonly WebApplicationFactory<Program> factory;

    private readonly Action forget;
    private bool _isGuest;

    private TestApp(TestDatabase database, WebApplicationFactory<Program> factory)
    {
        (Database, this.factory) = (database, factory);
        database.Changed += forget = () => Services.GetRequiredService<AccessCache>().Forget();
        if (Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()?.Addresses.FirstOrDefault() is { } address) Url = new(address);
    }

    public TestDatabase Database { get; }

    public IServiceProvider Services => factory.Services;

    public CapturedLog Log => Services.GetServices<ILoggerProvider>().OfType<CapturedLog>().Single();

    /// <summary>Where it listens, for an app that does.</summary>
    public Uri Url { get; } = new("http://localhost");

    /// <param name="settings">Configuration keys in the colon form.</param>
    public static async Task<TestApp> StartAsync(string? sandboxUrl = null, string environment = "Development", params (string Key, string Value)[] settings)
    {
        var database = await TestPostgres.NewDatabaseAsync();
        return new(database, Start(database, sandboxUrl, environment, settings));
    }

    /// <summary>One with something registered beside what the product registers.</summary>
    public static async Task<TestApp> WithAsync(Action<IServiceCollection, IConfiguration> register, params (string Key, string Value)[] settings)
    {
        var database = await TestPostgres.NewDatabaseAsync();
        return new(database, Start(database, null, "Development", settings, register: register));
    }

    /// <summary>One whose passwords cost what they cost people; the others hash them a hundred times cheaper.</summary>
    public static async Task<TestApp> WithCostlyPasswordsAsync(string? sandboxUrl = null, string environment = "Development", params (string Key, string Value)[] settings)
    {
        var database = await TestPostgres.NewDatabaseAsync();
        return new(database, Start(database, sandboxUrl, environment, settings, passwords: new()));
    }

    /// <summary>Another Server on a database that exists; only the database's owner disposes of it.</summary>
    public static TestApp Beside(TestDatabase database, params (string Key, string Value)[] settings) => new(database, Start(database, null, "Development", settings)) { _isGuest = true };

    /// <summary>The same without the loops that work by themselves: what is written is written for a request. The seals of the audit log and what comes once an hour go on.</summary>
    public static TestApp QuietBeside(TestDatabase database) => new(database, Start(database, null, "Development", [], configure: services =>
    {
        foreach (var loop in services.Where(service => service.ServiceType == typeof(IHostedService) && service.ImplementationType?.IsSubclassOf(typeof(BackgroundService)) == true).ToList()) services.Remove(loop);
    })) { _isGuest = true };

    /// <summary>The same, on a port of its own.</summary>
    public static TestApp ListenBeside(TestDatabase database) => new(database, Start(database, null, "Development", [], listens: true)) { _isGuest = true };

    /// <summary>On a port of its own, with the real server in front: for what comes before the first line of the app.</summary>
    public static async Task<TestApp> ListenAsync(string? sandboxUrl = null, string environment = "Development", params (string Key, string Value)[] settings)
    {
        var database = await TestPostgres.NewDatabaseAsync();
        return new(database, Start(database, sandboxUrl, environment, settings, listens: true));
    }

    private static WebApplicationFactory<Program> Start(TestDatabase database, string? sandboxUrl, string environment, (string Key, string Value)[] settings, bool listens = false, Passwords? passwords = null,
        Action<IServiceCollection>? configure = null, Action<IServiceCollection, IConfiguration>? register = null)
    {
        var factory = new WebApplicationFactory<Program>().WithWebHostBuilder(web =>
        {
            web.UseEnvironment(environment);
            web.UseSetting("LeadSens:Database", database.ConnectionString);
            web.UseSetting("LeadSens:DatabaseOwner", database.OwnerConnectionString);
            if (environment != "Production") web.UseSetting("LeadSens:SandboxUrl", sandboxUrl ?? Nowhere);
            web.UseSetting("LeadSens:DataDirectory", Path.Combine(Path.GetTempPath(), "leadsens-test-app"));
            web.ConfigureTestServices(services => services
                .AddSingleton<ILoggerProvider, CapturedLog>().AddHttpContextAccessor().AddTransient<IClaimsTransformation, TestRole>()
                .AddSingleton(_ => passwords ?? new(CheapPasswords)));
            if (configure is not null) web.ConfigureTestServices(configure);
            if (register is not null) web.ConfigureServices((context, services) => register(services, context.Configuration));
            // The test server has no size limits and would say so with each request; RequestLimitTests have a real one.
            web.UseSetting("Logging:LogLevel:Microsoft.AspNetCore.Routing.EndpointRoutingMiddleware", "Error");
            if (listens) web.UseSetting("urls", "http://127.0.0.1:0");
            // Tests of a class are one address and come faster than people; RateLimitTests set what they look at.
            foreach (var (rule, _) in new RateOptions().All)
            {
                web.UseSetting($"Web:Limits:{rule}:Burst", "1000000");
                web.UseSetting($"Web:Limits:{rule}:PerMinute", "1000000");
            }
            foreach (var (key, value) in settings) web.UseSetting(key, value);
        });
        if (listens) Listen(factory);
        else _ = factory.Server;
        // The factory takes a program that ends before it starts for one that runs.
        if (!factory.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStarted.IsCancellationRequested)
            throw new InvalidOperationException("The app refused its settings, or ended before it started: its standard error says why.");
        return factory;
    }

    /// <summary>A client of the demo workspace, or of nobody with an empty key.</summary>
    public HttpClient Client(string key = ApiKeys.DevelopmentKey)
    {
        var client = factory.CreateClient(new() { AllowAutoRedirect = false, BaseAddress = Url });
        if (key.Length > 0) client.DefaultRequestHeaders.Add(ApiKeyAuthentication.Header, key);
        return client;
    }

    private static void Listen(WebApplicationFactory<Program> factory)
    {
        factory.UseKestrel();
        factory.StartServer();
    }

    public async ValueTask DisposeAsync()
    {
        Database.Changed -= forget;
        await factory.DisposeAsync();
        if (!_isGuest) await Database.DisposeAsync();
    }
}
