using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using LeadSens.Server.Identity;
using LeadSens.Server.Tests.Support;
using LeadSens.Server.Workflows;
using Microsoft.Extensions.DependencyInjection;

namespace LeadSens.Server.Tests.Workflows.Http;

/// <summary>Defines, runs and looks at workflows as scripts do.</summary>
internal static class HttpRun
{
    public static async Task DefineAsync(this TestApp app, JsonObject definition)
    {
        var saved = await app.Services.GetRequiredService<DefinitionStore>().SaveAsync(DemoWorkspace.Id, definition.ToJsonString(), publish: true, CancellationToken.None);
        saved.Errors.ShouldBeEmpty();
    }

    /// <summary>Runs until it waits for the first time.</summary>
    public static async Task<Guid> RunAsync(this TestApp app, JsonObject definition)
    {
        await app.DefineAsync(definition);
        using var http = app.Client();
        using var answer = await http.PostAsJsonAsync($"/elsa/api/workflow-definitions/{definition["definitionId"]}/execute", new { });
        answer.IsSuccessStatusCode.ShouldBeTrue(await answer.Content.ReadAsStringAsync());
        return Guid.Parse(answer.Headers.GetValues("x-elsa-workflow-instance-id").Single());
    }

    public static async Task<JsonElement> InstanceAsync(this TestApp app, Guid id)
    {
        using var http = app.Client();
        return await http.GetFromJsonAsync<JsonElement>($"/elsa/api/workflow-instances/{id}");
    }

    public static async Task<string> StatusAsync(this TestApp app, Guid id) => (await app.InstanceAsync(id)).GetProperty("subStatus").GetString()!;

    public static async Task<JsonElement> VariableAsync(this TestApp app, Guid id, string name)
    {
        using var http = app.Client();
        var variables = await http.GetFromJsonAsync<JsonElement>($"/elsa/api/workflow-instances/{id}/variables");
        return variables.GetProperty("items").EnumerateArray().Single(variable => variable.GetProperty("name").GetString() == name).GetProperty("value");
    }

    /// <summary>The WriteLine boxes that ran, in order.</summary>
    public static async Task<string> WroteAsync(this TestApp app, Guid id)
    {
        using var http = app.Client();
        using var answer = await http.PostAsJsonAsync($"/elsa/api/workflow-instances/{id}/journal?take=1000", new { filter = new { eventNames = new[] { "Completed" } } });
        var journal = await answer.Content.ReadFromJsonAsync<JsonElement>();
        return string.Join(' ', journal.GetProperty("items").EnumerateArray().Where(entry => entry.GetProperty("activityType").GetString() == "Elsa.WriteLine").Select(entry => entry.GetProperty("activityId").GetString()));
    }
}
