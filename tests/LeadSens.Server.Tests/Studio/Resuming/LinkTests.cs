using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using LeadSens.Server.Tests.Support;
using LeadSens.Server.Tests.Workflows;

namespace LeadSens.Server.Tests.Studio.Resuming;

/// <summary>Signed links: whoever has one may use it, once; opening it does nothing.</summary>
[Collection(typeof(StudioTests))]
public sealed class LinkTests(StudioApp app)
{
    [Fact]
    public async Task Opening_a_link_shows_a_button_and_only_the_button_resumes()
    {
        var (run, link) = await EventLinkAsync("'1.00:00:00'");
        using var anybody = app.App.Client("");
        foreach (var method in (HttpMethod[])[HttpMethod.Get, HttpMethod.Head, HttpMethod.Get])
        {
            using var page = await anybody.SendAsync(new HttpRequestMessage(method, link));
            page.StatusCode.ShouldBe(HttpStatusCode.OK);
            page.Headers.CacheControl!.NoStore.ShouldBeTrue();
            page.Headers.GetValues("Content-Security-Policy").Single().ShouldContain("default-src 'none'");
            if (method == HttpMethod.Get) (await page.Content.ReadAsStringAsync()).ShouldContain("<form method=\"post\"><button");
        }
        (await StatusAsync(run)).ShouldBe("Suspended");

        for (var again = 0; again < 2; again++)
        {
            using var done = await anybody.PostAsync(link, new FormUrlEncodedContent([]));
            done.StatusCode.ShouldBe(HttpStatusCode.OK);
            (await done.Content.ReadAsStringAsync()).ShouldContain("Thank you");
        }
        await EndedAsync(run);
    }

    [Fact]
    public async Task A_link_used_twice_does_not_resume_the_next_round_of_a_loop()
    {
        using var studio = await app.WorkspaceAsync();
        var body = Draft.Line("", Graphs.Event("e", "go"))["root"]!.DeepClone();
        body["id"] = "Inner";
        var loop = new JsonObject { ["id"] = "loop", ["type"] = "Elsa.While", ["condition"] = Input("Literal", true), ["body"] = body };
        var link = new JsonObject { ["id"] = "link", ["name"] = "link", ["type"] = "Elsa.SetName", ["value"] = Input("JavaScript", "createEventTriggerUrl('go')") };
        var definition = (await studio.SaveAsync(JsonNode.Parse(Graphs.Line("loops", link, loop))!, publish: true)).DefinitionId();
        var run = await RunAsync(studio, definition);
        using var anybody = app.App.Client("");
        var url = await app.Db.ScalarAsync<string>("select name from workflow_instances where id = $1", run);
        for (var again = 0; again < 3; again++) (await anybody.PostAsync(Path(url!), null)).StatusCode.ShouldBe(HttpStatusCode.OK);
        await Eventually.Be(async () => await app.Db.ScalarAsync<long>("select count(*) from workflow_bookmarks where instance_id = $1", run) == 2);
        (await app.Db.ScalarAsync<long>("select count(*) from workflow_journal where instance_id = $1 and event_name = 'Resumed'", run)).ShouldBe(1);
    }

    [Fact]
    public async Task A_link_that_comes_too_early_says_so_and_works_later()
    {
        using var studio = await app.WorkspaceAsync();
        var link = new JsonObject { ["id"] = "link", ["name"] = "link", ["type"] = "Elsa.SetName", ["value"] = Input("JavaScript", "createEventTriggerUrl('go')") };
        var definition = (await studio.SaveAsync(JsonNode.Parse(Graphs.Line("early", link, Graphs.Event("first", "before"), Graphs.Event("e", "go")))!, publish: true)).DefinitionId();
        var run = await RunAsync(studio, definition);
        using var anybody = app.App.Client("");
        var url = Path((await app.Db.ScalarAsync<string>("select name from workflow_instances where id = $1", run))!);
        (await anybody.PostAsync(url, null)).StatusCode.ShouldBe(HttpStatusCode.Conflict);
        await studio.PostAsync("/events/before/trigger", new JsonObject { ["workflowInstanceId"] = run, ["workflowExecutionMode"] = "Synchronous" });
        await Eventually.Be(async () => await app.Db.ScalarAsync<long>("select count(*) from workflow_bookmarks where instance_id = $1 and activity_id = 'e'", run) == 1);
        (await anybody.PostAsync(url, JsonContent.Create(new { input = new { answer = 42 } }))).StatusCode.ShouldBe(HttpStatusCode.OK);
        await EndedAsync(run);
        (await app.Db.ScalarAsync<string>("select payload from workflow_journal where instance_id = $1 and activity_id = 'e' and event_name = 'Completed'", run)).ShouldBe("""{"outputs":{"Result":{"answer":42}}}""");
    }

    [Theory]
    [InlineData("'00:00:01'", HttpStatusCode.Gone)]
    [InlineData("'1.00:00:00'", HttpStatusCode.OK)]
    [InlineData("new Date(Date.now() + 60000)", HttpStatusCode.OK)]
    [InlineData("'2020-01-01T00:00:00Z'", HttpStatusCode.Gone)]
    public async Task A_link_works_until_it_expires(string limit, HttpStatusCode status)
    {
        var (_, link) = await EventLinkAsync(limit);
        using var anybody = app.App.Client("");
        await Eventually.Be(async () => (await anybody.GetAsync(link)).StatusCode == status);
        (await anybody.PostAsync(link, null)).StatusCode.ShouldBe(status);
    }

    [Fact]
    public async Task A_link_that_was_changed_opens_nothing()
    {
        var (run, link) = await EventLinkAsync("'1.00:00:00'");
        using var anybody = app.App.Client("");
        var token = link[(link.IndexOf("t=", StringComparison.Ordinal) + 2)..];
        foreach (var broken in (string[])["", "x", token[..^4], token[..20] + (token[20] == 'A' ? 'B' : 'A') + token[21..], token + "AAAA", "../" + token])
        foreach (var path in (string[])["/elsa/api/events/trigger", "/elsa/api/bookmarks/resume"])
            (await anybody.PostAsync($"{path}?t={Uri.EscapeDataString(broken)}", null)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await StatusAsync(run)).ShouldBe("Suspended");
    }

    [Fact]
    public async Task A_link_to_one_wait_resumes_it_with_what_the_query_or_the_body_carries()
    {
        using var studio = await app.WorkspaceAsync();
        using var anybody = app.App.Client("");
        foreach (var byQuery in (bool[])[true, false])
        {
            var definition = (await studio.SaveAsync(Draft.Line("Task", Graphs.Box("task", "Elsa.RunTask", "taskName", "call")), publish: true)).DefinitionId();
            var run = await RunAsync(studio, definition);
            var bookmark = await app.Db.ScalarAsync<Guid>("select id from workflow_bookmarks where instance_id = $1", run);
            var made = await studio.PostAsync($"/bookmarks/{bookmark}/link", new JsonObject { ["lifetime"] = "01:00:00" });
            made["expiresAt"].ShouldNotBeNull();
            var url = Path((string)made["url"]!);
            using var answer = await anybody.PostAsync(byQuery ? $"{url}&async=true&in={Uri.EscapeDataString("{\"said\":\"yes\"}")}" : url, byQuery ? null : JsonContent.Create(new { input = new { said = "yes" } }));
            answer.StatusCode.ShouldBe(HttpStatusCode.OK);
            await EndedAsync(run);
            (await app.Db.ScalarAsync<string>("select payload from workflow_journal where instance_id = $1 and activity_id = 'task' and event_name = 'Completed'", run))!.ShouldContain("yes");
            (await anybody.PostAsync(url, null)).StatusCode.ShouldBe(HttpStatusCode.OK, "a repetition");
        }
    }

    [Fact]
    public async Task A_link_to_a_wait_that_is_over_says_so()
    {
        using var studio = await app.WorkspaceAsync();
        var definition = (await studio.SaveAsync(Draft.Line("Over", Graphs.Event("e", "go")), publish: true)).DefinitionId();
        var run = await RunAsync(studio, definition);
        var bookmark = await app.Db.ScalarAsync<Guid>("select id from workflow_bookmarks where instance_id = $1", run);
        var url = Path((string)(await studio.PostAsync($"/bookmarks/{bookmark}/link"))["url"]!);
        await studio.PostAsync($"/cancel/workflow-instances/{run}");
        using var anybody = app.App.Client("");
        (await anybody.PostAsync(url, null)).StatusCode.ShouldBe(HttpStatusCode.Conflict);
        (await anybody.PostAsync(url, null)).StatusCode.ShouldBe(HttpStatusCode.Conflict);
    }

    [Fact]
    public async Task A_body_that_is_too_large_or_no_JSON_is_refused()
    {
        var (run, link) = await EventLinkAsync("'1.00:00:00'");
        using var anybody = app.App.Client("");
        async Task<HttpStatusCode> PostAsync(string body) => (await anybody.PostAsync(link, new StringContent(body, Encoding.UTF8, "application/json"))).StatusCode;
        (await PostAsync($$"""{"input":"{{new string('x', 1024 * 1024)}}"}""")).ShouldBe(HttpStatusCode.RequestEntityTooLarge);
        (await PostAsync("{")).ShouldBe(HttpStatusCode.BadRequest);
        (await anybody.PostAsync(link + "&in=%7B", null)).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await StatusAsync(run)).ShouldBe("Suspended");
    }

    [Fact]
    public async Task Who_is_signed_in_may_use_a_link_too()
    {
        var (run, link) = await EventLinkAsync("'1.00:00:00'");
        using var browser = app.App.Client("");
        var page = await (await browser.GetAsync("/studio/sign-in")).Content.ReadAsStringAsync();
        var token = System.Text.RegularExpressions.Regex.Match(page, "name=\"__RequestVerificationToken\"[^>]*value=\"([^\"]+)\"").Groups[1].Value;
        await browser.PostAsync("/studio/sign-in", new FormUrlEncodedContent([new("key", LeadSens.Server.Identity.ApiKeys.DevelopmentKey), new("__RequestVerificationToken", token)]));
        (await browser.PostAsync(link, new FormUrlEncodedContent([]))).StatusCode.ShouldBe(HttpStatusCode.OK);
        await EndedAsync(run);
    }

    [Fact]
    public async Task No_link_stands_in_for_an_approval_or_for_the_servers_own_work()
    {
        using var studio = await app.WorkspaceAsync();
        var definition = (await studio.SaveAsync(Draft.Line("Mine", Graphs.Event("e", "go")), publish: true)).DefinitionId();
        var run = await RunAsync(studio, definition);
        await app.Db.ExecuteAsync("update workflow_bookmarks set activity_type = 'LeadSens.RequestApproval' where instance_id = $1", run);
        var bookmark = await app.Db.ScalarAsync<Guid>("select id from workflow_bookmarks where instance_id = $1", run);
        (await studio.RefusedAsync($"/bookmarks/{bookmark}/link", null)).ShouldContain("approval");
    }

    /// <summary>A run that waits for an event, and the link that a script of it made.</summary>
    private async Task<(Guid Run, string Link)> EventLinkAsync(string limit)
    {
        using var studio = await app.WorkspaceAsync();
        var link = new JsonObject { ["id"] = "link", ["name"] = "link", ["type"] = "Elsa.SetName", ["value"] = Input("JavaScript", $"createEventTriggerUrl('go', {limit})") };
        var definition = (await studio.SaveAsync(JsonNode.Parse(Graphs.Line("linked", link, Graphs.Event("e", "go")))!, publish: true)).DefinitionId();
        var run = await RunAsync(studio, definition);
        return (run, Path((await app.Db.ScalarAsync<string>("select name from workflow_instances where id = $1", run))!));
    }

    private static async Task<Guid> RunAsync(StudioClient studio, string definition)
    {
        using var run = await studio.SendAsync($"/workflow-definitions/{definition}/execute", null);
        run.EnsureSuccessStatusCode();
        return Guid.Parse(run.Headers.GetValues("x-elsa-workflow-instance-id").Single());
    }

    private Task<string?> StatusAsync(Guid run) => app.Db.ScalarAsync<string>("select sub_status from workflow_instances where id = $1", run);

    private Task EndedAsync(Guid run) => Eventually.Be(async () => await StatusAsync(run) == "Finished");

    private static string Path(string url) => new Uri(url).PathAndQuery;

    private static JsonObject Input(string syntax, JsonNode value) => new() { ["typeName"] = "Object", ["expression"] = new JsonObject { ["type"] = syntax, ["value"] = value } };
}
