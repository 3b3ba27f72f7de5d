using System.Text.Json;
using System.Text.Json.Nodes;

namespace LeadSens.Engine.BuiltIn;

/// <summary>Starts the workflow by an HTTP request; inside a run it waits for one.</summary>
[Activity("Elsa", Category = "HTTP", DisplayName = "HTTP Endpoint", Description = "Waits for an HTTP request to a path under /workflows.", Kind = ActivityKind.Trigger)]
public sealed class HttpEndpoint : TriggerActivity
{
    private static readonly string[] Methods = ["GET", "POST", "PUT", "HEAD", "DELETE", "PATCH", "OPTIONS"];

    [Input(Description = "The path under /workflows; a part in braces is a parameter, as in orders/{id}.")]
    public Input<string> Path { get; } = new();

    [Input(Description = "The HTTP methods that are taken.", UiHint = "checklist", DefaultSyntax = "Object", Options = ["GET", "POST", "PUT", "HEAD", "DELETE", "PATCH", "OPTIONS"], Order = 1)]
    public Input<ICollection<string>> SupportedMethods { get; } = new(["GET"]);

    [Input(Description = "Only callers of this workspace, by API key or session.", Category = "Security", Order = 2)]
    public Input<bool> Authorize { get; } = new();

    [Input(Description = "The name of a policy. This service has none: who may call is decided by Authorize.", Category = "Security", Order = 3)]
    public Input<string> Policy { get; } = new();

    [Input(Description = "How long the caller waits for an answer: hours:minutes:seconds.", Category = "Upload", Order = 4)]
    public Input<TimeSpan?> RequestTimeout { get; } = new();

    [Input(Description = "The largest request, in bytes.", Category = "Upload", Order = 5)]
    public Input<long?> RequestSizeLimit { get; } = new();

    [Input(Description = "The largest file, in bytes.", Category = "Upload", Order = 6)]
    public Input<long?> FileSizeLimit { get; } = new();

    [Input(Description = "Only files with these extensions, as .pdf; empty: all.", Category = "Upload", UiHint = "multitext", DefaultSyntax = "Object", Order = 7)]
    public Input<ICollection<string>> AllowedFileExtensions { get; } = new();

    [Input(Description = "No files with these extensions.", Category = "Upload", UiHint = "multitext", DefaultSyntax = "Object", Order = 8)]
    public Input<ICollection<string>> BlockedFileExtensions { get; } = new();

    [Input(Description = "Only files of these types, as application/pdf; empty: all.", Category = "Upload", UiHint = "multitext", DefaultSyntax = "Object", Order = 9)]
    public Input<ICollection<string>> AllowedMimeTypes { get; } = new();

    [Input(Description = "Has a way for requests that are too large.", Category = "Outcomes", Order = 10)]
    public bool ExposeRequestTooLargeOutcome { get; private set; }

    [Input(Description = "Has a way for files that are too large.", Category = "Outcomes", Order = 11)]
    public bool ExposeFileTooLargeOutcome { get; private set; }

    [Input(Description = "Has a way for files whose extension is not taken.", Category = "Outcomes", Order = 12)]
    public bool ExposeInvalidFileExtensionOutcome { get; private set; }

    [Input(Description = "Has a way for files whose type is not taken.", Category = "Outcomes", Order = 13)]
    public bool ExposeInvalidFileMimeTypeOutcome { get; private set; }

    [Output(Description = "The request: method, path, query, headers, route.")]
    public Output<JsonElement> Result { get; } = new();

    [Output(Description = "The parsed content; of a form its fields.", Order = 1)]
    public Output<object> ParsedContent { get; } = new();

    [Output(Description = "The files, each with fileName, contentType, length and content (base64).", Order = 2)]
    public Output<JsonElement> Files { get; } = new();

    [Output(Description = "The first file.", Order = 3)]
    public Output<JsonElement> File { get; } = new();

    [Output(Description = "The parameters of the path, by name.", Order = 4)]
    public Output<JsonElement> RouteData { get; } = new();

    [Output(Description = "The parameters of the query, by name.", Order = 5)]
    public Output<JsonElement> QueryStringData { get; } = new();

    [Output(Description = "The headers, by name; credentials are left out.", Order = 6)]
    public Output<JsonElement> Headers { get; } = new();

    internal override IReadOnlyList<string> Outcomes => ["Done", .. Exposed];

    private IEnumerable<string> Exposed
    {
        get
        {
            if (ExposeRequestTooLargeOutcome) yield return HttpEndpointRules.RequestTooLarge;
            if (ExposeFileTooLargeOutcome) yield return HttpEndpointRules.FileTooLarge;
            if (ExposeInvalidFileExtensionOutcome) yield return HttpEndpointRules.InvalidExtension;
            if (ExposeInvalidFileMimeTypeOutcome) yield return HttpEndpointRules.InvalidMimeType;
        }
    }

    /// <summary>The key of requests with a method to paths of a form (<see cref="HttpRoute.Form"/>).</summary>
    public static string Key(Guid tenantId, string method, string form) => $"http:{tenantId}:{method}:{form}";

    internal override void Read(ActivityReader reader)
    {
        ExposeRequestTooLargeOutcome = reader.Json.Flag("exposeRequestTooLargeOutcome");
        ExposeFileTooLargeOutcome = reader.Json.Flag("exposeFileTooLargeOutcome");
        ExposeInvalidFileExtensionOutcome = reader.Json.Flag("exposeInvalidFileExtensionOutcome");
        ExposeInvalidFileMimeTypeOutcome = reader.Json.Flag("exposeInvalidFileMimeTypeOutcome");
    }

    /// <inheritdoc/>
    public override IEnumerable<TriggerRequest> Triggers(TriggerContext context)
    {
        if (Problem((IInputValues)context) is { } problem) context.Error("path", problem);
        else return [.. Rules((IInputValues)context).Select(rules => new TriggerRequest(KeyOf(context.TenantId, rules), rules.ToJson()) { IsExclusive = true, WaitsFor = $"{rules.Method} /workflows/{rules.Path}" })];
        return [];
    }

    /// <inheritdoc/>
    public override ValueTask<ActivityResult> ExecuteAsync(ActivityContext context)
    {
        var inputs = (IInputValues)context;
        if (context.IsTrigger || context.Resumption is not null) return ValueTask.FromResult(Take(context, context.Stimulus));
        return ValueTask.FromResult(Problem(inputs) is { } problem
            ? Fault("http_endpoint_invalid", problem)
            : WaitFor([.. Rules(inputs).Select(rules => new BookmarkRequest("http", KeyOf(context.TenantId, rules), rules.ToJson()) { WaitsFor = $"{rules.Method} {rules.Path}" })]));
    }

    private static string KeyOf(Guid tenantId, HttpEndpointRules rules) => Key(tenantId, rules.Method, HttpRoute.Parse(rules.Path).Form);

    private ActivityResult Take(ActivityContext context, JsonElement request)
    {
        if (request.Property("requestId") is { } id) context.Enlist(context.Service<IHttpAnswers>().Take(context.TenantId, context.InstanceId, id.GetGuid()));
        context.Set(Result, Without(request, "requestId", "content", "files", "problem"));
        context.Set(RouteData, request.Object("route") ?? default);
        context.Set(QueryStringData, request.Object("query") ?? default);
        context.Set(Headers, request.Object("headers") ?? default);
        context.Set(ParsedContent, request.Property("content") ?? default);
        var files = request.Items("files").ToList();
        context.Set(Files, request.Property("files") ?? default);
        context.Set(File, files.Count > 0 ? files[0] : default);
        return Complete(request.Text("problem") ?? "Done");
    }

    private string? Problem(IInputValues inputs)
    {
        if (inputs.Get(Policy) is { Length: > 0 } policy) return $"The {Title} asks for the policy '{policy}', which this service does not have. Leave it empty; Authorize lets in callers of the workspace alone.";
        if (MethodsOf(inputs) is var methods && methods.Count == 0) return $"The {Title} takes no method.";
        if (methods.Find(method => !Methods.Contains(method)) is { } unknown) return $"The {Title} takes the method '{unknown}'; it is one of {string.Join(", ", Methods)}.";
        try
        {
            HttpRoute.Parse(inputs.Get(Path));
            return null;
        }
        catch (FormatException exception)
        {
            return $"The path '{inputs.Get(Path)}' of {Title} is wrong: {exception.Message}";
        }
    }

    private IEnumerable<HttpEndpointRules> Rules(IInputValues inputs) => MethodsOf(inputs).Select(method => new HttpEndpointRules(inputs.Get(Path)!.Trim().Trim('/'), method)
    {
        Authorize = inputs.Get(Authorize),
        RequestTimeout = inputs.Get(RequestTimeout),
        RequestSizeLimit = inputs.Get(RequestSizeLimit),
        FileSizeLimit = inputs.Get(FileSizeLimit),
        AllowedFileExtensions = [.. inputs.Get(AllowedFileExtensions) ?? []],
        BlockedFileExtensions = [.. inputs.Get(BlockedFileExtensions) ?? []],
        AllowedMimeTypes = [.. inputs.Get(AllowedMimeTypes) ?? []],
        Exposed = [.. Exposed],
    });

    private List<string> MethodsOf(IInputValues inputs) => [.. (inputs.Get(SupportedMethods) ?? []).Select(method => method.Trim().ToUpperInvariant()).Distinct()];

    private static JsonElement Without(JsonElement json, params string[] names)
    {
        var rest = new JsonObject();
        if (json.ValueKind != JsonValueKind.Object) return default;
        foreach (var property in json.EnumerateObject().Where(property => !names.Contains(property.Name))) rest[property.Name] = JsonNode.Parse(property.Value.GetRawText());
        return JsonSerializer.SerializeToElement(rest);
    }
}
