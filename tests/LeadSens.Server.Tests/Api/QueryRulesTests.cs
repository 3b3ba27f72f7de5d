using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using LeadSens.Server.Tests.Identity;
using LeadSens.Server.Tests.Support;

namespace LeadSens.Server.Tests.Api;

/// <summary>A list that cannot do what it is asked for says so, instead of doing something else.</summary>
public sealed class QueryRulesTests(AppOfClass apps) : IClassFixture<AppOfClass>
{
    private static readonly (string Query, string Field)[] Wrong =
        [("limit=0", "limit"), ("limit=101", "limit"), ("limit=-1", "limit"), ("limit=many", "limit"), ("limit=1&limit=2", "limit"), ("cursor=~", "cursor"), ("nothing=1", "nothing")];

    private readonly TestApp app = apps.App;

    [Theory]
    [InlineData("/api/campaigns?status=running", "status")]
    [InlineData("/api/campaigns?status=", "status")]
    [InlineData("/api/campaigns?status=Running&status=Draft", "status")]
    [InlineData("/api/leads?status=Nowhere", "status")]
    [InlineData("/api/leads?campaignId=mine", "campaignId")]
    [InlineData("/api/leads?minScore=11", "minScore")]
    [InlineData("/api/leads?minScore=high", "minScore")]
    [InlineData("/api/approvals?status=open", "status")]
    [InlineData("/api/jobs?state=failed", "state")]
    [InlineData("/api/outbox?status=dead", "status")]
    [InlineData("/api/webhooks/events?state=Failed", "state")]
    [InlineData("/api/suppressions?source=nobody", "source")]
    [InlineData("/api/suppressions?value=nobody", "value")]
    [InlineData("/api/audit?from=yesterday", "from")]
    [InlineData("/api/audit/download?format=xml", "format")]
    [InlineData("/api/audit/download?acton=login", "acton")]
    public async Task What_a_filter_does_not_know_is_refused_by_its_name(string path, string field) => await ShouldRefuseAsync(app.Client(), path, field);

    /// <summary>All that the document has.</summary>
    [Fact]
    public async Task Every_list_refuses_limits_cursors_and_parameters_that_it_does_not_know()
    {
        var owner = await app.RegisterAsync(People.Address("lister"));
        var document = (await owner.Http.GetFromJsonAsync<JsonObject>("/openapi/v1.json"))!;
        var lists = ApiOperation.AllOf(document).Where(operation => operation.Parameters.Any(parameter => parameter["name"]!.ToString() == "cursor")).ToList();

        lists.Count.ShouldBeGreaterThan(14);
        foreach (var list in lists)
        {
            foreach (var (query, field) in Wrong)
                await ShouldRefuseAsync(owner.Http, $"{list.PathFor(owner.WorkspaceId)}?{query}", field);
        }
    }

    [Theory]
    [InlineData("limit=1")]
    [InlineData("limit=100")]
    [InlineData("cursor=")]
    [InlineData("Limit=5")]
    [InlineData("status=AwaitingApproval&limit=5")]
    public async Task What_a_list_knows_it_takes(string query) => (await app.Client().GetAsync($"/api/campaigns?{query}")).StatusCode.ShouldBe(HttpStatusCode.OK);

    private static async Task ShouldRefuseAsync(HttpClient http, string path, string field)
    {
        using var answer = await http.GetAsync(path);
        var said = await answer.Content.ReadAsStringAsync();
        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest, $"{path} {said}");
        var problem = JsonDocument.Parse(said).RootElement;
        problem.GetProperty("code").GetString().ShouldBe("validation_failed", $"{path} {said}");
        problem.GetProperty("errors").EnumerateObject().Select(error => error.Name).ShouldBe([field], path);
    }
}
