using System.Runtime.CompilerServices;
using System.Text.Json;
using LeadSens.Server.Ai;
using LeadSens.Server.Jobs;
using LeadSens.Server.Tests.Support;
using Microsoft.Extensions.AI;

namespace LeadSens.Server.Tests.Ai;

/// <summary>Calls that are no structured questions: streamed, with tools, under a budget.</summary>
public sealed class MeteredModelTests : ModelTest
{
    private const string First = """data: {"id":"s1","model":"mistral-small-2603","choices":[{"index":0,"delta":{"content":"Hel"},"finish_reason":null}]}""";
    private const string Last = """data: {"id":"s1","model":"mistral-small-2603","choices":[{"index":0,"delta":{"content":"lo"},"finish_reason":"stop"}]}""";
    private const string Usage = """data: {"id":"s1","model":"mistral-small-2603","choices":[],"usage":{"prompt_tokens":20,"completion_tokens":5,"total_tokens":25}}""";
    private const string Done = "data: [DONE]";

    /// <summary>Of two letters and at most 200 tokens in answer: (502 × 0.15 + 200 × 0.60) / 1,000,000.</summary>
    private const decimal MostUsd = 0.0001953m;

    /// <summary>(20 × 0.15 + 5 × 0.60) / 1,000,000.</summary>
    private const decimal CostUsd = 0.000006m;

    private static readonly ChatOptions Short = new() { MaxOutputTokens = 200 };

    [Fact]
    public async Task A_streamed_answer_costs_what_it_says_that_it_took()
    {
        var campaign = await NewCampaignAsync();
        await using var mistral = await StreamingAsync(First, Last, Usage, Done);

        (await (await ModelAsync(mistral, campaign)).GetStreamingResponseAsync("hi", Short).ToChatResponseAsync()).Text.ShouldBe("Hello");

        (await RecordedAsync()).ShouldBe(["ok score mistral-small-2603 chat.v1 20 5"]);
        (await Db.ScalarAsync<decimal>("select cost_usd from campaigns where id = $1", campaign)).ShouldBe(CostUsd);
    }

    [Theory]
    [InlineData("ok", First, Last, Done)]
    [InlineData("Unavailable", First)]
    [InlineData("abandoned", First, Last, Done)]
    public async Task A_streamed_answer_that_does_not_say_what_it_took_costs_the_most_that_it_can_have(string outcome, params string[] lines)
    {
        var campaign = await NewCampaignAsync();
        await using var mistral = await StreamingAsync(lines);
        try
        {
            await foreach (var _ in (await ModelAsync(mistral, campaign)).GetStreamingResponseAsync("hi", Short))
                if (outcome == AiEvent.Abandoned) break;
        }
        catch (ProviderFailureException failed)
        {
            failed.Failure.Kind.ToString().ShouldBe(outcome);
        }

        (await RecordedAsync()).ShouldBe([$"{outcome} score mistral-small-2603 chat.v1 502 200"]);
        (await Db.ScalarAsync<decimal>("select cost_usd from campaigns where id = $1", campaign)).ShouldBe(MostUsd);
    }

    [Fact]
    public async Task A_stream_that_never_began_costs_nothing()
    {
        await using var mistral = await ScriptedProvider.AnsweringAsync(503, "");

        await Should.ThrowAsync<ProviderFailureException>(async () => await (await ModelAsync(mistral)).GetStreamingResponseAsync("hi", Short).ToChatResponseAsync());

        (await RecordedAsync()).ShouldBe(["Unavailable score mistral-small-latest chat.v1 0 0"]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_call_that_may_cost_more_than_its_job_holds_reserves_the_rest_first_or_is_not_made(bool streamed)
    {
        var campaign = await NewCampaignAsync();
        var job = new ClaimedJob(Guid.CreateVersion7(), Guid.CreateVersion7(), Workspace, campaign, null, 1, Guid.CreateVersion7(), default, default, default);
        await Db.ExecuteAsync("""
            insert into jobs (id, batch_id, seq, workspace_id, campaign_id, kind, state, run_after, claim_token) values ($1, $2, 1, $3, $4, 'test', 'Running', now(), $5)
            """, job.Id, job.BatchId, Workspace, campaign, job.ClaimToken);
        await using var mistral = streamed ? await StreamingAsync(First, Last, Usage, Done) : await ScriptedProvider.AnsweringAsync(200, """
            {"id":"1","model":"mistral-small-2603","choices":[{"index":0,"finish_reason":"stop","message":{"role":"assistant","content":"Hello"}}],"usage":{"prompt_tokens":20,"completion_tokens":5,"total_tokens":25}}
            """);
        var model = await ModelAsync(mistral, campaign, new JobBudget(DataSource, job, 0.0001m));
        Task<ChatResponse> AskAsync() => streamed ? model.GetStreamingResponseAsync("hi", Short).ToChatResponseAsync() : model.GetResponseAsync("hi", Short);

        await Db.ExecuteAsync("update campaigns set cost_reserved_usd = 0.0001, budget_usd = 0.00019");
        await Db.ExecuteAsync("update jobs set reserved_usd = 0.0001");
        var refused = await Should.ThrowAsync<ProviderFailureException>(AskAsync);
        (refused.Failure.Kind, refused.Failure.Provider, refused.Failure.RetryAfter).ShouldBe((ProviderFailureKind.QuotaExhausted, JobBudget.Provider, null));
        mistral.Calls.ShouldBeEmpty();
        (await RecordedAsync()).ShouldBeEmpty();

        await Db.ExecuteAsync("update campaigns set budget_usd = 1");
        (await AskAsync()).Text.ShouldBe("Hello");
        (await Db.ScalarAsync<decimal>("select reserved_usd from jobs")).ShouldBe(MostUsd);
        // What the first call did not cost is there for the second.
        await AskAsync();
        (await Db.ScalarAsync<decimal>("select reserved_usd from jobs")).ShouldBe(MostUsd + CostUsd);
        (await Db.ScalarAsync<decimal>("select cost_reserved_usd from campaigns")).ShouldBe(MostUsd + CostUsd);
        (await RecordedAsync()).ShouldBe(["ok score mistral-small-2603 chat.v1 20 5", "ok score mistral-small-2603 chat.v1 20 5"]);
    }

    [Fact]
    public async Task Calls_of_tools_count_and_an_answer_has_a_longest()
    {
        await using var mistral = await ScriptedProvider.AnsweringAsync(200,
            """{"id":"1","model":"mistral-small-2603","choices":[{"index":0,"finish_reason":"stop","message":{"role":"assistant","content":"Hello"}}]}""");
        ChatMessage[] messages =
        [
            new(ChatRole.User, "hi"),
            new(ChatRole.Assistant, [new FunctionCallContent("c1", "search", new Dictionary<string, object?> { ["query"] = new string('q', 1_000) })]),
            new(ChatRole.Tool, [new FunctionResultContent("c1", new string('r', 2_000)), new FunctionResultContent("c2", new Dictionary<string, object?> { ["found"] = new string('s', 3_000) })]),
        ];

        await (await ModelAsync(mistral)).GetResponseAsync(messages);

        using var body = JsonDocument.Parse(mistral.Calls.ShouldHaveSingleItem().Body);
        body.RootElement.GetProperty("max_tokens").GetInt32().ShouldBe(4_096);
        body.RootElement.GetProperty("model").GetString().ShouldBe("mistral-small-latest");
        await Events.FlushAsync(CancellationToken.None);
        (await Db.ScalarAsync<int>("select tokens_in from ai_events where tokens_out = 4096")).ShouldBeGreaterThan(6_500);
    }

    [Fact]
    public void Nobody_makes_a_client_of_a_model_that_is_not_metered()
    {
        var root = Path.GetFullPath("../../../src/LeadSens.Server", Path.GetDirectoryName(Here())!);
        Directory.EnumerateFiles(root, "*.cs", SearchOption.AllDirectories)
            .Where(file => File.ReadAllText(file) is var text
                && (text.Contains(".ClientOf(", StringComparison.Ordinal) || text.Contains("new MeteredModel(", StringComparison.Ordinal)))
            .Select(file => Path.GetRelativePath(root, file)).ShouldBe(["Ai/ChatClients.cs"]);
    }

    private async Task<MeteredModel> ModelAsync(ScriptedProvider mistral, Guid? campaign = null, JobBudget? budget = null) =>
        (await Clients(mistral.Url).ForAsync(new("score", "chat.v1", Workspace) { CampaignId = campaign, Budget = budget }, CancellationToken.None)).Value.ShouldNotBeNull();

    private async Task<List<string>> RecordedAsync()
    {
        await Events.FlushAsync(CancellationToken.None);
        return await Db.ListAsync<string>("select outcome || ' ' || purpose || ' ' || model || ' ' || prompt_version || ' ' || tokens_in || ' ' || tokens_out from ai_events order by id");
    }

    private static Task<ScriptedProvider> StreamingAsync(params string[] lines) =>
        ScriptedProvider.AnsweringAsync(200, string.Concat(lines.Select(line => line + "\n\n")), "text/event-stream");

    private static string Here([CallerFilePath] string file = "") => file;
}
