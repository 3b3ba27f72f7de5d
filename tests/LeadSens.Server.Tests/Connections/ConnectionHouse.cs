using System.Net.Http.Json;
using System.Text.Json;
using LeadSens.Server.Tests.Identity;
using LeadSens.Server.Tests.Support;

namespace LeadSens.Server.Tests.Connections;

/// <summary>One app and one Sandbox for the tests of a class, which each bring their own people.</summary>
public sealed class ConnectionHouse : IAsyncLifetime
{
    private readonly HttpClient _browser = new(new SocketsHttpHandler { AllowAutoRedirect = false });
    private int _people;

    internal TestSandbox Sandbox { get; private set; } = null!;

    internal TestApp App { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Sandbox = await TestSandbox.StartAsync();
        App = await TestApp.StartAsync(Sandbox.BaseUrl);
    }

    public async ValueTask DisposeAsync()
    {
        _browser.Dispose();
        await App.DisposeAsync();
        await Sandbox.DisposeAsync();
    }

    internal Task<SomePerson> PersonAsync() => App.RegisterAsync($"person{Interlocked.Increment(ref _people)}@connections.example");

    /// <summary>How the Sandbox treats keys and tokens: <c>consent</c>, <c>rotating</c>, <c>expiresIn</c>, <c>scopes</c>, <c>revoked</c>.</summary>
    internal async Task CredentialsAsync(object rules) => (await Sandbox.Http.PutAsJsonAsync("/_sandbox/credentials", rules)).EnsureSuccessStatusCode();

    /// <summary>The address at the provider that a person is sent to.</summary>
    internal static async Task<Uri> BeginAsync(HttpClient person)
    {
        var answer = await person.GetAsync("/api/connections/hubspot/auth");
        ((int)answer.StatusCode).ShouldBe(302, await answer.Content.ReadAsStringAsync());
        return answer.Headers.Location!;
    }

    /// <summary>What the provider sends the person back to.</summary>
    internal async Task<string> ConsentAsync(Uri page)
    {
        var answer = await _browser.GetAsync(page);
        ((int)answer.StatusCode).ShouldBe(302, await answer.Content.ReadAsStringAsync());
        return answer.Headers.Location!.PathAndQuery;
    }

    /// <summary>The whole way, as a person who allows everything.</summary>
    internal async Task<JsonElement> ConnectHubSpotAsync(SomePerson person)
    {
        await CredentialsAsync(new { consent = "allow" });
        var answer = await person.Http.GetAsync(await ConsentAsync(await BeginAsync(person.Http)));
        (await answer.Content.ReadAsStringAsync()).ShouldContain("HubSpot is connected");
        return await OneAsync(person, "hubspot");
    }

    internal static async Task<JsonElement> OneAsync(SomePerson person, string provider)
    {
        var list = await person.Http.GetFromJsonAsync<JsonElement>("/api/connections");
        return list.GetProperty("items").EnumerateArray().Single(one => one.GetProperty("provider").GetString() == provider);
    }

    internal static string? Text(JsonElement one, string name) => one.GetProperty(name).GetString();

    internal Task<List<string>> AuditAsync(Guid workspaceId) =>
        App.Database.ListAsync<string>("select action from audit_entries where workspace_id = $1 and action like 'connection.%' order by at, id", workspaceId);
}
