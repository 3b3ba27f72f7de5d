using System.Net.Http.Json;
using System.Text.Json;
using LeadSens.Server.Identity;
using LeadSens.Server.Tests.Support;
using LeadSens.Server.Workflows;
using Microsoft.Extensions.DependencyInjection;

namespace LeadSens.Server.Tests.Studio.Instances;

/// <summary>Base of tests that run small workflows in the real app and look at them as Studio does.</summary>
public abstract class StudioInstances : IAsyncLifetime
{
    internal TestApp App { get; private set; } = null!;
    internal HttpClient Http { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        App = await TestApp.StartAsync();
        Http = App.Client();
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await App.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    internal async Task DefineAsync(string json)
    {
        var saved = await App.Services.GetRequiredService<DefinitionStore>().SaveAsync(DemoWorkspace.Id, json, publish: true, CancellationToken.None);
        saved.Errors.ShouldBeEmpty();
    }

    internal async Task<Guid> RunAsync(string definition)
    {
        using var answer = await Http.PostAsJsonAsync($"/elsa/api/workflow-definitions/{definition}/execute", new { versionOptions = "Latest" });
        answer.EnsureSuccessStatusCode();
        return Guid.Parse(answer.Headers.GetValues("x-elsa-workflow-instance-id").Single());
    }

    internal async Task<List<Guid>> IdsAsync(object filter)
    {
        var list = await PostAsync("/elsa/api/workflow-instances", filter);
        return [.. list.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("id").GetGuid())];
    }

    internal Task<JsonElement> JournalAsync(Guid id, object request, string query = "") => PostAsync($"/elsa/api/workflow-instances/{id}/journal{query}", request);

    internal async Task<Dictionary<string, JsonElement>> StatsAsync(Guid id) =>
        (await PostAsync("/elsa/api/activity-executions/report", new { workflowInstanceId = id, activityNodeIds = Array.Empty<string>() }))
            .GetProperty("stats").EnumerateArray().ToDictionary(stats => stats.GetProperty("activityId").GetString()!);

    private async Task<JsonElement> PostAsync(string path, object body)
    {
        using var answer = await Http.PostAsJsonAsync(path, body);
        answer.IsSuccessStatusCode.ShouldBeTrue(await answer.Content.ReadAsStringAsync());
        return await answer.Content.ReadFromJsonAsync<JsonElement>();
    }
}
