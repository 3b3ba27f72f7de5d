using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using LeadSens.Engine.BuiltIn;
using LeadSens.Server.Identity;
using LeadSens.Server.Tests.Support;
using LeadSens.Server.Workflows.Http;
using static LeadSens.Server.Tests.Workflows.Http.HttpGraphs;

namespace LeadSens.Server.Tests.Workflows.Http;

/// <summary>Requests under /workflows against runs of the real app.</summary>
public sealed class HttpEndpointTests(HttpEndpointTests.Host host) : IClassFixture<HttpEndpointTests.Host>
{
    private const string InstanceHeader = "x-elsa-workflow-instance-id";

    private TestApp App => host.App;

    [Fact]
    public async Task A_request_starts_a_run_that_answers_it()
    {
        await App.DefineAsync(Echo("echo/{id}/lines/{line}", methods: """["POST"]""", status: Literal(201), headers: """{"X-Seen":"yes"}"""));
        using var http = App.Client("");

        using var answer = await http.PostAsJsonAsync("/workflows/echo/4%202/lines/x?tag=a&tag=b&q=1", new { name = "Zoë", n = 1 });

        answer.StatusCode.ShouldBe(HttpStatusCode.Created);
        answer.Content.Headers.ContentType!.ToString().ShouldBe("application/json; charset=utf-8");
        answer.Headers.GetValues("X-Seen").ShouldBe(["yes"]);
        var seen = await answer.Content.ReadFromJsonAsync<JsonElement>();
        seen.GetProperty("route").GetRawText().ShouldBe("""{"id":"4 2","line":"x"}""");
        seen.GetProperty("query").GetRawText().ShouldBe("""{"tag":["a","b"],"q":"1"}""");
        seen.GetProperty("content").GetProperty("name").GetString().ShouldBe("Zoë");
        seen.GetProperty("request").GetProperty("method").GetString().ShouldBe("POST");
        (await App.StatusAsync(InstanceOf(answer))).ShouldBe("Finished");
    }

    [Fact]
    public async Task What_protects_the_origin_is_on_every_answer()
    {
        await App.DefineAsync(Echo("safe", contentType: "text/html"));
        using var http = App.Client("");

        foreach (var path in new[] { "/workflows/safe", "/workflows/nothing" })
        {
            using var answer = await http.GetAsync(path);
            answer.Headers.GetValues("Content-Security-Policy").Single().ShouldStartWith("sandbox");
            answer.Headers.GetValues("X-Content-Type-Options").ShouldBe(["nosniff"]);
            answer.Headers.CacheControl!.NoStore.ShouldBeTrue();
            answer.Headers.Contains("Set-Cookie").ShouldBeFalse();
        }
    }

    [Theory]
    [InlineData("Set-Cookie", "leadsens.session=evil"), InlineData("set-cookie", "a=b"), InlineData("Clear-Site-Data", "\"*\""), InlineData("Content-Security-Policy", "default-src *")]
    [InlineData("X-A", "1\r\nSet-Cookie: a=b"), InlineData("X-A\r\nSet-Cookie", "1"), InlineData("X-A", "1\n"), InlineData("Content-Length", "1"), InlineData("Alt-Svc", "h3=\":1\""), InlineData("Location", "javascript:alert(1)")]
    [InlineData("Service-Worker-Allowed", "/"), InlineData("Transfer-Encoding", "chunked"), InlineData("X-Content-Type-Options", "none")]
    public async Task A_header_that_would_harm_the_origin_is_an_incident_and_not_sent(string name, string value)
    {
        await App.DefineAsync(Echo("harm", headers: new JsonObject { [name] = value }.ToJsonString()));
        using var http = App.Client("");

        using var answer = await http.GetAsync("/workflows/harm");

        answer.StatusCode.ShouldBe(HttpStatusCode.InternalServerError);
        var text = await answer.Content.ReadAsStringAsync();
        JsonDocument.Parse(text).RootElement.GetProperty("code").GetString().ShouldBe("workflow_faulted");
        text.ShouldNotContain("box");
        answer.Headers.Contains("Set-Cookie").ShouldBeFalse();
        var run = await App.InstanceAsync(InstanceOf(answer));
        run.GetProperty("workflowState").GetProperty("incidents")[0].GetProperty("message").GetString().ShouldNotBeNull().ShouldContain("box 'answer'");
    }

    [Theory]
    [InlineData("text/javascript"), InlineData("application/javascript; charset=utf-8"), InlineData("text/ecmascript"), InlineData("application/wasm"), InlineData("text/html\r\nSet-Cookie: a=b"), InlineData("none")]
    public async Task A_content_type_that_our_pages_could_run_is_not_sent(string type)
    {
        await App.DefineAsync(Echo("script", contentType: type));
        using var http = App.Client("");

        (await http.GetAsync("/workflows/script")).StatusCode.ShouldBe(HttpStatusCode.InternalServerError);
    }

    [Theory]
    [InlineData("404", 404), InlineData("NotFound", 404), InlineData("204", 204), InlineData("99", 500), InlineData("600", 500), InlineData("Nonsense", 500), InlineData("101", 500)]
    public async Task A_status_is_a_number_or_its_name(string status, int answered)
    {
        await App.DefineAsync(Echo("status", status: Literal(status)));
        using var http = App.Client("");

        ((int)(await http.GetAsync("/workflows/status")).StatusCode).ShouldBe(answered);
    }

    [Fact]
    public async Task A_run_that_waits_before_it_answers_is_told_of()
    {
        await App.DefineAsync(Flow("slow", "in->wait;wait->answer", [Endpoint("in", "slow"), Box("wait", "Elsa.Delay", ("timeSpan", Literal("01:00:00"))), Answer()]));
        using var http = App.Client("");

        using var answer = await http.GetAsync("/workflows/slow");

        answer.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        (await App.StatusAsync(InstanceOf(answer))).ShouldBe("Suspended");
    }

    [Fact]
    public async Task A_run_that_never_answers_is_told_of_as_well()
    {
        await App.DefineAsync(Flow("mute", "in->a", [Endpoint("in", "mute"), WriteLine("a")]));
        await App.DefineAsync(Flow("broken", "in->a", [Endpoint("in", "broken"), Box("a", "Elsa.Fault", ("message", Literal("the secret reason")))]));
        using var http = App.Client("");

        using var mute = await http.GetAsync("/workflows/mute");
        using var broken = await http.GetAsync("/workflows/broken");

        (mute.StatusCode, broken.StatusCode).ShouldBe((HttpStatusCode.OK, HttpStatusCode.InternalServerError));
        (await mute.Content.ReadAsStringAsync()).ShouldContain(InstanceOf(mute).ToString());
        (await broken.Content.ReadAsStringAsync()).ShouldNotContain("secret");
    }

    [Fact]
    public async Task A_caller_waits_as_long_as_the_endpoint_says()
    {
        await using var silent = await ScriptedProvider.SilentAsync();
        await App.DefineAsync(Flow("late", "in->call;call->answer", [Endpoint("in", "late", ("requestTimeout", Literal("00:00:00.2"))), Box("call", "Elsa.FlowSendHttpRequest", ("url", Literal(silent.Url))), Answer()]));
        using var http = App.Client("");

        using var answer = await http.GetAsync("/workflows/late");

        answer.StatusCode.ShouldBe(HttpStatusCode.GatewayTimeout);
        (await answer.Content.ReadAsStringAsync()).ShouldContain("workflow_timeout");
        InstanceOf(answer).ShouldNotBe(Guid.Empty);
    }

    [Fact]
    public async Task A_repeated_request_starts_one_run_and_gets_its_answer()
    {
        await App.DefineAsync(Flow("once", "in->answer", [Endpoint("in", "once", ("supportedMethods", Json("""["POST"]"""))), Answer(Js("newGuidString()"))]));
        using var http = App.Client("");
        http.DefaultRequestHeaders.Add("Idempotency-Key", "order-7");

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => http.PostAsJsonAsync("/workflows/once", new { n = 1 })));
        using var other = await http.PostAsJsonAsync("/workflows/once", new { n = 2 });

        answers.ShouldAllBe(answer => answer.StatusCode == HttpStatusCode.OK);
        (await Task.WhenAll(answers.Select(answer => answer.Content.ReadAsStringAsync()))).Distinct().ShouldHaveSingleItem();
        answers.Select(InstanceOf).Distinct().ShouldHaveSingleItem();
        (await App.Database.ScalarAsync<long>("select count(*) from workflow_instances where definition_id = 'once'")).ShouldBe(1);
        other.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
    }

    [Fact]
    public async Task A_key_of_the_same_name_elsewhere_shares_no_repeated_requests()
    {
        await App.DefineAsync(Flow("same", "in->answer", [Endpoint("in", "same", ("supportedMethods", Json("""["POST"]"""))), Answer(Js("newGuidString()"))]));
        var elsewhere = Guid.CreateVersion7();
        await App.Database.ExecuteAsync("insert into workspaces (id, name) values ($1, 'Elsewhere')", elsewhere);
        await App.Database.ExecuteAsync("""
            insert into api_keys (id, workspace_id, name, key_hash) select $1, $1, name, sha256(convert_to($1::text, 'UTF8')) from api_keys where key_hash = $2
            """, elsewhere, ApiKeys.Hash(ApiKeys.DevelopmentKey));
        using var caller = App.Client();
        using var stranger = App.Client(elsewhere.ToString());
        using var anybody = App.Client("");
        async Task<string> SendAsync(HttpClient http)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, $"/workflows/{DemoWorkspace.Id}/same") { Content = JsonContent.Create(new { n = 1 }), Headers = { { "Idempotency-Key", "order-8" } } };
            using var answer = await http.SendAsync(request);
            answer.StatusCode.ShouldBe(HttpStatusCode.OK);
            return await answer.Content.ReadAsStringAsync();
        }

        var own = await SendAsync(caller);

        (await SendAsync(stranger)).ShouldNotBe(own);
        (await SendAsync(stranger)).ShouldBe(await SendAsync(anybody), "it is anybody here");
        (await SendAsync(caller)).ShouldBe(own);
    }

    [Fact]
    public async Task Keys_of_one_name_that_send_the_same_idempotency_key_are_two_callers()
    {
        await App.DefineAsync(Flow("each", "in->answer", [Endpoint("in", "each", ("supportedMethods", Json("""["POST"]"""))), Answer(Js("newGuidString()"))]));
        var runs = new HashSet<Guid>();
        foreach (var secret in (Secret[])[Secret.New(Secret.ApiKey), Secret.New(Secret.ApiKey)])
        {
            await App.Database.ExecuteAsync("insert into api_keys (id, workspace_id, name, key_hash) values (new_id(), $1, 'shop', $2)", DemoWorkspace.Id, secret.Hash);
            using var http = App.Client(secret.Text);
            http.DefaultRequestHeaders.Add("Idempotency-Key", "order-1");
            for (var again = 0; again < 2; again++) runs.Add(InstanceOf(await http.PostAsJsonAsync("/workflows/each", new { n = 1 })));
        }

        runs.Count.ShouldBe(2);
    }

    [Fact]
    public async Task Methods_paths_and_their_letter_case()
    {
        await App.DefineAsync(Echo("Shop/{id}", methods: """["GET","delete"]"""));
        await App.DefineAsync(Flow("named", "in->answer", [Endpoint("in", "shop/open"), Answer(Literal("named"))]));
        using var http = App.Client("");

        (await http.GetAsync("/workflows/SHOP/7/")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await http.DeleteAsync("/workflows/shop/7")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await (await http.GetAsync("/workflows/shop/OPEN")).Content.ReadAsStringAsync()).ShouldBe("named", "a name goes before a parameter");
        var wrong = await http.PostAsync("/workflows/shop/7", null);
        (wrong.StatusCode, string.Join(",", wrong.Content.Headers.Allow.Order())).ShouldBe((HttpStatusCode.MethodNotAllowed, "DELETE,GET"));
        foreach (var nowhere in new[] { "/workflows", "/workflows/", "/workflows/shop", "/workflows/shop/7/8", "/workflows/" + string.Join('/', Enumerable.Repeat("a", 20)), $"/workflows/{Guid.CreateVersion7()}/shop/7" })
            (await http.GetAsync(nowhere)).StatusCode.ShouldBe(HttpStatusCode.NotFound, nowhere);
        (await http.GetAsync($"/workflows/{DemoWorkspace.Id}/shop/7")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_run_waits_for_a_request_and_answers_it()
    {
        var run = await App.RunAsync(Flow("confirm", "a->in;in->answer",
            [WriteLine("a"), Endpoint("in", null, ("path", Js("'confirm/' + getWorkflowInstanceId()")), ("supportedMethods", Json("""["POST"]""")), ("parsedContent", Into("Given"))), Answer(Js("({ thanks: getVariable('Given').name })"))], "Given"));
        using var http = App.Client("");
        (await App.StatusAsync(run)).ShouldBe("Suspended");

        using var answer = await http.PostAsJsonAsync($"/workflows/confirm/{run}", new { name = "Ada" });
        using var again = await http.PostAsJsonAsync($"/workflows/confirm/{run}", new { name = "Ada" });

        (await answer.Content.ReadAsStringAsync()).ShouldBe("""{"thanks":"Ada"}""");
        InstanceOf(answer).ShouldBe(run);
        again.StatusCode.ShouldBe(HttpStatusCode.NotFound, "nobody waits any more");
    }

    [Fact]
    public async Task Yesterdays_request_does_not_resume_todays_run()
    {
        using var http = App.Client("");
        (await http.GetAsync("/workflows/early")).StatusCode.ShouldBe(HttpStatusCode.NotFound);

        var run = await App.RunAsync(Flow("early", "a->in", [WriteLine("a"), Endpoint("in", "early")]));

        (await App.StatusAsync(run)).ShouldBe("Suspended");
    }

    [Fact]
    public async Task A_run_can_answer_twice_different_requests()
    {
        await App.DefineAsync(Flow("talk", "in->one;one->next;next->two", [Endpoint("in", "talk"), Answer(Js("getWorkflowInstanceId()"), "one"), Endpoint("next", null, ("path", Js("'talk/' + getWorkflowInstanceId()"))), Answer(Literal("bye"), "two")]));
        using var http = App.Client("");

        var run = await http.GetStringAsync("/workflows/talk");

        (await http.GetStringAsync($"/workflows/talk/{run}")).ShouldBe("bye");
        (await App.StatusAsync(Guid.Parse(run))).ShouldBe("Finished");
    }

    [Fact]
    public async Task Only_callers_of_the_workspace_where_the_endpoint_asks_for_them()
    {
        await App.DefineAsync(Echo("private", extra: ("authorize", Literal(true))));
        using var nobody = App.Client("");
        using var wrong = App.Client("wrong");
        using var owner = App.Client();

        (await nobody.GetAsync("/workflows/private")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await wrong.GetAsync("/workflows/private")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        using var answer = await owner.GetAsync("/workflows/private");

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await answer.Content.ReadAsStringAsync()).ShouldNotContain(ApiKeys.DevelopmentKey);
        (await App.InstanceAsync(InstanceOf(answer))).GetRawText().ShouldNotContain(ApiKeys.DevelopmentKey);
    }

    [Fact]
    public async Task A_session_starts_nothing_by_a_link_of_somebody_elses_page()
    {
        await App.DefineAsync(Echo("linked", extra: ("authorize", Literal(true))));
        await App.DefineAsync(Echo("hook", methods: """["POST"]"""));
        using var browser = App.Client("");
        var form = Value(await browser.GetStringAsync("/studio/sign-in"), "__RequestVerificationToken\" value=\"");
        await browser.PostAsync("/studio/sign-in", new FormUrlEncodedContent([new("__RequestVerificationToken", form), new("key", ApiKeys.DevelopmentKey)]));
        var token = Value(await browser.GetStringAsync("/studio/"), "csrf-token\" content=\"");

        (await browser.GetAsync("/workflows/linked")).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await browser.PostAsync("/workflows/hook", null)).StatusCode.ShouldBe(HttpStatusCode.OK, "it is for everybody");
        browser.DefaultRequestHeaders.Add(SessionGuard.Header, token);
        using var answer = await browser.GetAsync("/workflows/linked");
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        var seen = (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("headers").EnumerateObject().Select(header => header.Name);
        seen.ShouldNotContain("Cookie");
        seen.ShouldNotContain(SessionGuard.Header);

        static string Value(string page, string before) => WebUtility.HtmlDecode(page.Split(before)[1].Split('"')[0]);
    }

    [Theory]
    [InlineData("requestSizeLimit", "10", "Request too large", 413)]
    [InlineData("fileSizeLimit", "3", "File too large", 413)]
    [InlineData("allowedFileExtensions", "[\".pdf\"]", "Invalid file extension", 415)]
    [InlineData("blockedFileExtensions", "[\"TXT\"]", "Invalid file extension", 415)]
    [InlineData("allowedMimeTypes", "[\"application/pdf\"]", "Invalid file MIME type", 415)]
    public async Task What_an_endpoint_does_not_take_is_refused_or_goes_its_own_way(string input, string value, string outcome, int status)
    {
        var exposed = $"expose{outcome.Replace("MIME", "mime", StringComparison.Ordinal).Split(' ').Aggregate("", (name, word) => name + char.ToUpperInvariant(word[0]) + word[1..])}Outcome";
        using var http = App.Client("");
        await App.DefineAsync(Upload("strict", (input, Json(value))));
        (await http.PostAsync("/workflows/strict", Form())).StatusCode.ShouldBe((HttpStatusCode)status);
        (await App.Database.ScalarAsync<long>("select count(*) from workflow_instances where definition_id = 'strict'")).ShouldBe(0);

        await App.DefineAsync(Flow("open", $"in->answer;in.{outcome}->sorry", [Endpoint("in", "open", ("supportedMethods", Json("""["POST"]""")), (input, Json(value)), (exposed, true)), Answer(), Answer(Literal("sorry"), "sorry")]));
        (await (await http.PostAsync("/workflows/open", Form())).Content.ReadAsStringAsync()).ShouldBe("sorry");
        await App.Database.ExecuteAsync("delete from workflow_instances where definition_id = 'strict'");
    }

    [Fact]
    public async Task A_form_gives_its_fields_and_files()
    {
        await App.DefineAsync(Upload("upload"));
        using var http = App.Client("");

        var seen = JsonElement.Parse(await (await http.PostAsync("/workflows/upload", Form())).Content.ReadAsStringAsync());

        seen.GetProperty("content").GetProperty("note").GetString().ShouldBe("hi");
        var file = seen.GetProperty("file");
        (file.GetProperty("fileName").GetString(), file.GetProperty("length").GetInt32(), file.GetProperty("content").GetString()).ShouldBe(("a.txt", 5, Convert.ToBase64String("hello"u8)));
        seen.GetProperty("files").GetInt32().ShouldBe(1);
    }

    [Theory]
    [InlineData("application/json", "{broken", 400)]
    [InlineData("multipart/form-data; boundary=x", "no form", 400)]
    [InlineData("application/json", "", 200)]
    [InlineData("text/plain", "words", 200)]
    public async Task A_body_that_cannot_be_read_is_told_and_starts_nothing(string type, string body, int status)
    {
        await App.DefineAsync(Echo("read", methods: """["POST"]"""));
        using var http = App.Client("");
        using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(body)) { Headers = { ContentType = MediaTypeHeaderValue.Parse(type) } };

        ((int)(await http.PostAsync("/workflows/read", content)).StatusCode).ShouldBe(status);
    }

    [Fact]
    public async Task A_request_larger_than_the_service_takes_is_refused()
    {
        await App.DefineAsync(Echo("large", methods: """["POST"]"""));
        using var http = App.Client("");

        using var answer = await http.PostAsync("/workflows/large", new ByteArrayContent(new byte[2 << 20]));

        answer.StatusCode.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
    }

    [Fact]
    public async Task A_retracted_workflow_takes_no_requests()
    {
        await App.DefineAsync(Echo("gone"));
        using var http = App.Client();
        (await http.GetAsync("/workflows/gone")).StatusCode.ShouldBe(HttpStatusCode.OK);

        (await http.PostAsJsonAsync("/elsa/api/workflow-definitions/gone/retract", new { })).EnsureSuccessStatusCode();

        (await http.GetAsync("/workflows/gone")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    internal static JsonObject Endpoint(string id, string? path, params (string Name, JsonNode? Value)[] inputs)
    {
        var box = Box(id, "Elsa.HttpEndpoint", inputs);
        if (path is not null) box["path"] = Literal(path);
        box["customProperties"] = new JsonObject { ["canStartWorkflow"] = path is not null };
        return box;
    }

    internal static JsonObject Answer(JsonObject? content = null, string id = "answer", params (string Name, JsonNode? Value)[] inputs)
    {
        var box = Box(id, "Elsa.WriteHttpResponse", inputs);
        box["content"] = content ?? Literal("ok");
        return box;
    }

    [Fact]
    public async Task A_request_is_looked_up_by_as_many_keys_as_the_workspace_has_shapes_of_paths()
    {
        await App.DefineAsync(Echo("shapes/one/{a}/three/four/five/six/seven/eight/nine/ten/{b}"));
        await App.DefineAsync(Echo("shapesalike/one/{x}/three/four/five/six/seven/eight/nine/ten/{y}"));
        var shapes = await App.Database.ListAsync<int>("select parameters from workflow_route_shapes where workspace_id = $1 and segments = 12", DemoWorkspace.Id);
        shapes.ShouldBe([0b0010_0000_0001], "twelve parts can be read in 794 ways, and one counts");
        EndpointLookup.KeysOf(DemoWorkspace.Id, HttpRoute.PartsOf("a/b/c/d/e/f/g/h/i/j/k/l")!, shapes).Length.ShouldBe(7, "the methods");
        using var http = App.Client("");

        (await http.GetAsync("/workflows/shapes/one/2/three/four/five/six/seven/eight/nine/ten/12")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await http.GetAsync("/workflows/shapes/one/2/three/four/five/six/seven/eight/nine/eleven/12")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_box_that_waits_is_found_by_the_shape_of_its_path_whatever_its_names()
    {
        var id = await App.RunAsync(Flow("waiting", "first->in", [WriteLine("first"), Endpoint("in", null, ("path", Literal("waiting/{a}/here/{b}/and/there")))]));
        using var http = App.Client("");

        (await http.GetAsync($"/workflows/{DemoWorkspace.Id}/waiting/1/here/2/and/there")).StatusCode.ShouldBe(HttpStatusCode.OK);

        await Eventually.Be(async () => await App.StatusAsync(id) == "Finished");
    }

    [Fact]
    public async Task What_no_endpoint_can_take_costs_no_statement_and_an_unknown_workspace_one()
    {
        using var http = App.Client("");
        var nobody = Guid.CreateVersion7();
        var long12 = string.Join('/', Enumerable.Repeat(new string('a', 100), 12));

        (await StatementsAsync(http, $"/workflows/{DemoWorkspace.Id}/nothing/is/here", 2)).ShouldBeGreaterThan(0, "what is counted");
        (await StatementsAsync(http, $"/workflows/{nobody}/{long12}", 20)).ShouldBeLessThanOrEqualTo(1);
        (await StatementsAsync(http, $"/workflows/{DemoWorkspace.Id}/{string.Join('/', Enumerable.Repeat("a", 13))}", 20)).ShouldBe(0);
        (await StatementsAsync(http, $"/workflows/{DemoWorkspace.Id}/a/{new string('b', 2_050)}", 20, HttpStatusCode.RequestUriTooLong)).ShouldBe(0);
        (await StatementsAsync(http, $"/workflows/{DemoWorkspace.Id}/{string.Join('/', Enumerable.Repeat("a", 40))}", 20, HttpStatusCode.RequestUriTooLong)).ShouldBe(0);
        (await StatementsAsync(http, "/approve/" + string.Join('/', Enumerable.Repeat("a", 40)), 5, HttpStatusCode.RequestUriTooLong)).ShouldBe(0);
        (await StatementsAsync(http, "/studio/?" + string.Join('&', Enumerable.Repeat("a=1", 200)), 5, HttpStatusCode.RequestUriTooLong)).ShouldBe(0);
    }

    /// <summary>How many statements these requests made; those of the Server's own loops are parts of no request.</summary>
    private async Task<int> StatementsAsync(HttpClient http, string path, int times, HttpStatusCode expected = HttpStatusCode.NotFound)
    {
        var (count, marker) = (0, Guid.CreateVersion7().ToString("N"));
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name is "Npgsql" or "Microsoft.AspNetCore" or "Test.Requests",
            Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStarted = activity => { if (activity.Source.Name == "Npgsql" && activity.GetBaggageItem("test") == marker) Interlocked.Increment(ref count); },
        };
        ActivitySource.AddActivityListener(listener);
        for (var i = 0; i < times; i++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, path);
            request.Headers.Add("baggage", $"test={marker}");
            request.Headers.Add("traceparent", $"00-{marker}-{marker[..16]}-01");
            using var answer = await http.SendAsync(request);
            answer.StatusCode.ShouldBe(expected, path);
        }

        return count;
    }

    private static JsonObject Echo(string path, string methods = """["GET"]""", JsonNode? status = null, string? headers = null, string? contentType = null, (string, JsonNode?)? extra = null)
    {
        (string, JsonNode?)[] inputs =
        [
            ("supportedMethods", Json(methods)), ("result", Into("Request")), ("routeData", Into("Route")), ("queryStringData", Into("Query")), ("parsedContent", Into("Content")), ("headers", Into("Headers")), .. extra is { } one ? new[] { one } : [],
        ];
        var content = Js("({ request: getVariable('Request'), route: getVariable('Route'), query: getVariable('Query'), content: getVariable('Content'), headers: getVariable('Headers') })");
        var answer = Answer(content, "answer", ("statusCode", status), ("responseHeaders", headers is null ? null : Literal(headers)), ("contentType", contentType is null ? null : Literal(contentType)));
        return Flow(path.Split('/')[0].ToLowerInvariant(), "in->answer", [Endpoint("in", path, inputs), answer], "Request", "Route", "Query", "Content", "Headers");
    }

    private static JsonObject Upload(string path, params (string, JsonNode?)[] inputs) => Flow(path, "in->answer",
        [Endpoint("in", path, [("supportedMethods", Json("""["POST"]""")), ("parsedContent", Into("Content")), ("files", Into("Files")), ("file", Into("File")), .. inputs]), Answer(Js("({ content: getVariable('Content'), files: getVariable('Files').length, file: getVariable('File') })"))],
        "Content", "Files", "File");

    private static MultipartFormDataContent Form() => new()
    {
        { new StringContent("hi"), "note" },
        { new ByteArrayContent("hello"u8.ToArray()) { Headers = { ContentType = new("text/plain") } }, "upload", "../a.txt" },
    };

    private static Guid InstanceOf(HttpResponseMessage answer) => Guid.Parse(answer.Headers.GetValues(InstanceHeader).Single());

    public sealed class Host : IAsyncLifetime
    {
        internal TestApp App { get; private set; } = null!;

        public async ValueTask InitializeAsync() => App = await TestApp.StartAsync(settings: [("Workflows:Http:AllowedNetworks:0", "127.0.0.1/32"), ("Workflows:Http:TimeoutSeconds", "2")]);

        public ValueTask DisposeAsync() => App.DisposeAsync();
    }
}
