using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using LeadSens.Server.Api;
using LeadSens.Server.Identity;
using LeadSens.Server.Tests.Identity;
using LeadSens.Server.Tests.Support;
using Microsoft.AspNetCore.Mvc.ApiExplorer;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace LeadSens.Server.Tests.Api;

/// <summary>The document says what the running application does.</summary>
public sealed partial class ApiDocumentTests(AppOfClass apps) : IClassFixture<AppOfClass>, IAsyncLifetime
{
    /// <summary>They end the session that walks.</summary>
    private static readonly string[] Skipped = ["logout", "endSessions"];

    private static readonly string[] OfFewWords = ["status", "state", "role", "decision", "subStatus", "enrichmentStatus", "verificationStatus", "scoreBand", "band", "actorKind", "health", "origin", "source"];

    private readonly TestApp app = apps.App;
    private JsonObject document = null!;

    public async ValueTask InitializeAsync() => document = (await app.Client("").GetFromJsonAsync<JsonObject>("/openapi/v1.json"))!;

    public ValueTask DisposeAsync() => default;

    [Fact]
    public async Task The_document_is_made_once()
    {
        var text = app.Services.GetRequiredService<ApiDocumentText>();
        (await text.GetAsync(CancellationToken.None)).ShouldBeSameAs(await text.GetAsync(CancellationToken.None));
        (await app.Client("").GetByteArrayAsync("/openapi/v1.json")).ShouldBe(await text.GetAsync(CancellationToken.None));
        (await app.Client("").GetAsync("/openapi/v2.json")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public void Every_operation_has_a_name_of_its_own_and_a_line_that_says_what_it_does()
    {
        var operations = ApiOperation.AllOf(document);

        operations.Select(operation => operation.Id).ShouldBe(Endpoints().Keys, ignoreOrder: true);
        operations.Count.ShouldBeGreaterThan(70);
        operations.Where(operation => !Verb().IsMatch(operation.Id)).ShouldBeEmpty();
        operations.Where(operation => operation.Json["summary"]?.GetValue<string>() is not { Length: > 5 and < 100 } line || line.EndsWith('.')).ShouldBeEmpty();
        operations.Where(operation => operation.Json["tags"]?.AsArray().Count != 1).ShouldBeEmpty();
    }

    [Fact]
    public void Every_operation_says_how_its_callers_show_who_they_are()
    {
        var (endpoints, schemes) = (Endpoints(), document["components"]!["securitySchemes"]!.AsObject());

        schemes.Select(scheme => (scheme.Key, scheme.Value!["type"]!.ToString(), scheme.Value["name"]?.ToString() ?? scheme.Value["scheme"]?.ToString()))
            .ShouldBe([("ApiKey", "apiKey", "X-Api-Key"), ("Bearer", "http", "bearer"), ("Session", "apiKey", "leadsens.session")], ignoreOrder: true);
        foreach (var operation in ApiOperation.AllOf(document))
        {
            string[] expected = endpoints[operation.Id].Metadata.GetMetadata<AccessRule>()!.Kind switch
            {
                CallerKind.Anybody => [""],
                CallerKind.Person => ["Bearer", "Session"],
                _ => ["ApiKey", "Bearer", "Session"],
            };
            operation.Json["security"]!.AsArray().Select(one => string.Join(",", one!.AsObject().Select(scheme => scheme.Key))).ShouldBe(expected, false, operation.Id);
        }

        document["servers"]!.AsArray().Single()!["url"]!.ToString().ShouldBe("/");
    }

    [Fact]
    public void Every_operation_names_its_answers_and_its_problems()
    {
        foreach (var operation in ApiOperation.AllOf(document))
        {
            var answers = operation.Answers;
            answers.Select(answer => answer.Key).ShouldContain(status => status[0] == '2' || status[0] == '3', operation.Id);
            foreach (var status in (string[])["400", "429", "503", "default"]) answers.ContainsKey(status).ShouldBeTrue($"{operation.Id} {status}");
            answers.ContainsKey("404").ShouldBe(operation.Path.Contains('{'), operation.Id);
            foreach (var (status, answer) in answers.Where(answer => answer.Key[0] is '4' or '5' or 'd'))
                answer!["content"]!["application/problem+json"]!["schema"]!["$ref"]!.ToString().ShouldBe("#/components/schemas/Problem", $"{operation.Id} {status}");
        }

        Schemas["Problem"]!["properties"]!.AsObject().Select(property => property.Key).ShouldBe(["title", "status", "code", "type", "detail", "errors", "traceId"], ignoreOrder: true);
        Schemas["Problem"]!["required"]!.AsArray().Select(name => name!.ToString()).ShouldBe(["title", "status", "code"], ignoreOrder: true);
    }

    /// <summary>With nothing, with bodies that lack everything, as nobody, as a key and as an owner: whatever comes is in the document.</summary>
    [Fact]
    public async Task No_answer_is_one_that_the_document_does_not_name()
    {
        var owner = await app.RegisterAsync(People.Address("walker"));
        var unknown = new List<string>();
        foreach (var operation in ApiOperation.AllOf(document).Where(operation => !Skipped.Contains(operation.Id)))
        {
            foreach (var http in (HttpClient[])[app.Client(""), app.Client(), owner.Http])
            {
                using var request = new HttpRequestMessage(new(operation.Method), operation.PathFor(owner.WorkspaceId));
                if (operation.Json["requestBody"] is not null) request.Content = JsonContent.Create(new { });
                using var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
                var status = ((int)answer.StatusCode).ToString();
                if (!operation.Answers.ContainsKey(status)) unknown.Add($"{operation.Id} {status}");
                else if (answer.Content.Headers.ContentType?.MediaType is { } type && operation.Answers[status]!["content"]?[type] is null) unknown.Add($"{operation.Id} {status} {type}");
            }
        }

        unknown.ShouldBeEmpty();
        (await owner.Http.GetAsync("/api/auth/me")).StatusCode.ShouldBe(HttpStatusCode.OK, "none of them ended the session");
    }

    [Fact]
    public void No_two_types_share_a_schema()
    {
        var options = app.Services.GetRequiredService<IOptions<Microsoft.AspNetCore.Http.Json.JsonOptions>>().Value.SerializerOptions;
        var types = new HashSet<Type>();
        foreach (var call in app.Services.GetRequiredService<IApiDescriptionGroupCollectionProvider>().ApiDescriptionGroups.Items.SelectMany(group => group.Items))
        {
            foreach (var type in call.ParameterDescriptions.Where(parameter => parameter.Source.Id == "Body").Select(parameter => parameter.Type).Concat(call.SupportedResponseTypes.Select(answer => answer.Type)))
                Collect(type, types);
        }

        var named = types.Select(type => (Name: SchemaNames.Of(options.GetTypeInfo(type)), Type: type)).Where(one => one.Name is not null).ToList();
        named.Count.ShouldBeGreaterThan(50);
        named.GroupBy(one => one.Name, one => one.Type).Where(same => same.Count() > 1).ShouldBeEmpty();
        named.Where(one => !Schemas.ContainsKey(one.Name!)).ShouldBeEmpty();
        Schemas.Select(schema => schema.Key).Where(name => !Name().IsMatch(name)).ShouldBeEmpty();
    }

    [Fact]
    public void A_number_is_a_number_and_a_parameter_is_written_as_it_is_sent()
    {
        Everything(document).OfType<JsonObject>().Where(schema => schema["type"] is JsonArray types && types.Any(type => type!.ToString() is "integer" or "number") && types.Any(type => type!.ToString() == "string"))
            .ShouldBeEmpty();
        foreach (var operation in ApiOperation.AllOf(document))
        {
            foreach (var parameter in operation.Parameters)
            {
                var (name, place) = (parameter["name"]!.ToString(), parameter["in"]!.ToString());
                if (place == "header") continue;
                Verb().IsMatch(name).ShouldBeTrue($"{operation.Id} {name}");
                (parameter["required"]?.GetValue<bool>() ?? false).ShouldBe(place == "path", $"{operation.Id} {name}");
                if (place == "path") operation.Path.ShouldContain($"{{{name}}}");
            }
        }

        foreach (var (name, schema) in Schemas)
        {
            foreach (var (field, property) in schema!["properties"]?.AsObject() ?? new JsonObject())
                (property!["type"] ?? property["$ref"] ?? property["oneOf"]).ShouldNotBeNull($"{name}.{field}");
        }

        Schemas["CampaignView"]!["properties"]!["waitsFor"]!["type"]!.AsArray().Select(type => type!.ToString()).ShouldBe(["null", "string"], ignoreOrder: true);
        Schemas["CampaignView"]!["properties"]!["name"]!["type"]!.ToString().ShouldBe("string");
        var limit = ApiOperation.AllOf(document).Single(operation => operation.Id == "listLeads").Parameters.Single(parameter => parameter["name"]!.ToString() == "limit")["schema"]!;
        (limit["type"]!.ToString(), limit["minimum"]!.GetValue<int>(), limit["maximum"]!.GetValue<int>()).ShouldBe(("integer", 1, 100));
        ApiOperation.AllOf(document).Select(operation => Hole().Replace(operation.Path, "{}")).Distinct().Count().ShouldBe(document["paths"]!.AsObject().Count, "no two paths are one");
    }

    [Fact]
    public void What_a_request_may_leave_out_is_not_required()
    {
        var asked = new HashSet<string>();
        foreach (var operation in ApiOperation.AllOf(document)) Collect(operation.Json["requestBody"], asked);

        asked.Count.ShouldBeGreaterThan(25);
        foreach (var name in asked)
        {
            foreach (var field in Required(name))
            {
                var schema = Schemas[name]!["properties"]![field]!;
                (schema["type"] is JsonArray types && types.Any(type => type!.ToString() == "null")).ShouldBeFalse($"{name}.{field}");
                schema["oneOf"].ShouldBeNull($"{name}.{field}");
            }
        }

        Required("CampaignRequest").ShouldBeEmpty();
        Required("LoginRequest").ShouldBe(["email", "password"], ignoreOrder: true);
        Required("RegisterRequest").ShouldBe(["firstName", "lastName", "email", "password"], ignoreOrder: true);
        Required("CampaignView").ShouldContain("waitsFor", "an answer has it, also as null");
    }

    [Fact]
    public void What_has_few_words_is_an_enumeration_with_a_name()
    {
        var enumerations = Schemas.Where(schema => schema.Value!["enum"] is not null).ToDictionary(schema => schema.Key, schema => schema.Value!["enum"]!.AsArray().Select(word => word!.ToString()).ToList());

        enumerations["CampaignStatus"].ShouldBe(["Draft", "Running", "AwaitingApproval", "Paused", "Completed", "Cancelled", "Faulted"]);
        Everything(document).OfType<JsonObject>().Count(schema => schema["enum"] is JsonArray).ShouldBe(enumerations.Count, "none stands where it is used");
        foreach (var (name, field) in ((string, string)[])[("CampaignRequest", "targets"), ("CampaignView", "targets"), ("AccountView", "permissions")])
        {
            var list = Schemas[name]!["properties"]![field]!;
            (list["type"] as JsonArray ?? [list["type"]!.DeepClone()]).Select(type => type!.ToString()).ShouldContain("array", $"{name}.{field}");
            RefersTo(list["items"]!).ShouldBeOneOf([.. enumerations.Keys], $"{name}.{field}");
        }

        foreach (var (name, schema) in Schemas)
        {
            foreach (var (field, property) in schema!["properties"]?.AsObject() ?? new JsonObject())
            {
                if (OfFewWords.Contains(field) && property!["type"]?.ToString() is not "integer" && name is not "LeadRecord") RefersTo(property).ShouldBeOneOf([.. enumerations.Keys], $"{name}.{field}");
            }
        }

        foreach (var parameter in ApiOperation.AllOf(document).SelectMany(operation => operation.Parameters).Where(parameter => parameter["name"]!.ToString() is "status" or "state" or "source" or "format"))
            RefersTo(parameter["schema"]!).ShouldBeOneOf([.. enumerations.Keys]);
    }

    private JsonObject Schemas => document["components"]!["schemas"]!.AsObject();

    private List<string> Required(string schema) => [.. (Schemas[schema]!["required"]?.AsArray() ?? new JsonArray()).Select(name => name!.ToString())];

    private static string? RefersTo(JsonNode schema) => (schema["$ref"] ?? schema["oneOf"]?.AsArray().Select(one => one!["$ref"]).FirstOrDefault(reference => reference is not null))?.ToString().Split('/')[^1];

    private static IEnumerable<JsonNode> Everything(JsonNode? node) => node switch
    {
        JsonObject json => json.SelectMany(one => Everything(one.Value)).Prepend(json),
        JsonArray list => list.SelectMany(Everything).Prepend(list),
        _ => [],
    };

    private void Collect(JsonNode? node, HashSet<string> names)
    {
        foreach (var name in Everything(node).OfType<JsonObject>().Select(json => json["$ref"]?.ToString().Split('/')[^1]).OfType<string>().ToList())
        {
            if (names.Add(name)) Collect(Schemas[name], names);
        }
    }

    private static void Collect(Type? type, HashSet<Type> types)
    {
        if (type is null) return;
        foreach (var part in type.IsArray ? [type.GetElementType()!] : type.GenericTypeArguments) Collect(part, types);
        if (type.Assembly != typeof(SchemaNames).Assembly || type.IsEnum || !types.Add(type)) return;
        foreach (var property in type.GetProperties().Where(property => !property.IsDefined(typeof(System.Text.Json.Serialization.JsonIgnoreAttribute), false) || property.CanWrite)) Collect(property.PropertyType, types);
    }

    private Dictionary<string, RouteEndpoint> Endpoints() => app.Services.GetServices<EndpointDataSource>().SelectMany(source => source.Endpoints).OfType<RouteEndpoint>()
        .Where(endpoint => endpoint.RoutePattern.RawText!.TrimStart('/').StartsWith("api/", StringComparison.Ordinal) && endpoint.Metadata.GetMetadata<IExcludeFromDescriptionMetadata>() is null)
        .ToDictionary(endpoint => endpoint.Metadata.GetMetadata<IEndpointNameMetadata>()?.EndpointName ?? throw new InvalidOperationException($"{endpoint.DisplayName} has no name."));

    [GeneratedRegex("^[a-z]+([A-Z][a-zA-Z]*)*$")]
    private static partial Regex Verb();

    [GeneratedRegex("^[A-Z][a-zA-Z]+$")]
    private static partial Regex Name();

    [GeneratedRegex(@"\{[^}]*\}")]
    private static partial Regex Hole();
}
