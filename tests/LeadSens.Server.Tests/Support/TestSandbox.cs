extern alias Sandbox;

using System.Net.Http.Json;
using Sandbox::LeadSens.Sandbox;

namespace LeadSens.Server.Tests.Support;

/// <summary>A write that took effect at a stand-in provider.</summary>
internal sealed record SandboxWrite(string Vendor, string Kind, string Key, long Count, long Amount);

/// <summary>A call that a stand-in provider received; status 0 means that it got no answer.</summary>
internal sealed record SandboxCall(DateTimeOffset At, string Vendor, string Method, string Path, string Endpoint, int Status, string? Fault, string? Correlation, string Body);

/// <summary>A mail that the stand-in mail server took.</summary>
internal sealed record SandboxMail(
    string Id, DateTimeOffset At, string From, IReadOnlyList<string> To, string Subject, string? MessageId, string? Language, string? Text, string? Html, IReadOnlyDictionary<string, string> Headers, string Raw);

/// <summary>Calls of one operation.</summary>
internal sealed record SandboxCount(string Vendor, string Endpoint, long Calls, long Faults, Dictionary<int, long> Statuses);

/// <summary>The Sandbox in this process, over real HTTP on a port of its own.</summary>
internal sealed class TestSandbox : IAsyncDisposable
{
    private readonly SandboxHost host;

    private TestSandbox(SandboxHost host)
    {
        this.host = host;
        Http = new HttpClient { BaseAddress = new Uri(host.Url) };
    }

    /// <summary>Without a slash at the end; a vendor's base address is <c>BaseUrl + "/instantly"</c>.</summary>
    public string BaseUrl => host.Url;

    /// <summary>For requests past our own clients.</summary>
    public HttpClient Http { get; }

    public static async Task<TestSandbox> StartAsync(int seed = 1) => new(await SandboxHost.StartAsync(seed));

    public static async Task<TestSandbox> StartAsync(string stateFile) => new(await SandboxHost.StartAsync(new SandboxOptions(StateFile: stateFile)));

    /// <summary>Replaces the faults: objects of the shape that <c>PUT /_sandbox/faults</c> takes; none for none.</summary>
    public Task FaultsAsync(params object[] faults) => PutAsync("faults", faults);

    public Task LimitsAsync(params object[] limits) => PutAsync("limits", limits);

    public Task LatencyAsync(int milliseconds, string? vendor = null) => PutAsync("latency", [new { ms = milliseconds, vendor }]);

    public Task<IReadOnlyList<SandboxWrite>> WritesAsync(string? vendor = null, string? kind = null) => ItemsAsync<SandboxWrite>($"writes?{Query("vendor", vendor)}{Query("kind", kind)}");

    public Task<IReadOnlyList<SandboxCall>> CallsAsync(string? vendor = null, string? path = null) => ItemsAsync<SandboxCall>($"calls?{Query("vendor", vendor)}{Query("path", path)}");

    public Task<IReadOnlyList<SandboxCount>> CountsAsync() => ItemsAsync<SandboxCount>("counts");

    public Task<IReadOnlyList<SandboxMail>> MailsAsync(string to) => ItemsAsync<SandboxMail>($"mail?{Query("to", to)}");

    /// <summary>The only mail that comes for this address.</summary>
    public async Task<SandboxMail> MailAsync(string to)
    {
        await Eventually.Be(async () => (await MailsAsync(to)).Count > 0, TimeSpan.FromSeconds(40), $"a mail for {to}");
        return (await MailsAsync(to)).ShouldHaveSingleItem();
    }

    /// <summary>Forgets writes, calls, faults, limits and latency.</summary>
    public async Task ResetAsync(int seed = 1) => (await Http.PostAsJsonAsync("/_sandbox/reset", new { seed })).EnsureSuccessStatusCode();

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await host.DisposeAsync();
    }

    private static string Query(string name, string? value) => value is null ? "" : $"{name}={Uri.EscapeDataString(value)}&";

    private async Task PutAsync(string what, object[] rules) => (await Http.PutAsJsonAsync($"/_sandbox/{what}", rules)).EnsureSuccessStatusCode();

    private async Task<IReadOnlyList<T>> ItemsAsync<T>(string path) => (await Http.GetFromJsonAsync<ItemsOf<T>>($"/_sandbox/{path}"))!.Items;

    private sealed record ItemsOf<T>(IReadOnlyList<T> Items);
}
