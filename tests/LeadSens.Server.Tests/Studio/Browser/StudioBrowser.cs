extern alias Demo;

using System.Collections.Concurrent;
using Demo::LeadSens.Demo;
using Microsoft.Playwright;

namespace LeadSens.Server.Tests.Studio.Browser;

/// <summary>A Server in a process of its own and a real Chromium, signed in.</summary>
public sealed class StudioBrowser : IAsyncLifetime
{
    private static readonly string[] Places = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome", "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"];

    private ThrowAwayStack stack = null!;
    private IPlaywright playwright = null!;
    private IBrowser browser = null!;

    internal string Url { get; private set; } = "";

    public async ValueTask InitializeAsync()
    {
        stack = await ThrowAwayStack.StartAsync("studio", CancellationToken.None);
        var node = await stack.StartServerAsync("server", new Dictionary<string, string?>(), CancellationToken.None);
        Url = ServerFile.Read(node.DataDirectory)!.Url.TrimEnd('/');
        playwright = await Playwright.CreateAsync();
        browser = await playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = Places.FirstOrDefault(File.Exists) ?? throw new FileNotFoundException("Chromium is not installed; ./test.sh installs it."),
            // Chromium's sandbox does not run as root.
            Args = Environment.IsPrivilegedProcess ? ["--no-sandbox"] : [],
        });
    }

    public async ValueTask DisposeAsync()
    {
        await browser.DisposeAsync();
        playwright.Dispose();
        await stack.DisposeAsync();
    }

    /// <summary>The list of definitions, and what goes wrong on the pages from here on.</summary>
    internal async Task<(IPage Page, ConcurrentQueue<string> Problems)> SignInAsync()
    {
        var page = await browser.NewPageAsync(new() { ViewportSize = new() { Width = 1500, Height = 900 } });
        page.SetDefaultTimeout(60_000);
        var problems = new ConcurrentQueue<string>();
        page.Console += (_, message) => Note(message.Type == "error", message.Text);
        page.PageError += (_, error) => Note(true, error);
        page.Response += (_, answer) => Note(answer.Status >= 400, $"{answer.Status} {answer.Request.Method} {answer.Url}");
        await page.GotoAsync($"{Url}/studio/");
        await page.ClickAsync("button[type=submit]");
        return (page, problems);

        void Note(bool wrong, string text)
        {
            if (wrong) problems.Enqueue(text);
        }
    }
}
