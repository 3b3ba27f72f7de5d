using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using LeadSens.Server.Identity;
using LeadSens.Server.Tests.Identity;
using LeadSens.Server.Tests.Support;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace LeadSens.Server.Tests.Web;

/// <summary>Texts that mean something to SQL, to terminals, to logs and to browsers, in every place of every request that the running application has.</summary>
public sealed class HostileInputTests(HostileInputTests.Apps apps) : IClassFixture<HostileInputTests.Apps>
{
    private static readonly string[] Texts =
    [
        "'; drop table leads; --", "%' or '1'='1", "\" or \"\"=\"", "$1; $$x$$", "a\0b", "a\r\nSet-Cookie: x=1", "\u202Egpj.exe\u2066", "😀\uD83D", "💥🏳️‍🌈", "<script>alert(1)</script>",
        "=cmd|' /C calc'!A0", "../../etc/passwd", "https://evil.example/", new string('a', 70_000), "\u001b[2J", "{{constructor}}", "NaN", "\uFEFF", "-1", "99999999999999999999",
    ];

    private static readonly string[] Skipped = ["/api/auth/logout", "/api/auth/sessions"];

    public sealed class Apps : IAsyncLifetime
    {
        internal TestApp App { get; private set; } = null!;

        public async ValueTask InitializeAsync() => App = await TestApp.StartAsync(settings:
        [
            .. from rule in new[] { "Register", "Login", "LoginToAccount", "Mail", "MailToAccount", "Links", "Refresh", "Webhooks" } from part in new[] { "Burst", "PerMinute" } select ($"Web:Limits:{rule}:{part}", "1000000"),
        ]);

        public ValueTask DisposeAsync() => App.DisposeAsync();
    }

    [Fact]
    public async Task No_text_in_any_field_breaks_the_service()
    {
        var (app, count) = (apps.App, 0);
        var owner = await app.RegisterAsync("owner@example.com");
        var document = await app.Client("").GetFromJsonAsync<JsonObject>("/openapi/v1.json");
        var schemas = document!["components"]!["schemas"]!.AsObject();
        foreach (var (path, methods) in document["paths"]!.AsObject())
        {
            foreach (var (method, operation) in methods!.AsObject())
            {
                if (Skipped.Contains(path) || operation!["requestBody"]?["content"]?["application/json"]?["schema"] is not { } schema) continue;
                var whole = Example(schema, schemas, 0);
                foreach (var place in Places(whole, []).ToList())
                {
                    foreach (var text in Texts)
                    {
                        count++;
                        await SendAsync(owner.Http, method, Fill(path, owner.WorkspaceId, Guid.CreateVersion7().ToString()), With(whole, place, text), $"{method} {path} {string.Join('.', place)} {text[..Math.Min(20, text.Length)]}");
                    }
                }
            }
        }

        count.ShouldBeGreaterThan(400, "the document describes the bodies");
        (await app.Database.ScalarAsync<string>("select to_regclass('leads')::text")).ShouldBe("leads");
    }

    [Fact]
    public async Task No_text_in_any_path_or_query_breaks_the_service()
    {
        var app = apps.App;
        var owner = await app.RegisterAsync("reader@example.com");
        var routes = app.Services.GetServices<EndpointDataSource>().SelectMany(source => source.Endpoints).OfType<RouteEndpoint>()
            .Where(route => route.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods.Contains("GET") ?? false).Select(route => "/" + route.RoutePattern.RawText!.Trim('/')).Distinct().ToList();
        foreach (var route in routes.Where(route => !route.StartsWith("/elsa/hubs", StringComparison.Ordinal)))
        {
            foreach (var text in Texts.Where(text => text.Length < 1_000))
            {
                var value = Uri.EscapeDataString(Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)));
                // No server takes a zero byte in a path (RequestLimitTests), and this client sends none.
                using var answer = await owner.Http.GetAsync($"{Fill(route, owner.WorkspaceId, value.Replace("%00", "", StringComparison.Ordinal))}?cursor={value}&limit={value}&q={value}&status={value}&campaignId={value}&page={value}&t={value}&state={value}&searchTerm={value}", HttpCompletionOption.ResponseHeadersRead);
                ((int)answer.StatusCode).ShouldBeLessThan(500, $"{route} {text}");
            }
        }
    }

    [Theory]
    [InlineData("{\"email\":\"x\",\"email\":\"y\"}")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("\"text\"")]
    [InlineData("1e999")]
    [InlineData("{\"email\":{\"$ne\":1}}")]
    [InlineData("{\"email\":[\"a\"]}")]
    [InlineData("{")]
    [InlineData("\u0000")]
    [InlineData("{\"__proto__\":{\"role\":\"owner\"}}")]
    public async Task No_shape_of_a_body_breaks_the_service(string body)
    {
        var owner = await apps.App.RegisterAsync($"shape{Math.Abs(body.GetHashCode(StringComparison.Ordinal))}@example.com");
        foreach (var route in Changing().Where(route => !Skipped.Contains(route.Template)))
        {
            using var request = new HttpRequestMessage(new(route.Method), Fill(route.Template, owner.WorkspaceId, Guid.CreateVersion7().ToString())) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
            using var answer = await owner.Http.SendAsync(request);
            ((int)answer.StatusCode).ShouldBeLessThan(500, $"{route} {body}");
        }
    }

    /// <summary>Each text of each body that any route takes, by the type of the body.</summary>
    [Theory]
    [InlineData("a\0b"), InlineData("a\u001b[2Jb"), InlineData("a\r\nBcc: x"), InlineData("a\u2028b"), InlineData("a\u202Eb"), InlineData("a\u0085b")]
    public async Task A_text_of_one_line_is_one_line_of_characters_in_every_field(string text)
    {
        var (app, refused) = (apps.App, 0);
        var owner = await app.RegisterAsync($"lines{(int)text[1]}@example.com");
        foreach (var (method, template, type) in Bodies())
        {
            foreach (var (body, field, isMultiline) in HostileBodies.Of(type, text))
            {
                if (isMultiline && text[1] is '\r' or '\u2028' or '\u202E') continue;
                using var request = new HttpRequestMessage(new(method), Fill(template, owner.WorkspaceId, Guid.CreateVersion7().ToString())) { Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json") };
                using var answer = await owner.Http.SendAsync(request);
                var said = await answer.Content.ReadAsStringAsync();
                ((int)answer.StatusCode).ShouldBe(400, $"{method} {template} {field} {said}");
                var errors = JsonNode.Parse(said)!["errors"]!.AsObject();
                errors.Count.ShouldBe(1, $"{method} {template} {field} {said}");
                errors.First().Value![0]!.GetValue<string>().ShouldContain($"U+{(int)text[1]:X4}", Case.Sensitive, $"{method} {template} {field} {said}");
                refused++;
            }
        }

        refused.ShouldBeGreaterThan(text[1] is '\0' ? 40 : 30);
    }

    private IEnumerable<(string Method, string Template, Type Body)> Bodies() =>
        from source in apps.App.Services.GetServices<EndpointDataSource>()
        from route in source.Endpoints.OfType<RouteEndpoint>()
        let accepts = route.Metadata.GetMetadata<Microsoft.AspNetCore.Http.Metadata.IAcceptsMetadata>()
        where accepts?.RequestType is not null && accepts.ContentTypes.Contains("application/json")
        let template = "/" + route.RoutePattern.RawText!.Trim('/')
        where !Skipped.Contains(template)
        from method in route.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? []
        select (method, template, accepts.RequestType);

    [Fact]
    public async Task No_address_form_or_name_of_a_file_holds_a_control_character()
    {
        var app = apps.App;
        var owner = await app.RegisterAsync("forms@example.com");
        var errors = await (await owner.Http.GetAsync("/api/leads?q=a%00b")).Content.ReadFromJsonAsync<JsonElement>();
        errors.GetProperty("errors").TryGetProperty("q", out _).ShouldBeTrue();
        (await owner.Http.GetAsync("/elsa/api/workflow-definitions/by-definition-id/a%1Bb")).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        foreach (var route in Changing().Where(route => !Skipped.Contains(route.Template)))
        {
            var path = Fill(route.Template, owner.WorkspaceId, Guid.CreateVersion7().ToString());
            using var fields = new FormUrlEncodedContent([new("email", "a\0b"), new("name", "a\0b")]);
            ((int)(await SendFormAsync(owner.Http, route.Method, path, fields)).StatusCode).ShouldBeLessThan(500, $"{route.Template} NUL");
            using var broken = new StringContent("--x\r\nContent-Disposition: form-data; name=\"files\"; filename=\"a.json\"\r\n\r\n{", Encoding.UTF8);
            broken.Headers.ContentType = System.Net.Http.Headers.MediaTypeHeaderValue.Parse("multipart/form-data; boundary=x");
            ((int)(await SendFormAsync(owner.Http, route.Method, path, broken)).StatusCode).ShouldBeLessThan(500, $"{route.Template} multipart");
        }

        using var file = new MultipartFormDataContent { { new StringContent("{}"), "files", "a.json" } };
        file.First().Headers.ContentDisposition!.Parameters.Single(one => one.Name == "filename").Value = "\"a\u001b.json\"";
        (await owner.Http.PostAsync("/elsa/api/workflow-definitions/import-files", file)).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    private static Task<HttpResponseMessage> SendFormAsync(HttpClient http, string method, string path, HttpContent content) => http.SendAsync(new(new(method), path) { Content = content });

    /// <summary>Every route that changes something, whoever may.</summary>
    [Fact]
    public async Task No_change_by_a_browsers_session_goes_without_the_header()
    {
        var app = apps.App;
        var owner = await app.RegisterAsync("browser@example.com");
        using var browser = await app.BrowserAsync(owner.Email);
        browser.DefaultRequestHeaders.Remove(SessionGuard.Header);
        var checkedRoutes = 0;
        foreach (var route in Changing().Where(route => route.Rule.Kind != CallerKind.Anybody))
        {
            using var request = new HttpRequestMessage(new(route.Method), Fill(route.Template, owner.WorkspaceId, Guid.CreateVersion7().ToString())) { Content = JsonContent.Create(new { }) };
            using var answer = await browser.SendAsync(request);
            answer.StatusCode.ShouldBe(HttpStatusCode.Forbidden, $"{route}");
            checkedRoutes++;
        }

        checkedRoutes.ShouldBeGreaterThan(60);
        (await browser.GetAsync("/api/auth/me")).StatusCode.ShouldBe(HttpStatusCode.OK, "none of them ended the session");
    }

    [Theory]
    [InlineData("https://evil.example/")]
    [InlineData("//evil.example/")]
    [InlineData("/\\evil.example")]
    [InlineData("/studio/\\evil.example")]
    [InlineData("/studio/..//evil.example")]
    [InlineData("javascript:alert(1)")]
    [InlineData("/studio/\r\nLocation: https://evil.example")]
    public async Task Nobody_is_led_elsewhere_after_signing_in(string returnUrl)
    {
        using var http = apps.App.Client("");
        var page = await http.GetStringAsync("/studio/sign-in?returnUrl=" + Uri.EscapeDataString(returnUrl));
        var token = System.Text.RegularExpressions.Regex.Match(page, "name=\"__RequestVerificationToken\" value=\"([^\"]*)\"").Groups[1].Value;

        using var answer = await http.PostAsync("/studio/sign-in", new FormUrlEncodedContent(new Dictionary<string, string> { ["__RequestVerificationToken"] = token, ["key"] = ApiKeys.DevelopmentKey, ["returnUrl"] = returnUrl }));

        answer.StatusCode.ShouldBe(HttpStatusCode.Redirect);
        new Uri(new("http://localhost"), answer.Headers.Location!).Host.ShouldBe("localhost");
        answer.Headers.Location!.ToString().ShouldStartWith("/studio/");
    }

    [Theory]
    [InlineData("/approve/")]
    [InlineData("/api/invitations/")]
    [InlineData("/elsa/api/bookmarks/resume?t=")]
    [InlineData("/elsa/api/events/trigger?t=")]
    public async Task Links_that_are_almost_right_open_nothing(string place)
    {
        using var http = apps.App.Client("");
        foreach (var token in new[] { new string('z', 43), new string('A', 43), new string('A', 42), new string('A', 44), "%2B%2F" + new string('A', 41), "A=" + new string('A', 41), "%20" + new string('A', 42), new string('A', 2_000) })
            (await http.GetAsync(place + token)).StatusCode.ShouldBe(HttpStatusCode.NotFound, token);
    }

    [Theory]
    [InlineData("eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0.eyJzdWIiOiJvd25lciJ9.")]
    [InlineData("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJvd25lciJ9.c2ln")]
    [InlineData("eyJhbGciOiJSUzI1NiIsImprdSI6Imh0dHBzOi8vZXZpbC5leGFtcGxlIn0.e30.c2ln")]
    [InlineData("lsa_")]
    [InlineData("lsa_' or 1=1 --")]
    [InlineData("a b c")]
    [InlineData(",")]
    public async Task A_token_says_nothing_whatever_it_claims(string token)
    {
        foreach (var header in new[] { $"Bearer {token}", $"bearer  {token}", $"ApiKey {token}", $"Basic {token}", token })
        {
            using var http = apps.App.Client("");
            http.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", header);
            (await http.GetAsync("/api/jobs")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized, header);
        }
    }

    private List<(string Method, string Template, AccessRule Rule)> Changing() =>
    [
        .. from source in apps.App.Services.GetServices<EndpointDataSource>()
           from route in source.Endpoints.OfType<RouteEndpoint>()
           let rule = route.Metadata.GetMetadata<AccessRule>()
           where rule is not null && !route.RoutePattern.RawText!.Contains("hubs", StringComparison.Ordinal)
           from method in route.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? []
           where method is not ("GET" or "HEAD" or "OPTIONS")
           select (method, "/" + route.RoutePattern.RawText!.Trim('/'), rule),
    ];

    private static async Task SendAsync(HttpClient http, string method, string path, JsonNode body, string what)
    {
        // Escaped by hand: half of a surrogate pair is no character that UTF-8 has, but JSON may carry it.
        using var request = new HttpRequestMessage(new(method.ToUpperInvariant()), path) { Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json") };
        using var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        if ((int)answer.StatusCode >= 500) throw new InvalidOperationException($"{what}: {(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
        answer.Headers.Contains("Set-Cookie").ShouldBeFalse(what);
    }

    private static string Fill(string template, Guid workspaceId, string value) => System.Text.RegularExpressions.Regex.Replace(
        template.Replace("{workspaceId:guid}", workspaceId.ToString(), StringComparison.Ordinal).Replace("{workspaceId}", workspaceId.ToString(), StringComparison.Ordinal),
        @"\{[^}]*\}", part => part.Value.Contains(":guid", StringComparison.Ordinal) ? Guid.CreateVersion7().ToString() : part.Value.Contains(":int", StringComparison.Ordinal) ? "1" : value);

    /// <summary>A body of the right types, each text "x".</summary>
    private static JsonNode Example(JsonNode schema, JsonObject schemas, int depth)
    {
        if (schema["$ref"] is { } reference) return depth > 6 ? new JsonObject() : Example(schemas[reference.GetValue<string>().Split('/')[^1]]!, schemas, depth + 1);
        if (schema["oneOf"] is JsonArray either) return Example(either.First(one => one?["type"]?.ToString() != "null")!, schemas, depth);
        if (schema["properties"] is JsonObject properties) return new JsonObject(properties.Select(one => KeyValuePair.Create(one.Key, (JsonNode?)Example(one.Value!, schemas, depth + 1))));
        if (schema["items"] is { } items) return new JsonArray(Example(items, schemas, depth + 1));
        var types = schema["type"] is JsonArray several ? [.. several.Select(one => one!.ToString())] : new[] { schema["type"]?.ToString() ?? "" };
        if (types.Contains("boolean")) return JsonValue.Create(true);
        if (types.Contains("integer") || types.Contains("number")) return JsonValue.Create(1);
        return schema["format"]?.ToString() == "uuid" ? JsonValue.Create(Guid.CreateVersion7().ToString()) : JsonValue.Create("x");
    }

    /// <summary>Where texts are.</summary>
    private static IEnumerable<string[]> Places(JsonNode? node, string[] path) => node switch
    {
        JsonObject json => json.SelectMany(one => Places(one.Value, [.. path, one.Key])),
        JsonArray list => list.Index().SelectMany(one => Places(one.Item, [.. path, one.Index.ToString()])),
        JsonValue value when value.GetValueKind() == JsonValueKind.String => [path],
        _ => [],
    };

    private static JsonNode With(JsonNode whole, string[] place, string text)
    {
        if (place.Length == 0) return JsonValue.Create(text);
        var copy = whole.DeepClone();
        var at = copy;
        foreach (var step in place[..^1]) at = at is JsonArray list ? list[int.Parse(step)]! : at![step]!;
        if (at is JsonArray last) last[int.Parse(place[^1])] = text;
        else at[place[^1]] = text;
        return copy;
    }
}
