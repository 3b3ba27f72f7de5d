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

    private static ILocator Box(IPage page, string name) => page.Locator(".x6-node").Filter(new() { HasText = name }).First;
}
