using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using LeadSens.Server.Tests.Support;
using Microsoft.AspNetCore.Mvc.Testing;

namespace LeadSens.Server.Tests.Studio;

/// <summary>Studio's tests share one app; each has a workspace of its own.</summary>
[CollectionDefinition]
public sealed class StudioTests : ICollectionFixture<StudioApp>;

/// <summary>The real app as Studio calls it.</summary>
public sealed class StudioApp : IAsyncLifetime
{
    internal TestApp App { get; private set; } = null!;

    internal TestDatabase Db => App.Database;

    public async ValueTask InitializeAsync() => App = await TestApp.StartAsync();

    public ValueTask DisposeAsync() => App.DisposeAsync();

    /// <summary>A client with the key of a new workspace, sent as Studio sends it.</summary>
    internal async Task<StudioClient> WorkspaceAsync()
    {
        var key = Guid.CreateVersion7().ToString("N");
        await Db.ExecuteAsync("""
            with made as (insert into workspaces (id, name) values ($1, 'Studio') returning id)
            insert into api_keys (id, workspace_id, name, key_hash) select $1, id, 'studio', sha256(convert_to($2, 'UTF8')) from made
            """, Guid.CreateVersion7(), key);
        var http = App.Client("");
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("ApiKey", key);
        return new(http);
    }

    /// <summary>The same workspace as somebody with a role.</summary>
    internal StudioClient As(StudioClient studio, string role)
    {
        var http = App.Client("");
        http.DefaultRequestHeaders.Authorization = studio.Http.DefaultRequestHeaders.Authorization;
        http.DefaultRequestHeaders.Add(TestRole.Header, role);
        return new(http);
    }

    internal Task<Guid> IdAsync(StudioClient studio) => Db.ScalarAsync<Guid>(
        "select workspace_id from api_keys where key_hash = sha256(convert_to($1, 'UTF8'))", studio.Http.DefaultRequestHeaders.Authorization!.Parameter);
}

/// <summary>Calls under Studio's prefix; an answer that is no success fails the test with its text.</summary>
internal sealed class StudioClient(HttpClient http) : IDisposable
{
    public HttpClient Http => http;

    public async Task<JsonNode> GetAsync(string path) => await ReadAsync(await http.GetAsync("/elsa/api" + path));

    public async Task<JsonNode> PostAsync(string path, JsonNode? body = null) => await ReadAsync(await SendAsync(path, body));

    public Task<HttpResponseMessage> SendAsync(string path, JsonNode? body) => http.PostAsync("/elsa/api" + path, JsonContent.Create(body ?? new JsonObject()));

    public async Task<HttpStatusCode> StatusAsync(string path) => (await http.GetAsync("/elsa/api" + path)).StatusCode;

    /// <summary>The texts of a refusal, which is a 400 in the form that Studio shows.</summary>
    public async Task<string> RefusedAsync(string path, JsonNode? body)
    {
        using var answer = await SendAsync(path, body);
        return await RefusalAsync(answer);
    }

    public static async Task<string> RefusalAsync(HttpResponseMessage answer)
    {
        var text = await answer.Content.ReadAsStringAsync();
        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest, text);
        var error = JsonNode.Parse(text)!;
        error["statusCode"]!.GetValue<int>().ShouldBe(400);
        error["message"].ShouldNotBeNull();
        return string.Join('\n', error["errors"]!.AsObject().SelectMany(field => field.Value!.AsArray().Select(message => (string?)message)));
    }

    public void Dispose() => http.Dispose();

    private static async Task<JsonNode> ReadAsync(HttpResponseMessage answer)
    {
        using (answer)
        {
            var text = await answer.Content.ReadAsStringAsync();
            answer.IsSuccessStatusCode.ShouldBeTrue($"{answer.RequestMessage!.RequestUri}: {answer.StatusCode} {text}");
            return text.Length == 0 ? new JsonObject() : JsonNode.Parse(Encoding.UTF8.GetBytes(text))!;
        }
    }
}
