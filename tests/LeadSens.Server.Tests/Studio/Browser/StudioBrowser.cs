extern alias Demo;

using System.Collections.Concurrent;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using Demo::LeadSens.Demo;
using LeadSens.Server.Identity;
using LeadSens.Server.Tests.Campaigns;
using LeadSens.Server.Tests.Support;
using Microsoft.Playwright;

namespace LeadSens.Server.Tests.Studio.Browser;

/// <summary>A Server in a process of its own and a real Chromium, signed in.</summary>
public sealed class StudioBrowser : IAsyncLifetime
{
    /// <summary>As ./test.sh looks for it, and where macOS has it.</summary>
    private static readonly string? Chromium = (
        from directory in (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        from name in (string[])["chromium", "chromium-browser", "google-chrome"]
        select Path.Combine(directory, name)).Append("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome").FirstOrDefault(File.Exists);

    private ThrowAwayStack stack = null!;
    private IPlaywright playwright = null!;
    private IBrowser browser = null!;
    private HttpClient http = null!;

    internal string Url { get; private set; } = "";

    public async ValueTask InitializeAsync()
    {
        stack = await ThrowAwayStack.StartAsync("studio", CancellationToken.None);
        var node = await stack.StartServerAsync("server", new Dictionary<string, string?>(), CancellationToken.None);
        Url = ServerFile.Read(node.DataDirectory)!.Url.TrimEnd('/');
        http = new HttpClient { BaseAddress = new(Url) };
        http.DefaultRequestHeaders.Add(ApiKeyAuthentication.Header, ApiKeys.DevelopmentKey);
        // The page's expectations wait as long as its clicks.
        Assertions.SetDefaultExpectTimeout(30_000);
        playwright = await Playwright.CreateAsync();
        browser = await playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = Chromium ?? throw new FileNotFoundException("Chromium is not installed; ./test.sh installs it."),
            // Chromium's sandbox does not run as root.
            Args = Environment.IsPrivilegedProcess ? ["--no-sandbox"] : [],
        });
    }

    public async ValueTask DisposeAsync()
    {
        http.Dispose();
        await browser.DisposeAsync();
        playwright.Dispose();
        await stack.DisposeAsync();
    }

    /// <summary>Starts a small campaign and waits until it asks for approval.</summary>
    internal async Task<(Guid Campaign, Guid Instance)> StartCampaignAsync()
    {
        using var answer = await http.PostAsJsonAsync("/api/campaigns", CampaignRun.Request(limit: 10));
        var id = (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetGuid();
        var campaign = default(JsonElement);
        await Eventually.Be(async () =>
        {
            campaign = await http.GetFromJsonAsync<JsonElement>($"/api/campaigns/{id}");
            return campaign.GetProperty("status").GetString() == "AwaitingApproval";
        }, TimeSpan.FromSeconds(60));
        return (id, campaign.GetProperty("workflowInstanceId").GetGuid());
    }

    internal async Task ApproveAsync(Guid campaign)
    {
        var approvals = await http.GetFromJsonAsync<JsonElement>($"/api/approvals?campaignId={campaign}");
        var approval = approvals.GetProperty("items").EnumerateArray().Single().GetProperty("id").GetGuid();
        (await http.DecideAsync(approval)).EnsureSuccessStatusCode();
    }

    internal async Task<Guid> ExecuteAsync(string definition)
    {
        using var answer = await http.PostAsJsonAsync($"/elsa/api/workflow-definitions/{definition}/execute", new { versionOptions = "Latest" });
        return Guid.Parse(answer.Headers.GetValues("x-elsa-workflow-instance-id").Single());
    }

    internal async Task PublishAsync(JsonObject definition)
    {
        using var answer = await http.PostAsJsonAsync("/elsa/api/workflow-definitions", new JsonObject { ["model"] = definition, ["publish"] = true });
        answer.IsSuccessStatusCode.ShouldBeTrue(await answer.Content.ReadAsStringAsync());
    }

    /// <summary>Deletes what the test made of a shipped definition, when it ends: the tests share one workspace.</summary>
    internal IAsyncDisposable ShippedAgain(string definition) => new Again(() => http.DeleteAsync($"/elsa/api/workflow-definitions/{definition}"));

    internal async Task<string?> NameAsync(Guid instance) => (await http.GetFromJsonAsync<JsonElement>($"/elsa/api/workflow-instances/{instance}")).GetProperty("name").GetString();

    /// <summary>The list of definitions, and what goes wrong on the pages from here on.</summary>
    internal async Task<(IPage Page, ConcurrentQueue<string> Problems)> SignInAsync()
    {
        var (page, problems) = await OpenAsync("/studio/");
        await page.ClickAsync("button[type=submit]");
        return (page, problems);
    }

    /// <summary>A page, in a browser that nobody is signed in with.</summary>
    internal async Task<(IPage Page, ConcurrentQueue<string> Problems)> OpenAsync(string path)
    {
        var page = await browser.NewPageAsync(new() { ViewportSize = new() { Width = 1600, Height = 900 } });
        page.SetDefaultTimeout(30_000);
        var problems = new ConcurrentQueue<string>();
        page.Console += (_, message) => Note(message.Type == "error", message.Text);
        page.PageError += (_, error) => Note(true, error);
        page.Response += (_, answer) => Note(answer.Status >= 400, $"{answer.Status} {answer.Request.Method} {answer.Url}");
        await page.GotoAsync($"{Url}{path}");
        return (page, problems);

        void Note(bool wrong, string text)
        {
            if (wrong) problems.Enqueue(text);
        }
    }

    private sealed class Again(Func<Task<HttpResponseMessage>> delete) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync() => (await delete()).Dispose();
    }
}
