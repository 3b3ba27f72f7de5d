using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using LeadSens.Server.Identity;
using LeadSens.Server.Tests.Support;
using LeadSens.Server.Workflows;
using Microsoft.Extensions.DependencyInjection;

namespace LeadSens.Server.Tests.Campaigns;

/// <summary>Drives a campaign through the real app against a Sandbox.</summary>
internal sealed class CampaignRun(TestApp app) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public HttpClient Http { get; } = app.Client();

    public static JsonObject Request(int limit = 30, int threshold = 5) => new()
    {
        ["name"] = "Test",
        ["icp"] = new JsonObject
        {
            ["description"] = "Operations leaders of industrial companies",
            ["jobTitles"] = new JsonArray("Head of Operations"),
            ["industries"] = new JsonArray("Manufacturing"),
            ["countries"] = new JsonArray("France", "Germany"),
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
        var answer = await Http.PostAsJsonAsync($"/api/approvals/{approval}/decision", new { decision, comment, leads });
        answer.IsSuccessStatusCode.ShouldBeTrue(await answer.Content.ReadAsStringAsync());
    }

    /// <summary>Saves the shipped graph, changed, as the workspace's own.</summary>
    public async Task EditGraphAsync(Action<JsonObject> edit)
    {
        var graph = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "workflows", "campaign.json")))!.AsObject();
        edit(graph);
        var saved = await app.Services.GetRequiredService<DefinitionStore>().SaveAsync(await WorkspaceAsync(), graph.ToJsonString(), publish: true, CancellationToken.None);
        saved.Errors.ShouldBeEmpty();
    }

    public async Task<Guid> WorkspaceAsync() =>
        await app.Database.ScalarAsync<Guid>("select workspace_id from api_keys where key_hash = $1", ApiKeys.Hash(ApiKeys.DevelopmentKey));

    public void Dispose() => Http.Dispose();
}
