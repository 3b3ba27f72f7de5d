using System.Net.Http.Json;
using System.Text.Json.Nodes;
using LeadSens.Server.Identity;
using LeadSens.Server.Tests.Workflows.Http;
using Microsoft.Playwright;
using static LeadSens.Server.Tests.Workflows.Http.HttpGraphs;

namespace LeadSens.Server.Tests.Studio.Browser;

/// <summary>Boxes that speak HTTP, as the real Elsa Studio draws and tests them.</summary>
public sealed class HttpBoxTests(StudioBrowser studio) : IClassFixture<StudioBrowser>
{
    [Fact]
    public async Task Ports_are_drawn_and_a_box_is_tried_in_its_tab()
    {
        await SaveAsync();
        var (page, problems) = await studio.SignInAsync();
        await page.GotoAsync($"{studio.Url}/studio/definitions/http-boxes");
        await Box(page, "send").WaitForAsync();
        foreach (var port in new[] { "200", "404", "Unmatched status code", "Failed to connect", "Timeout", "Done" })
            await Assertions.Expect(page.Locator(".x6-port-label, .x6-port").GetByText(port, new() { Exact = true }).First).ToBeAttachedAsync();

        await Box(page, "think").ClickAsync();
        await page.GetByText("Test", new() { Exact = true }).First.ClickAsync();
        await page.GetByText("Start", new() { Exact = true }).Last.ClickAsync();
        await page.GetByText("42").First.WaitForAsync(new() { Timeout = 20_000 });
        problems.ShouldBeEmpty();
    }

    private async Task SaveAsync()
    {
        var definition = Flow("http-boxes", "in->send;send.200->think;think->answer",
        [
            At(HttpEndpointTests.Endpoint("in", "boxes/{id}"), 0), At(HttpGraphs.Box("send", "Elsa.FlowSendHttpRequest", ("url", Literal("https://example.com/")), ("expectedStatusCodes", Json("[200,404]"))), 300),
            At(HttpGraphs.Box("think", "Elsa.RunJavaScript", ("script", Literal("return 6 * 7"))), 700), At(HttpEndpointTests.Answer(), 1000),
        ]);
        using var http = new HttpClient { BaseAddress = new(studio.Url) };
        http.DefaultRequestHeaders.Add("X-Api-Key", ApiKeys.DevelopmentKey);
        using var answer = await http.PostAsJsonAsync("/elsa/api/workflow-definitions", new JsonObject { ["model"] = definition, ["publish"] = true });
        answer.IsSuccessStatusCode.ShouldBeTrue(await answer.Content.ReadAsStringAsync());
    }

    private static JsonObject At(JsonObject box, int x)
    {
        box["metadata"] = new JsonObject { ["designer"] = new JsonObject { ["position"] = new JsonObject { ["x"] = x, ["y"] = 100 }, ["size"] = new JsonObject { ["width"] = 180, ["height"] = 50 } } };
        return box;
    }

    private static ILocator Box(IPage page, string name) => page.Locator(".x6-node").Filter(new() { HasText = name }).First;
}
