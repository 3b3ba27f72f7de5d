using System.Net.Http.Json;
using System.Text.Json;

namespace LeadSens.Server.Tests.Support;

/// <summary>Reviewing through the API as a client does: what is decided is decided about the texts that were read.</summary>
internal static class Reviewing
{
    public static readonly string NoHash = new('0', 64);

    /// <summary>The hash that comes with the texts; one of nothing where the caller has no such approval.</summary>
    public static async Task<string> HashAsync(this HttpClient http, Guid approval)
    {
        using var answer = await http.GetAsync($"/api/approvals/{approval}");
        return answer.IsSuccessStatusCode ? (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("approval").GetProperty("contentHash").GetString()! : NoHash;
    }

    public static async Task<HttpResponseMessage> DecideAsync(this HttpClient http, Guid approval, string decision = "approve", string? comment = null, object? leads = null, bool? all = null) =>
        await http.PostAsJsonAsync($"/api/approvals/{approval}/decision", new { decision, comment, leads, all, contentHash = await http.HashAsync(approval) });

    public static async Task<HttpResponseMessage> EditAsync(this HttpClient http, Guid approval, params object[] leads) =>
        await http.PostAsJsonAsync($"/api/approvals/{approval}/edits", new { leads, contentHash = await http.HashAsync(approval) });

    /// <summary>The path of a fresh link.</summary>
    public static async Task<string> LinkAsync(this HttpClient http, Guid approval)
    {
        using var answer = await http.PostAsync($"/api/approvals/{approval}/link", null);
        return new Uri((await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("url").GetString()!).AbsolutePath;
    }
}
