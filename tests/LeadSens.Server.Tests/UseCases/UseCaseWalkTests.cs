using System.Text.Json;
using System.Text.Json.Nodes;
using LeadSens.Server.Api;
using LeadSens.Server.Identity;
using LeadSens.Server.Tests.Identity;
using LeadSens.Server.Tests.Support;
using LeadSens.Server.UseCases;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using JsonOptions = Microsoft.AspNetCore.Http.Json.JsonOptions;

namespace LeadSens.Server.Tests.UseCases;

/// <summary>Every use case that is declared, called as a tool would call it, without HTTP: by each role, with a stranger's ids, with hostile texts.</summary>
public sealed class UseCaseWalkTests(AppOfClass apps) : IClassFixture<AppOfClass>, IAsyncLifetime
{
    private const string Marker = "Zanzibar";

    /// <summary>What is sent by POST in a workspace and takes no key: it only looks or asks a provider how it is, or there is nothing to do a second time.</summary>
    private static readonly string[] WithoutKey = ["adoptWorkflow", "exportPerson", "testConnection"];

    private readonly TestApp app = apps.App;
    private SomePerson owner = null!;

    private IReadOnlyList<DeclaredUseCase> All => [.. app.Services.GetServices<DeclaredUseCase>()];

    private JsonSerializerOptions Json => app.Services.GetRequiredService<IOptions<JsonOptions>>().Value.SerializerOptions;

    public async ValueTask InitializeAsync() => owner = await app.RegisterAsync(People.Address("owner"));

    public ValueTask DisposeAsync() => default;

    [Fact]
    public void Each_says_who_may_call_it_and_what_it_leaves_behind()
    {
        All.Count.ShouldBeGreaterThan(10);
        All.Select(one => one.Declaration.Name).ShouldBeUnique();
        All.Where(one => one.Declaration.Summary.Length is < 5 or > 100).ShouldBeEmpty();
        All.Where(one => one.Declaration.Effect == Effect.Reads != one.Declaration.Audits is null)
            .ShouldBeEmpty("who changes something is noted, and who looks is not");
        All.Where(one => one.Declaration.Effect != Effect.Reads && one.Declaration.Needs == Permission.Read).ShouldBeEmpty("who may only look changes nothing");
    }

    [Fact]
    public void Each_has_one_endpoint_of_its_name_and_its_rule()
    {
        var endpoints = app.Services.GetServices<EndpointDataSource>().SelectMany(source => source.Endpoints).Where(endpoint =>
            endpoint.Metadata.GetMetadata<UseCase>() is not null).ToList();

        endpoints.Select(endpoint => endpoint.Metadata.GetMetadata<UseCase>()!).ShouldBe(All.Select(one => one.Declaration), ignoreOrder: true);
        foreach (var endpoint in endpoints)
        {
            var declared = endpoint.Metadata.GetMetadata<UseCase>()!;
            endpoint.Metadata.GetMetadata<IEndpointNameMetadata>()!.EndpointName.ShouldBe(declared.Name);
            endpoint.Metadata.GetMetadata<AccessRule>().ShouldBe(AccessRule.To(declared.Needs), declared.Name);
            var isGet = endpoint.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods.Contains("GET");
            if (isGet) declared.Effect.ShouldBe(Effect.Reads, declared.Name);
        }
    }

    [Fact]
    public void Every_POST_that_makes_or_spends_something_in_a_workspace_takes_a_key()
    {
        var posts = app.Services.GetServices<EndpointDataSource>().SelectMany(source => source.Endpoints).OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.RoutePattern.RawText!.TrimStart('/').StartsWith("api/", StringComparison.Ordinal)
                && endpoint.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods.Contains("POST")
                    && endpoint.Metadata.GetMetadata<AccessRule>()!.Kind == CallerKind.Member).ToList();

        posts.Count.ShouldBeGreaterThan(15);
        posts.Where(endpoint => endpoint.Metadata.GetMetadata<UseCase>() is not { Effect: not Effect.Reads }).Select(endpoint =>
            endpoint.Metadata.GetMetadata<IEndpointNameMetadata>()!.EndpointName)
            .ShouldBe(WithoutKey, ignoreOrder: true);
    }

    [Theory]
    [InlineData("owner")]
    [InlineData("member")]
    [InlineData("approver")]
    [InlineData("viewer")]
    [InlineData("nothing")]
    public async Task A_role_may_what_is_declared_and_nothing_else(string role)
    {
        var caller = SomeCaller.Of(owner.WorkspaceId, role);
        foreach (var one in All)
        {
            var outcome = await RunAsync(one, caller, new JsonObject());
            (outcome.Refusal?.Code == "forbidden").ShouldBe(!Roles.Of(role).Contains(one.Declaration.Needs), $"{role}: {one.Declaration.Name}");
        }
    }

    [Fact]
    public async Task A_key_may_what_its_scopes_name_whatever_its_makers_role()
    {
        var caller = SomeCaller.Of(owner.WorkspaceId) with { Permissions = [Permission.Read] };
        foreach (var one in All.Where(one => one.Declaration.Needs != Permission.Read)) (await RunAsync(one, caller, new JsonObject()))
            .Refusal!.Code.ShouldBe("forbidden", one.Declaration.Name);
    }

    [Fact]
    public async Task A_strangers_ids_are_there_for_nobody_else()
    {
        var victim = await app.RegisterAsync(People.Address("victim"));
        await CreateAsync(victim.WorkspaceId);
        var ids = await IdsAsync(victim.WorkspaceId);
        ids.Count.ShouldBeGreaterThan(2);
        var before = await RowsAsync(victim.WorkspaceId);
        var stranger = SomeCaller.Of(owner.WorkspaceId);
        foreach (var one in All)
        {
            foreach (var id in ids)
            {
                var outcome = await RunAsync(one, stranger, ExampleRequest.Of(one.Request, Json, "no such text", id));
                if (outcome.Refusal is null) outcome.Value.GetRawText().ShouldNotContain(Marker, Case.Sensitive, one.Declaration.Name);
            }
        }

        (await RowsAsync(victim.WorkspaceId)).ShouldBe(before);
    }

    [Theory]
    [InlineData("a \\u0000 that no database stores")]
    [InlineData("half \\ud800 a character")]
    [InlineData("a line\\r\\nX-Header: and another")]
    [InlineData("a \\u001b[2J that clears the screen")]
    [InlineData("a name that \\u202e is read backwards")]
    public async Task A_hostile_text_is_refused_by_the_name_of_its_field(string text)
    {
        const string place = "the place of the text";
        foreach (var one in All.Where(one => ExampleRequest.HasTexts(one.Request, Json)))
        {
            var json = ExampleRequest.Of(one.Request, Json, place, Guid.CreateVersion7())!.ToJsonString().Replace(place, text, StringComparison.Ordinal);
            using var request = JsonDocument.Parse(json);
            var outcome = await one.RunAsync(app.Services, SomeCaller.Of(owner.WorkspaceId), request.RootElement, null, CancellationToken.None);
            outcome.Refusal.ShouldNotBeNull($"{one.Declaration.Name} {json}").Kind.ShouldBe(RefusalKind.Invalid);
            outcome.Refusal.Errors.ShouldNotBeNull().Keys.ShouldNotContain("body");
        }
    }

    [Fact]
    public async Task A_text_that_never_ends_is_refused_or_harmless()
    {
        var text = new string('a', 300_000);
        foreach (var one in All.Where(one => ExampleRequest.HasTexts(one.Request, Json)))
        {
            var outcome = await RunAsync(one, SomeCaller.Of(owner.WorkspaceId), ExampleRequest.Of(one.Request, Json, text, Guid.CreateVersion7()));
            if (one.Declaration.Effect != Effect.Reads) outcome.Refusal.ShouldNotBeNull(one.Declaration.Name);
        }
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("7")]
    [InlineData("null")]
    [InlineData("\"text\"")]
    public async Task What_is_no_request_is_refused(string json)
    {
        using var request = JsonDocument.Parse(json);
        foreach (var one in All)
            (await one.RunAsync(app.Services, SomeCaller.Of(owner.WorkspaceId), request.RootElement, null, CancellationToken.None))
                .Refusal!.Kind.ShouldBe(RefusalKind.Invalid, one.Declaration.Name);
    }

    private Task<Outcome<JsonElement>> CreateAsync(Guid workspaceId) => RunAsync(All.Single(one => one.Declaration.Name == "createCampaign"),
        SomeCaller.Of(workspaceId), new JsonObject
    {
        ["name"] = $"{Marker} campaign", ["icp"] = new JsonObject { ["description"] = "Pumps" }, ["limit"] = 10, ["start"] = false,
    });

    private async Task<Outcome<JsonElement>> RunAsync(DeclaredUseCase one, Caller caller, JsonNode? request) =>
        await one.RunAsync(app.Services, caller, JsonSerializer.SerializeToElement(request), null, CancellationToken.None);

    /// <summary>Every id that a row of the workspace has.</summary>
    private async Task<List<Guid>> IdsAsync(Guid workspaceId)
    {
        var ids = new List<Guid> { workspaceId };
        foreach (var table in await TablesAsync("id")) ids.AddRange(await app.Database.ListAsync<Guid>($"select id from {table} where workspace_id = $1 limit 3", workspaceId));
        return ids;
    }

    private async Task<List<string>> RowsAsync(Guid workspaceId)
    {
        var rows = new List<string>();
        foreach (var table in await TablesAsync("workspace_id"))
            rows.AddRange(await app.Database.ListAsync<string>($"select '{table} ' || to_jsonb(t)::text from {table} t where workspace_id = $1 order by 1", workspaceId));
        return rows;
    }

    /// <summary>Those of workspaces with such a column, but for what changes by itself.</summary>
    private Task<List<string>> TablesAsync(string column) => app.Database.ListAsync<string>("""
        select c.table_name::text from information_schema.columns c join information_schema.columns k using (table_schema, table_name) join
            information_schema.tables t using (table_schema, table_name)
        where c.table_schema = 'public' and c.column_name = 'workspace_id' and t.table_type = 'BASE TABLE' and k.column_name = $1 and (k.column_name
            <> 'id' or k.data_type = 'uuid')
            and c.table_name not in ('audit_seals', 'batches', 'jobs', 'mails', 'user_sessions', 'workflow_route_shapes') order by 1
        """, column);
}
