using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using LeadSens.Server.Tests.Support;

namespace LeadSens.Server.Tests.Campaigns;

public sealed class CreateCampaignTests(AppOfClass apps) : IClassFixture<AppOfClass>, IDisposable
{
    private readonly TestApp app = apps.App;
    private readonly HttpClient http = apps.App.Client();

    public void Dispose() => http.Dispose();

    [Theory]
    [InlineData("icp", "null")]
    [InlineData("icp", "{}")]
    [InlineData("name", "\" \"")]
    [InlineData("limit", "0")]
    [InlineData("limit", "1000001")]
    [InlineData("limit", "2.5")]
    [InlineData("threshold", "0")]
    [InlineData("threshold", "11")]
    [InlineData("budgetUsd", "-1")]
    [InlineData("targets", "[\"fax\"]")]
    [InlineData("targets", "[]")]
    [InlineData("workflow", "\"nowhere\"")]
    [InlineData("limit", "\"abc\"")]
    [InlineData("threshold", "{}")]
    [InlineData("name", "7")]
    [InlineData("icp", "[]")]
    [InlineData("start", "\"yes\"")]
    public async Task A_wrong_field_is_named_before_anything_runs(string field, string value)
    {
        var request = CampaignRun.Request();
        request[field] = JsonNode.Parse(value);
        var before = await app.Database.ScalarAsync<long>("select count(*) from campaigns");

        var answer = await http.PostAsJsonAsync("/api/campaigns", request);

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        var problem = await answer.Content.ReadFromJsonAsync<JsonElement>();
        problem.GetProperty("code").GetString().ShouldBe("validation_failed");
        problem.GetProperty("errors").EnumerateObject().Select(error => error.Name).ShouldBe([field]);
        (await app.Database.ScalarAsync<long>("select count(*) from campaigns")).ShouldBe(before);
    }

    [Theory]
    [InlineData("""{"name":"Test",""", "body")]
    [InlineData("[1]", "body")]
    [InlineData("null", "body")]
    [InlineData("", "body")]
    [InlineData("""{"icp":{"jobTitles":["Buyer",7]}}""", "icp.jobTitles")]
    public async Task A_body_that_cannot_be_read_says_where(string body, string field)
    {
        var answer = await http.PostAsync("/api/campaigns", new StringContent(body, null, "application/json"));

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        var problem = await answer.Content.ReadFromJsonAsync<JsonElement>();
        problem.GetProperty("code").GetString().ShouldBe("validation_failed");
        problem.GetProperty("errors").EnumerateObject().Single().Name.ShouldBe(field);
    }

    [Fact]
    public async Task Something_else_than_JSON_is_refused()
    {
        var answer = await http.PostAsync("/api/campaigns", new StringContent("name=Test", null, "application/x-www-form-urlencoded"));

        answer.StatusCode.ShouldBe(HttpStatusCode.UnsupportedMediaType);
        (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("code").GetString().ShouldBe("unsupported_media_type");
    }

    [Fact]
    public async Task All_wrong_fields_are_named_at_once()
    {
        var answer = await http.PostAsJsonAsync("/api/campaigns", new { });

        var problem = await answer.Content.ReadFromJsonAsync<JsonElement>();
        problem.GetProperty("errors").EnumerateObject().Select(error => error.Name).Order().ShouldBe(["icp", "limit", "name"]);
    }

    [Fact]
    public async Task A_draft_waits_until_it_is_changed_and_its_strangers_see_nothing()
    {
        var request = CampaignRun.Request();
        request["start"] = false;
        var created = await (await http.PostAsJsonAsync("/api/campaigns", request)).Content.ReadFromJsonAsync<JsonElement>();
        var id = created.GetProperty("id").GetGuid();
        created.GetProperty("status").GetString().ShouldBe("Draft");

        var changed = await (await http.PatchAsJsonAsync($"/api/campaigns/{id}", new { limit = 7 })).Content.ReadFromJsonAsync<JsonElement>();
        changed.GetProperty("limit").GetInt32().ShouldBe(7);

        await app.Database.ExecuteAsync("""
            with other as (insert into workspaces (id, name) values ($1, 'Other') returning id)
            insert into api_keys (id, workspace_id, name, key_hash) select $1, id, 'other', sha256('other-key'::bytea) from other
            """, Guid.CreateVersion7());
        using var stranger = app.Client("other-key");
        foreach (var path in new[] { "", "/forecast", "/funnel", "/exclusions", "/events" })
            (await stranger.GetAsync($"/api/campaigns/{id}{path}")).StatusCode.ShouldBe(HttpStatusCode.NotFound, path);
        foreach (var verb in new[] { "start", "pause", "resume", "cancel" })
            (await stranger.PostAsync($"/api/campaigns/{id}/{verb}", null)).StatusCode.ShouldBe(HttpStatusCode.NotFound, verb);
        (await stranger.GetFromJsonAsync<JsonElement>("/api/campaigns")).GetProperty("items").GetArrayLength().ShouldBe(0);
    }
}
