using System.Text.Json.Serialization;
using LeadSens.Server.Ai;
using LeadSens.Server.Connections.Providers.Mistral;
using LeadSens.Server.Tests.Connections;
using LeadSens.Server.Tests.Support;
using Microsoft.Extensions.AI;

namespace LeadSens.Server.Tests.Ai;

internal sealed record Fits(int Score, int JobTitleFit, int CompanyFit, int IndustryRelevance, int LocationFit, string Reason);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(Fits))]
internal sealed partial class FitsJson : JsonSerializerContext;

/// <summary>The whole way of a structured question, to the Sandbox's language model and back.</summary>
public sealed class SandboxModelTests : ModelTest
{
    private const string User = """
        <icp>{"description":"Sales software","jobTitles":["Head of Sales"],"industries":["Software"],"countries":["France"],"companySizes":["25 - 100"]}</icp>
        <lead>{"firstName":"Anna","lastName":"B","jobTitle":"Head of Sales","companyName":"Acme","industry":"Software","companySize":"25 - 100","country":"France","city":"Paris"}</lead>
        """;

    private static readonly ModelSchema Score = ModelSchema.Parse("lead_score", """
        {"type":"object","additionalProperties":false,"required":["score","jobTitleFit","companyFit","industryRelevance","locationFit","reason"],
         "properties":{"score":{"type":"integer","minimum":1,"maximum":10},"jobTitleFit":{"type":"integer","minimum":1,"maximum":10},
          "companyFit":{"type":"integer","minimum":1,"maximum":10},"industryRelevance":{"type":"integer","minimum":1,"maximum":10},
          "locationFit":{"type":"integer","minimum":1,"maximum":10},"reason":{"type":"string"}}}
        """);

    [Fact]
    public async Task A_matching_lead_scores_high()
    {
        await using var sandbox = await TestSandbox.StartAsync();
        var fits = (await AskAsync(sandbox)).Value.ShouldNotBeNull();
        fits.Score.ShouldBeGreaterThanOrEqualTo(8);
        (await sandbox.CallsAsync("mistral")).Count.ShouldBe(1);
    }

    [Theory]
    [InlineData("brokenJson")]
    [InlineData("badSchema")]
    public async Task An_answer_outside_its_schema_is_repaired_once(string variant)
    {
        await using var sandbox = await TestSandbox.StartAsync();
        await sandbox.FaultsAsync(new { vendor = "mistral", mode = "malformed", variant, times = 1 });
        (await AskAsync(sandbox)).Succeeded.ShouldBeTrue();
        (await sandbox.CallsAsync("mistral")).Count.ShouldBe(2);
    }

    [Theory]
    [InlineData("brokenJson")]
    [InlineData("badSchema")]
    public async Task A_model_that_stays_outside_its_schema_is_a_failure(string variant)
    {
        await using var sandbox = await TestSandbox.StartAsync();
        await sandbox.FaultsAsync(new { vendor = "mistral", mode = "malformed", variant });
        (await AskAsync(sandbox)).Failure.ShouldNotBeNull().Kind.ShouldBe(ProviderFailureKind.Invalid);
        (await sandbox.CallsAsync("mistral")).Count.ShouldBe(2);
    }

    [Fact]
    public async Task An_answer_can_be_streamed()
    {
        await using var sandbox = await TestSandbox.StartAsync();
        using var http = TestClients.Mistral();
        using var client = new MistralChatClient(http, ProviderAccount.Sandbox("mistral", sandbox.BaseUrl));
        var response = await client.GetStreamingResponseAsync("hello").ToChatResponseAsync();
        response.Text.ShouldNotBeEmpty();
        response.Usage.ShouldNotBeNull().OutputTokenCount.ShouldNotBeNull().ShouldBeGreaterThan(0);
    }

    private Task<ProviderResult<Fits>> AskAsync(TestSandbox sandbox) => Model(sandbox.BaseUrl + "/mistral").AskAsync(
        new("score", "score.v1", "Score the lead.", User, Score, 300, Workspace), FitsJson.Default.Fits, null, default);
}
