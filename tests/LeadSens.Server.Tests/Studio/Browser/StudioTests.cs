using LeadSens.Server.Tests.Workflows.Http;
using Microsoft.Playwright;

namespace LeadSens.Server.Tests.Studio.Browser;

/// <summary>What a person does in the real Elsa Studio.</summary>
public sealed class StudioTests(StudioBrowser studio) : IClassFixture<StudioBrowser>
{
    [Fact]
    public async Task The_campaign_is_opened_run_and_watched_to_its_incident()
    {
        var (page, problems) = await studio.SignInAsync();
        await page.GetByText("campaign", new() { Exact = true }).First.ClickAsync();
        await page.WaitForURLAsync("**/studio/definitions/campaign");
        await Box(page, "Draft e-mails").WaitForAsync();
        await Assertions.Expect(page.Locator(".x6-node")).ToHaveCountAsync(18, new() { Timeout = 60_000 });
        await Assertions.Expect(page.Locator(".x6-edge")).ToHaveCountAsync(19, new() { Timeout = 60_000 });

        await page.Locator("button.mud-success-text").First.ClickAsync();
        await page.GetByText("Watch it").ClickAsync();
        await page.WaitForURLAsync("**/studio/instances/*");
        await page.GetByText("- Faulted").First.WaitForAsync();
        await page.GetByText("Incidents").First.ClickAsync();
        await page.GetByText("The box has no campaign").First.WaitForAsync();
        problems.ShouldBeEmpty();
    }

    /// <summary>Beside Studio, in the same browser.</summary>
    [Fact]
    public async Task The_page_of_the_API_takes_a_key_and_calls()
    {
        var (page, problems) = await studio.OpenAsync("/docs/");
        await page.Locator("button.authorize").First.ClickAsync();
        var key = page.Locator(".auth-container").Filter(new() { HasText = "X-Api-Key" });
        await key.Locator("input").FillAsync("leadsens-dev-key");
        await key.Locator("button.authorize").ClickAsync();
        await page.Locator("button.btn-done").First.ClickAsync();

        var operation = page.Locator("#operations-campaigns-listCampaigns");
        await operation.Locator(".opblock-summary-control").ClickAsync();
        await operation.Locator("button.execute").ClickAsync();

        await Assertions.Expect(operation.Locator(".live-responses-table .response-col_status").Last).ToContainTextAsync("200");
        problems.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_box_is_dragged_in_connected_scripted_published_and_watched_to_the_end()
    {
        await using var shipped = studio.ShippedAgain("campaign");
        var (page, problems) = await studio.SignInAsync();
        await page.GotoAsync($"{studio.Url}/studio/definitions/campaign");
        await Assertions.Expect(page.Locator(".x6-edge")).ToHaveCountAsync(19);
        (await StudioDrawing.ReadAsync(page)).Faults().ShouldBeEmpty("what Studio draws is what the file promises");

        await page.Locator(".rz-splitter-pane:has(> .flowchart-diagram-designer-wrapper) button").First.ClickAsync();
        var added = await DragInAsync(page, "Primitives", "Set Name");
        await ConnectAsync(page, "score", "Done", added);
        await ScriptAsync(page, "'Lot ' + (40 + 2)");
        await PublishAsync(page);

        var (campaign, instance) = await studio.StartCampaignAsync();
        await page.GotoAsync($"{studio.Url}/studio/instances/{instance}");
        await Assertions.Expect(page.Locator("#waits")).ToContainTextAsync("Request approval waits for a decision about");
        await studio.ApproveAsync(campaign);
        await Assertions.Expect(page.Locator("#waits")).ToBeHiddenAsync();
        await Assertions.Expect(Node(page, added).Locator(".mud-badge")).ToHaveTextAsync("1");
        await Assertions.Expect(page.GetByText("- Completed").First).ToBeVisibleAsync();
        (await studio.NameAsync(instance)).ShouldBe("Lot 42");
        problems.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_faulted_box_says_why_and_is_run_again()
    {
        var (page, problems) = await studio.SignInAsync();
        var instance = await studio.ExecuteAsync("campaign");
        await page.GotoAsync($"{studio.Url}/studio/instances/{instance}");
        await Assertions.Expect(page.Locator("#waits")).ToContainTextAsync("Count leads faulted at");
        await Assertions.Expect(Node(page, "count").Locator(".mud-badge")).ToHaveTextAsync("1");

        await page.GetByText("Run what faulted again").ClickAsync();

        await Assertions.Expect(page.GetByText("- Faulted")).ToHaveCountAsync(2);
        problems.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_retry_of_what_was_put_right_ends_well_and_the_graph_outlives_its_definition()
    {
        await studio.PublishAsync(HttpGraphs.Flow("caller", "", [HttpGraphs.Box("call", "Elsa.ExecuteWorkflow", ("workflowDefinitionId", HttpGraphs.Literal("called")), ("waitForCompletion", HttpGraphs.Literal(true)))]));
        var instance = await studio.ExecuteAsync("caller");
        var (page, problems) = await studio.SignInAsync();
        await page.GotoAsync($"{studio.Url}/studio/instances/{instance}");
        await Assertions.Expect(page.Locator("#waits")).ToContainTextAsync("call faulted at");
        await studio.PublishAsync(HttpGraphs.Flow("called", "", [HttpGraphs.WriteLine("hello")]));

        await page.GetByText("Run what faulted again").ClickAsync();

        await Assertions.Expect(page.GetByText("- Completed").First).ToBeVisibleAsync();
        await Assertions.Expect(page.Locator("#waits")).ToBeHiddenAsync();
        await studio.ShippedAgain("caller").DisposeAsync();
        await page.ReloadAsync();
        await Assertions.Expect(Node(page, "call").Locator(".mud-badge").First).ToBeVisibleAsync();
        problems.ShouldBeEmpty();
    }

    [Fact]
    public async Task The_list_leads_to_an_instance_and_the_end_of_the_session_is_told()
    {
        var (page, problems) = await studio.SignInAsync();
        await page.GotoAsync($"{studio.Url}/studio/instances");
        await page.GetByText("Workflow instances").First.WaitForAsync();
        await page.GetByText("Rows Per Page").First.WaitForAsync();
        problems.ShouldBeEmpty();

        await page.Context.ClearCookiesAsync();
        await page.GetByPlaceholder("Search").First.FillAsync("anything");
        await page.GetByText("Your session has ended.").WaitForAsync();
        await page.GetByText("Sign in again").ClickAsync();
        await page.GetByText("Sign in to LeadSens").WaitForAsync();
    }

    /// <summary>Answers the id that Studio gave the box.</summary>
    private static async Task<string> DragInAsync(IPage page, string category, string activity)
    {
        await page.GetByPlaceholder("Search").First.FillAsync(activity);
        await page.Locator(".mud-expand-panel-header:visible").Filter(new() { HasText = category }).ClickAsync();
        var graph = page.Locator(".x6-graph");
        var size = (await graph.BoundingBoxAsync())!;
        var known = await IdsAsync(page);
        await page.Locator("[draggable=true]").Filter(new() { HasText = activity }).First.DragToAsync(graph, new() { TargetPosition = new() { X = size.Width - 110, Y = size.Height * 0.55f } });
        await Assertions.Expect(page.Locator(".x6-node")).ToHaveCountAsync(known.Length + 1);
        return (await IdsAsync(page)).Except(known).Single();
    }

    /// <summary>From the rim of one port, where no line lies over it, to the other.</summary>
    private static async Task ConnectAsync(IPage page, string from, string port, string to)
    {
        var lines = await page.Locator(".x6-edge").CountAsync();
        var (x, y) = await CentreAsync(Node(page, from).Locator($"g[port='{port}']"));
        var (toX, toY) = await CentreAsync(Node(page, to).Locator("g[port='In']"));
        await page.Mouse.MoveAsync(x - 4, y - 3);
        await page.Mouse.DownAsync();
        await page.Mouse.MoveAsync(x + 20, y + 20, new() { Steps = 5 });
        await page.Mouse.MoveAsync(toX - 30, toY, new() { Steps = 10 });
        await page.Mouse.MoveAsync(toX - 2, toY, new() { Steps = 6 });
        await page.Mouse.UpAsync();
        await Assertions.Expect(page.Locator(".x6-edge")).ToHaveCountAsync(lines + 1);
    }

    /// <summary>Makes the first input of the selected box a JavaScript expression.</summary>
    private static async Task ScriptAsync(IPage page, string script)
    {
        await page.Locator(".mud-tab-panel:visible").Filter(new() { Has = page.GetByText("Value", new() { Exact = true }) }).Last.Locator("button").Last.ClickAsync();
        await page.Locator(".mud-popover-open").GetByText("JavaScript", new() { Exact = true }).ClickAsync();
        await page.Locator(".monaco-editor:visible").First.ClickAsync();
        await page.RunAndWaitForResponseAsync(() => page.Keyboard.InsertTextAsync(script), answer => IsSave(answer) && answer.Request.PostData!.Contains("Lot", StringComparison.Ordinal));
    }

    private static async Task PublishAsync(IPage page) =>
        await page.RunAndWaitForResponseAsync(() => page.Locator("button.mud-primary-text:visible").First.ClickAsync(), answer => IsSave(answer) && answer.Request.PostData!.Contains("\"publish\":true", StringComparison.Ordinal) && answer.Ok);

    private static bool IsSave(IResponse answer) => answer.Request.Method == "POST" && answer.Url.EndsWith("/elsa/api/workflow-definitions", StringComparison.Ordinal);

    private static Task<string[]> IdsAsync(IPage page) => page.Locator(".x6-node").EvaluateAllAsync<string[]>("nodes => nodes.map(node => node.getAttribute('data-cell-id'))");

    private static async Task<(float X, float Y)> CentreAsync(ILocator place)
    {
        var box = (await place.BoundingBoxAsync())!;
        return (box.X + box.Width / 2, box.Y + box.Height / 2);
    }

    private static ILocator Node(IPage page, string id) => page.Locator($".x6-node[data-cell-id='{id}']");

    private static ILocator Box(IPage page, string name) => page.Locator(".x6-node").Filter(new() { HasText = name }).First;
}
