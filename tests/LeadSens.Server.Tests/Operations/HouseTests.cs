using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using LeadSens.Server.Tests.Support;

namespace LeadSens.Server.Tests.Operations;

public sealed class HouseTests : IAsyncLifetime
{
    private TestApp app = null!;

    public async ValueTask InitializeAsync() => app = await TestApp.StartAsync();

    public ValueTask DisposeAsync() => app.DisposeAsync();

    [Theory]
    [InlineData("/health/live")]
    [InlineData("/health/ready")]
    [InlineData("/openapi/v1.json")]
    [InlineData("/docs/index.html")]
    public async Task Operations_pages_answer_without_a_key(string path) =>
        (await app.Client(key: "").GetAsync(path)).StatusCode.ShouldBe(HttpStatusCode.OK);

    [Theory]
    [InlineData("")]
    [InlineData("somebody-elses-key")]
    public async Task A_caller_without_a_valid_key_is_told_so_with_a_code(string key)
    {
        var answer = await app.Client(key).GetAsync("/api/approvals");

        answer.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("code").GetString().ShouldBe("unauthorized");
    }

    [Fact]
    public async Task Every_error_is_a_problem_with_a_code()
    {
        var answer = await app.Client().GetAsync("/nowhere");

        answer.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
        (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("code").GetString().ShouldBe("not_found");
    }
}
