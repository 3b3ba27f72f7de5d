using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using LeadSens.Server.Identity;
using LeadSens.Server.Tests.Support;

namespace LeadSens.Server.Tests.Campaigns;

/// <summary>Drives a campaign through the real app against a Sandbox.</summary>
internal sealed class CampaignRun(TestApp app) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public HttpClient Http { get; } = app.Client();

    public static JsonObject Request(int limit = 30, int threshold = 5, params string[] countries) => new()
    {
        ["name"] = "Test",
        ["icp"] = new JsonObject
        {
            ["description"] = "Operations leaders of industrial companies",
            ["jobTitles"] = new JsonArray("Head of Operations"),
            ["industries"] = new JsonArray("Manufacturing"),
            ["countries"] = new JsonArray([.. countries is [] ? ["France", "Germany"] : countries]),
            ["companySizes"] = new JsonArray("50-500"),
        },
        ["limit"] = limit,
        ["threshold"] = threshold,
        ["targets"] = new JsonArray("instantly", "hubspot"),
    };

    /// <summary>Creates and starts a campaign.</summary>
    public async Task<Guid> StartAsync(JsonObject? request = null)
    {
        var answer = await Http.PostAsJsonAsync("/api/campaigns", request ?? Request());
        var body = await answer.Content.ReadAsStringAsync();
        answer.IsSuccessStatusCode.ShouldBeTrue(body);
        return JsonElement.Parse(body).GetProperty("id").GetGuid();
    }

    public Task<JsonElement> GetAsync(Guid id) => Http.GetFromJsonAsync<JsonElement>($"/api/campaigns/{id}");

    /// <summary>Waits until the campaign has this status; a fault is told at once.</summary>
    public async Task<JsonElement> UntilAsync(Guid id, params string[] statuses)
    {
        var view = default(JsonElement);
        await Eventually.Be(async () =>
        {
            view = await GetAsync(id);
            var status = view.GetProperty("status").GetString()!;
            if (status == "Faulted" && !statuses.Contains(status)) throw new InvalidOperationException($"The campaign faulted: {view}");
            return statuses.Contains(status);
        }, Patience);
        return view;
    }

    /// <summary>Approves everything that waits for a decision.</summary>
    public async Task DecideAsync(Guid id, string decision = "approve", string? comment = null, object[]? leads = null)
    {
        await UntilAsync(id, "AwaitingApproval");
        var approvals = await Http.GetFromJsonAsync<JsonElement>($"/api/approvals?campaignId={id}");
        var pending = approvals.GetProperty("items").EnumerateArray().Single(approval => approval.GetProperty("status").GetString() == "pending");
        await DecideOnAsync(pending.GetProperty("id").GetGuid(), decision, comment, leads);
    }

    /// <summary>Decides whatever the campaign's status is.</summary>
    public async Task DecideOnAsync(Guid approval, string decision = "approve", string? comment = null, object[]? leads = null)
    {
        var answer = await Http.DecideAsync(approval, decision, comment, leads);
        answer.IsSuccessStatusCode.ShouldBeTrue(await answer.Content.ReadAsStringAsync());
    }

    /// <summary>Opens the campaign's graph as Studio does, changes it, and publishes it.</summary>
    public async Task EditGraphAsync(Action<JsonObject> edit)
    {
        var graph = (await Http.GetFromJsonAsync<JsonObject>("/elsa/api/workflow-definitions/by-definition-id/campaign?versionOptions=Latest"))!;
        edit(graph);
        var answer = await Http.PostAsJsonAsync("/elsa/api/workflow-definitions", new JsonObject { ["model"] = graph, ["publish"] = true });
        answer.IsSuccessStatusCode.ShouldBeTrue(await answer.Content.ReadAsStringAsync());
    }

    public async Task<Guid> WorkspaceAsync() =>
        await app.Database.ScalarAsync<Guid>("select workspace_id from api_keys where key_hash = $1", ApiKeys.Hash(ApiKeys.DevelopmentKey));

    public void Dispose() => Http.Dispose();
}
