using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace LeadSens.Demo;

/// <summary>A write that took effect at a provider.</summary>
internal sealed record EffectiveWrite(string Vendor, string Kind, string Key, long Count, long Amount);

/// <summary>Calls of one operation, by status (0: no answer).</summary>
internal sealed record EndpointCalls(string Vendor, string Endpoint, long Calls, long Faults, Dictionary<int, long> Statuses);

/// <summary>The control side of a Sandbox.</summary>
internal sealed class SandboxControl(Uri address) : IDisposable
{
    /// <summary>Writes that a provider may repeat without harm: an update says the same again.</summary>
    private static readonly string[] Repeatable = ["contact.updated", "campaign.paused"];

    private readonly HttpClient http = new() { BaseAddress = address, Timeout = TimeSpan.FromSeconds(30) };

    public async Task<bool> AnswersAsync(CancellationToken cancellationToken)
    {
        try
        {
            using var answer = await http.GetAsync(new Uri("/_sandbox/health", UriKind.Relative), cancellationToken);
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    public async Task<int> SeedAsync(CancellationToken cancellationToken) =>
        (await http.GetFromJsonAsync<JsonElement>("/_sandbox/health", cancellationToken)).GetProperty("seed").GetInt32();

    /// <summary>Other people; everything that was written is forgotten.</summary>
    public Task ResetAsync(int seed, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Post, "reset", new JsonObject { ["seed"] = seed }, cancellationToken);

    public Task PutAsync(string what, JsonNode rules, CancellationToken cancellationToken) => SendAsync(HttpMethod.Put, what, rules, cancellationToken);

    public async Task<IReadOnlyList<EffectiveWrite>> WritesAsync(CancellationToken cancellationToken) =>
        (await http.GetFromJsonAsync<ItemsOf<EffectiveWrite>>("/_sandbox/writes", cancellationToken))!.Items;

    public async Task<IReadOnlyList<EndpointCalls>> CountsAsync(CancellationToken cancellationToken) =>
        (await http.GetFromJsonAsync<ItemsOf<EndpointCalls>>("/_sandbox/counts", cancellationToken))!.Items;

    /// <summary>How often something that must happen once happened again.</summary>
    public static long Duplicates(IEnumerable<EffectiveWrite> writes) =>
        writes.Where(write => !Repeatable.Contains(write.Kind)).Sum(write => write.Count - 1);

    public void Dispose() => http.Dispose();

    private async Task SendAsync(HttpMethod method, string what, JsonNode body, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, $"/_sandbox/{what}") { Content = JsonContent.Create(body) };
        using var answer = await http.SendAsync(request, cancellationToken);
        answer.EnsureSuccessStatusCode();
    }

    private sealed record ItemsOf<T>(IReadOnlyList<T> Items);
}
