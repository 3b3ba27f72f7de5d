using System.Net;
using System.Net.Http.Json;
using System.Text.RegularExpressions;
using LeadSens.Server.Identity;
using LeadSens.Server.Tests.Support;

namespace LeadSens.Server.Tests.Studio.Site;

public sealed partial class SignInTests(AppOfClass apps) : IClassFixture<AppOfClass>, IDisposable
{
    private readonly HttpClient browser = apps.App.Client("");

    public void Dispose() => browser.Dispose();

    [Theory]
    [InlineData("/studio/", "/studio/")]
    [InlineData("/studio/definitions/campaign", "/studio/definitions/campaign")]
    [InlineData("https://evil.example/", "/studio/")]
    [InlineData("//evil.example", "/studio/")]
    [InlineData("/studio/\\evil.example", "/studio/")]
    public async Task A_key_opens_a_session_and_leads_to_our_own_page(string returnUrl, string leadsTo)
    {
        var asked = await browser.GetAsync("/studio/instances");
        asked.StatusCode.ShouldBe(HttpStatusCode.Redirect);
        asked.Headers.Location!.PathAndQuery.ShouldStartWith("/studio/sign-in?returnUrl=%2Fstudio%2Finstances");

        var answer = await SignInAsync(ApiKeys.DevelopmentKey, returnUrl);
        answer.StatusCode.ShouldBe(HttpStatusCode.Redirect);
        answer.Headers.Location!.ToString().ShouldBe(leadsTo);
        var cookie = answer.Headers.GetValues("Set-Cookie").Single(value => value.StartsWith("leadsens.session=", StringComparison.Ordinal));
        cookie.ShouldContain("httponly");
        cookie.ShouldContain("samesite=lax");
        (await browser.GetAsync("/studio/instances")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_wrong_key_opens_nothing_and_says_so()
    {
        var answer = await SignInAsync("<script>");
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        var page = await answer.Content.ReadAsStringAsync();
        page.ShouldContain("This key opens nothing.");
        page.ShouldNotContain("<script>");
        (await browser.GetAsync("/studio/")).StatusCode.ShouldBe(HttpStatusCode.Redirect);
    }

    [Theory]
    [InlineData("/approve/nothing")]
    [InlineData("/elsa/api/events/trigger?t=nothing")]
    [InlineData("/elsa/api/bookmarks/resume?t=nothing")]
    public async Task A_page_that_a_link_opens_is_open_to_whoever_is_signed_in_too(string path)
    {
        await SignInAsync(ApiKeys.DevelopmentKey);
        (await browser.PostAsync(path, new FormUrlEncodedContent([]))).StatusCode.ShouldBe(HttpStatusCode.NotFound, "the link is looked at, not the session");
    }

    [Fact]
    public async Task A_change_by_session_needs_the_header_that_only_our_pages_set()
    {
        await SignInAsync(ApiKeys.DevelopmentKey);
        (await browser.PostAsJsonAsync("/elsa/api/workflow-instances", new { })).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await browser.PostAsJsonAsync("/api/campaigns", new { })).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        var token = Token().Match(await browser.GetStringAsync("/studio/")).Groups[1].Value;
        browser.DefaultRequestHeaders.Add(SessionGuard.Header, WebUtility.HtmlDecode(token));
        (await browser.PostAsJsonAsync("/elsa/api/workflow-instances", new { })).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await browser.PostAsync("/studio/sign-out", null)).StatusCode.ShouldBe(HttpStatusCode.Redirect);
        (await browser.GetAsync("/studio/")).StatusCode.ShouldBe(HttpStatusCode.Redirect);
    }

    [Fact]
    public async Task The_hub_takes_a_session_only_from_the_same_origin()
    {
        await SignInAsync(ApiKeys.DevelopmentKey);
        (await NegotiateAsync("https://evil.example")).ShouldBe(HttpStatusCode.Forbidden);
        (await NegotiateAsync(browser.BaseAddress!.GetLeftPart(UriPartial.Authority))).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Without_a_session_the_API_answers_401_and_no_page()
    {
        (await browser.PostAsJsonAsync("/elsa/api/workflow-instances", new { })).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await browser.GetAsync("/studio/sign-in")).Headers.GetValues("Content-Security-Policy").Single().ShouldNotContain("unsafe-eval'; ");
    }

    private async Task<HttpStatusCode> NegotiateAsync(string origin)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/elsa/hubs/workflow-instance/negotiate?negotiateVersion=1");
        request.Headers.Add("Origin", origin);
        return (await browser.SendAsync(request)).StatusCode;
    }

    private async Task<HttpResponseMessage> SignInAsync(string key, string returnUrl = "")
    {
        var form = FormToken().Match(await browser.GetStringAsync("/studio/sign-in")).Groups[1].Value;
        return await browser.PostAsync("/studio/sign-in", new FormUrlEncodedContent(
            [new("__RequestVerificationToken", WebUtility.HtmlDecode(form)), new("key", key), new("returnUrl", returnUrl)]));
    }

    [GeneratedRegex("csrf-token\" content=\"([^\"]+)\"")]
    private static partial Regex Token();

    [GeneratedRegex("__RequestVerificationToken\" value=\"([^\"]+)\"")]
    private static partial Regex FormToken();
}
