using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using LeadSens.Server.Identity;
using LeadSens.Server.Tests.Support;

namespace LeadSens.Server.Tests.Approvals;

public sealed partial class ApprovalPageTests : IAsyncLifetime
{
    private TestApp app = null!;

    public async ValueTask InitializeAsync() => app = await TestApp.StartAsync();

    public ValueTask DisposeAsync() => app.DisposeAsync();

    [Fact]
    public async Task Opening_the_link_decides_nothing_and_posting_it_decides_once()
    {
        var (campaign, approval, link) = await AskedAsync(2);
        var browser = app.Client(key: "");

        for (var visit = 0; visit < 3; visit++) (await browser.GetAsync(link)).StatusCode.ShouldBe(HttpStatusCode.OK);
        using var head = new HttpRequestMessage(HttpMethod.Head, link);
        (await browser.SendAsync(head)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await StatusAsync(approval)).ShouldBe("pending");

        (await PostAsync(link, ("decision", "approve"), ("seen", await SeenAsync(link)))).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await campaign.StatusesAsync()).ShouldBe(["Approved"]);
        (await PostAsync(link, ("decision", "reject"), ("seen", Reviewing.NoHash))).StatusCode.ShouldBe(HttpStatusCode.Conflict);
        (await browser.GetAsync(link)).StatusCode.ShouldBe(HttpStatusCode.Gone);
        (await campaign.StatusesAsync()).ShouldBe(["Approved"]);
    }

    [Fact]
    public async Task The_page_shows_every_mail_escaped_and_is_kept_private()
    {
        var (_, _, link) = await AskedAsync(2);

        var answer = await app.Client(key: "").GetAsync(link);
        var html = await answer.Content.ReadAsStringAsync();

        MailHeading().Count(html).ShouldBe(6);
        html.ShouldContain("mail &lt;b&gt;1&lt;/b&gt;");
        html.ShouldNotContain("<b>");
        html.ShouldNotContain("<script");
        html.ShouldContain("noindex");
        answer.Headers.GetValues("Referrer-Policy").ShouldBe(["no-referrer"]);
        answer.Headers.GetValues("Content-Security-Policy").Single().ShouldContain("default-src 'none'");
        answer.Headers.GetValues("X-Robots-Tag").Single().ShouldContain("noindex");
    }

    [Fact]
    public async Task Only_the_hash_of_a_token_is_stored_and_another_token_opens_nothing()
    {
        var (_, _, link) = await AskedAsync(1);

        link.Split('/')[^1].Length.ShouldBe(43, "256 bits");
        (await app.Database.ScalarAsync<int>("select octet_length(token_hash) from approval_tokens")).ShouldBe(32);
        (await app.Client(key: "").GetAsync("/approve/" + new string('A', 43))).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await app.Client(key: "").GetAsync("/approve/short")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task An_expired_link_decides_nothing()
    {
        var (campaign, _, link) = await AskedAsync(1);
        await app.Database.ShiftClockAsync(TimeSpan.FromDays(8));

        (await app.Client(key: "").GetAsync(link)).StatusCode.ShouldBe(HttpStatusCode.Gone);
        (await PostAsync(link, ("decision", "approve"), ("seen", Reviewing.NoHash))).StatusCode.ShouldBe(HttpStatusCode.Conflict);
        (await campaign.StatusesAsync()).ShouldBe(["Drafted"]);
    }

    [Fact]
    public async Task The_form_decides_lead_by_lead_with_edits()
    {
        var (campaign, approval, link) = await AskedAsync(2);
        var leads = await campaign.LeadsAsync();

        await PostAsync(link, ("decision", "approve"), ("seen", await SeenAsync(link)), ("lead", leads[0].ToString()), ($"choice.{leads[0]}", "reject"),
            ("lead", leads[1].ToString()), ($"choice.{leads[1]}", ""), ($"subject.{leads[1]}.1", "Edited"), ($"body.{leads[1]}.1", "Line one\r\nline two"));
        (await StatusAsync(approval)).ShouldBe("pending", "what differs is named before the decision");
        (await PostAsync(link, ("decision", "approve"), ("seen", await SeenAsync(link)), ("all", "false"))).StatusCode.ShouldBe(HttpStatusCode.OK);

        (await StatusAsync(approval)).ShouldBe("approved");
        (await app.Database.ListAsync<string>("select status from leads where campaign_id = $1 order by id", campaign.Id)).ShouldBe(["Rejected", "Approved"]);
        (await app.Database.ScalarAsync<string>("select subject || ': ' || body from drafts where lead_id = $1 and step = 1", leads[1])).ShouldBe("Edited: Line one\nline two");
    }

    [Fact]
    public async Task A_large_review_is_paged_and_keeps_the_choices_of_other_pages()
    {
        var (campaign, approval, link) = await AskedAsync(60);
        var leads = await campaign.LeadsAsync();

        var saved = await PostAsync(link, ("go", "2"), ("seen", await SeenAsync(link)), ("lead", leads[3].ToString()), ($"choice.{leads[3]}", "reject"));
        saved.StatusCode.ShouldBe(HttpStatusCode.SeeOther);
        (await StatusAsync(approval)).ShouldBe("pending");
        var second = await app.Client(key: "").GetStringAsync(saved.Headers.Location!.ToString());
        second.ShouldContain("Page 2 of 2");

        var asked = await (await PostAsync(link, ("decision", "approve"), ("seen", await SeenAsync(link)))).Content.ReadAsStringAsync();
        asked.ShouldContain(": you chose to reject</li>");
        (await StatusAsync(approval)).ShouldBe("pending");
        (await PostAsync(link, ("decision", "approve"), ("seen", await SeenAsync(link)), ("all", "false"))).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await campaign.CountAsync("Approved")).ShouldBe(59);
        (await campaign.CountAsync("Rejected")).ShouldBe(1);
    }

    [Fact]
    public async Task The_api_lists_shows_and_decides()
    {
        var (campaign, approval, _) = await AskedAsync(2);
        var client = app.Client();

        var item = (await client.GetFromJsonAsync<JsonElement>($"/api/approvals?campaignId={campaign.Id}")).GetProperty("items")[0];
        (item.GetProperty("status").GetString(), item.GetProperty("leads").GetInt32()).ShouldBe(("pending", 2));
        var shown = await client.GetFromJsonAsync<JsonElement>($"/api/approvals/{approval}");
        shown.GetProperty("items")[0].GetProperty("drafts").GetArrayLength().ShouldBe(3);
        (await client.PostAsJsonAsync($"/api/approvals/{approval}/decision", new { decision = "maybe" })).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        var blind = await client.PostAsJsonAsync($"/api/approvals/{approval}/decision", new { decision = "approve" });
        blind.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await blind.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("errors").GetProperty("contentHash")[0].GetString().ShouldNotBeNull().ShouldContain("GET /api/approvals/{id}");
        (await client.GetAsync($"/api/approvals/{approval}/link")).StatusCode.ShouldBe(HttpStatusCode.MethodNotAllowed);
        (await client.DecideAsync(approval)).StatusCode.ShouldBe(HttpStatusCode.OK);
        var again = await client.DecideAsync(approval);
        again.StatusCode.ShouldBe(HttpStatusCode.Conflict);
        (await again.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("code").GetString().ShouldBe("approval_already_decided");
        (await client.GetAsync($"/api/approvals/{Guid.CreateVersion7()}")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [GeneratedRegex("<h2>Mail ")]
    private static partial Regex MailHeading();

    [GeneratedRegex("name=\"seen\" value=\"([0-9a-f]{64})\"")]
    private static partial Regex Seen();

    private async Task<(ReviewedCampaign Campaign, Guid Approval, string Link)> AskedAsync(int leads)
    {
        var campaign = await ReviewedCampaign.CreateAsync(app.Database, leads, DemoWorkspace.Id);
        var approval = await campaign.AskAsync();
        return (campaign, approval, await app.Client().LinkAsync(approval));
    }

    private async Task<string> SeenAsync(string link) => Seen().Match(await app.Client(key: "").GetStringAsync(link)).Groups[1].Value;

    private Task<string?> StatusAsync(Guid approval) => app.Database.ScalarAsync<string>("select status from approvals where id = $1", approval);

    private Task<HttpResponseMessage> PostAsync(string link, params (string Name, string Value)[] fields) =>
        app.Client(key: "").PostAsync(link, new FormUrlEncodedContent(fields.Select(field => KeyValuePair.Create(field.Name, field.Value))));
}
