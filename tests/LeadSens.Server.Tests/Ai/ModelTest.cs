using System.Text.Json;
using System.Text.Json.Serialization;
using LeadSens.Server.Ai;
using LeadSens.Server.Connections;
using LeadSens.Server.Connections.Providers.Mistral;
using LeadSens.Server.Tests.Connections;
using LeadSens.Server.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace LeadSens.Server.Tests.Ai;

internal sealed record Verdict(int Score, string? Reason);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(Verdict))]
internal sealed partial class VerdictJson : JsonSerializerContext;

/// <summary>Base of tests that ask a model over HTTP and look at what the database then holds.</summary>
public abstract class ModelTest : DatabaseTest
{
    internal static readonly ModelSchema Schema = ModelSchema.Parse("verdict", """
        {"type":"object","additionalProperties":false,"required":["score","reason"],
         "properties":{"score":{"type":"integer","minimum":1,"maximum":10},"reason":{"type":["string","null"],"maxLength":40}}}
        """);

    internal AiEventWriter Events { get; private set; } = null!;

    internal Guid Workspace { get; } = Guid.CreateVersion7();

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        Events = new(DataSource, TimeProvider.System, NullLogger<AiEventWriter>.Instance);
    }

    public override async ValueTask DisposeAsync()
    {
        Events.Dispose();
        await base.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>As the app has them where nothing is set.</summary>
    internal static AiOptions Defaults()
    {
        var options = new AiOptions();
        MistralModels.AddDefaults(options);
        return options;
    }

    internal StructuredModel Model(string mistralUrl) => new(Clients(mistralUrl), Events);

    internal ChatClients Clients(string mistralUrl)
    {
        var options = Options.Create(Defaults());
        var connections = new ConfiguredConnections([new MistralOptions { ApiKey = TestClients.Secret, BaseUrl = mistralUrl }], new(null));
        var models = new MistralModels(TestClients.Mistral(), Options.Create(new MistralOptions()));
        return new(
            new ProviderFor<LanguageModels>(MistralOptions.Name, "Mistral", models, connections), new(new(options), Events, TimeProvider.System), options);
    }

    internal ModelRequest Request(Guid? campaign = null) =>
        new("score", "score.v1", "Judge.", "<lead>{}</lead>", Schema, 200, Workspace) { CampaignId = campaign };

    internal Task<ProviderResult<Verdict>> AskAsync(string mistralUrl, Func<Verdict, string?>? validate = null, Guid? campaign = null) =>
        Model(mistralUrl).AskAsync(Request(campaign), VerdictJson.Default.Verdict, validate, default);

    /// <summary>A server that gives these contents, one a call; one that ends with … was cut off.</summary>
    internal static Task<ScriptedProvider> AnsweringAsync(params string[] contents)
    {
        var next = -1;
        return ScriptedProvider.StartAsync(async context =>
        {
            context.Response.ContentType = "application/json";
            var content = contents[Math.Min(Interlocked.Increment(ref next), contents.Length - 1)];
            await context.Response.BodyWriter.WriteAsync(JsonSerializer.SerializeToUtf8Bytes(new
            {
                id = "cmpl-1",
                @object = "chat.completion",
                model = "mistral-small-2603",
                choices = new[] { new { index = 0, finish_reason = content.EndsWith('…') ? "length" : "stop", message = new { role = "assistant", content } } },
                usage = new { prompt_tokens = 1_000, completion_tokens = 100, total_tokens = 1_100 },
            }));
        });
    }

    internal async Task<Guid> NewCampaignAsync()
    {
        var campaign = Guid.CreateVersion7();
        await Db.ExecuteAsync("insert into workspaces (id, name) values ($1, 'test') on conflict do nothing", Workspace);
        await Db.ExecuteAsync("""
            insert into campaigns (id, workspace_id, name, status, icp, lead_limit, threshold, targets, workflow, created_at)
            values ($1, $2, 'test', 'Running', '{}', 10, 5, '{instantly}', 'campaign', now())
            """, campaign, Workspace);
        return campaign;
    }
}
