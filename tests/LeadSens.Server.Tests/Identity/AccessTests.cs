using System.Net;
using System.Net.Http.Json;
using System.Text.RegularExpressions;
using LeadSens.Server.Identity;
using LeadSens.Server.Tests.Support;
using LeadSens.Server.Webhooks;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace LeadSens.Server.Tests.Identity;

/// <summary>Every route of the running application has an expected rule in access.txt, and keeps it: without credentials, for a stranger
/// and for each role.</summary>
public sealed partial class AccessTests : IAsyncLifetime
{
    /// <summary>Who may do what, once more and by hand: a change of the table in the product has to be meant.</summary>
    private static readonly Dictionary<string, string[]> May = new()
    {
        ["owner"] = ["Read", "Approve", "Work", "Manage"], ["member"] = ["Read", "Approve", "Work"], ["approver"] = ["Read", "Approve"], ["viewer"] = ["Read"],
    };

    private TestApp app = null!;
    private SomePerson owner = null!;

    public async ValueTask InitializeAsync()
    {
        app = await TestApp.StartAsync();
        owner = await app.RegisterAsync("owner@example.com");
    }

    public async ValueTask DisposeAsync() => await app.DisposeAsync();

    [Fact]
    public void Every_route_has_the_rule_that_is_expected_of_it()
    {
        var expected = Expected().Select(route => $"{route.Method} {route.Template} {route.Rule}");

        Routes().ShouldBe(expected, "list the route in Identity/access.txt with whom it lets in: Anybody, Caller, Person, or the permission");
    }

    [Fact]
    public async Task Without_credentials_nothing_answers_but_what_is_open_to_anybody()
    {
        using var nobody = app.Client("");
        foreach (var (method, template, rule) in Expected().Where(route => route.Rule != "Anybody"))
        {
            using var answer = await nobody.SendAsync(Request(method, template, owner.WorkspaceId));
            answer.StatusCode.ShouldBe(template.StartsWith("/studio", StringComparison.Ordinal) ? HttpStatusCode.Redirect : HttpStatusCode.Unauthorized, $"{method} {template} {rule}");
        }
    }

    [Theory]
    [InlineData("owner")]
    [InlineData("member")]
    [InlineData("approver")]
    [InlineData("viewer")]
    public async Task A_role_may_what_the_table_says_and_nothing_else(string role)
    {
        var person = await app.RegisterAsync($"{role}.person@example.com");
        await person.JoinAsync(owner, role);
        // Studio's pages ask for a browser's session.
        using var browser = await app.BrowserAsync(person.Email);
        (await browser.PostAsync($"/api/workspaces/{owner.WorkspaceId}/switch", null)).EnsureSuccessStatusCode();
        foreach (var (method, template, rule) in Expected().Where(route => Enum.TryParse<Permission>(route.Rule, out _)))
        {
            var http = template.StartsWith("/studio", StringComparison.Ordinal) ? browser : person.Http;
            using var answer = await http.SendAsync(Request(method, template, owner.WorkspaceId), HttpCompletionOption.ResponseHeadersRead);
            var refused = answer.StatusCode is HttpStatusCode.Forbidden or HttpStatusCode.Unauthorized or HttpStatusCode.Redirect;
            refused.ShouldBe(!May[role].Contains(rule), $"{role}: {method} {template} {rule} answered {(int)answer.StatusCode}");
            ((int)answer.StatusCode).ShouldBeLessThan(500, $"{method} {template}");
        }
    }

    [Fact]
    public async Task A_workspace_in_the_path_is_there_for_its_members_only()
    {
        var stranger = await app.RegisterAsync("stranger@example.com");
        foreach (var (method, template, _) in Expected().Where(route => route.Template.Contains("{workspaceId", StringComparison.Ordinal)))
        {
            using var answer = await stranger.Http.SendAsync(Request(method, template, owner.WorkspaceId));
            answer.StatusCode.ShouldBe(HttpStatusCode.NotFound, $"{method} {template}");
            (await People.CodeAsync(answer)).ShouldBe("workspace_not_found");
        }
    }

    [Fact]
    public async Task Whoever_is_in_no_workspace_gets_at_nothing()
    {
        await app.Database.ExecuteAsync("delete from workspace_members where user_id = $1", owner.UserId);
        foreach (var (method, template, rule) in Expected().Where(route => route.Template.StartsWith("/api", StringComparison.Ordinal) && Enum.TryParse<Permission>(route.Rule, out _)))
        {
            using var answer = await owner.Http.SendAsync(Request(method, template, owner.WorkspaceId));
            (await People.CodeAsync(answer)).ShouldBeOneOf(["workspace_required", "workspace_not_found"], $"{method} {template} {rule}");
        }
    }

    private static HttpRequestMessage Request(string method, string template, Guid workspaceId)
    {
        var path = Parameter().Replace(template.Replace("{workspaceId:guid}", workspaceId.ToString(), StringComparison.Ordinal),
            part => part.Value.EndsWith(":int}", StringComparison.Ordinal) ? "1" : Guid.CreateVersion7().ToString());
        return new(new HttpMethod(method), path) { Content = method is "GET" or "HEAD" ? null : JsonContent.Create(new { }) };
    }

    internal static List<(string Method, string Template, string Rule)> Expected()
    {
        using var reader = new StreamReader(typeof(AccessTests).Assembly.GetManifestResourceStream("LeadSens.Server.Tests.Identity.access.txt")!);
        return [.. reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(' ')).Select(parts => (parts[0], parts[1], parts[2]))];
    }

    /// <summary>The same whoever is registered: where a provider calls is open to any of them in the same way.</summary>
    private List<string> Routes() =>
    [
        .. (from source in app.Services.GetServices<EndpointDataSource>()
            from endpoint in source.Endpoints.OfType<RouteEndpoint>()
            from method in endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods is { Count: > 0 } methods ? methods : (IReadOnlyList<string>)["GET"]
            select $"{method} {OfAnyProvider($"/{endpoint.RoutePattern.RawText!.Trim('/')}")} {endpoint.Metadata.GetMetadata<AccessRule>()}").Distinct().Order(StringComparer.Ordinal),
    ];

    private string OfAnyProvider(string template) => app.Services.GetRequiredService<WebhookProviders>().All.Aggregate(
        template, (path, name) => Regex.Replace(path, $"^/api/webhooks/{name}(?=/|$)", "/api/webhooks/<provider>"));

    [GeneratedRegex(@"\{[^}]*\}")]
    private static partial Regex Parameter();
}
