using LeadSens.Server.Ai;
using LeadSens.Server.Connections.Providers.Mistral;
using LeadSens.Server.Tests.Connections;
using LeadSens.Server.Tests.Support;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.AI;

namespace LeadSens.Server.Tests.Ai;

public sealed class MistralAnswerTests : IDisposable
{
    private readonly MistralHttp http = TestClients.Mistral();

    public void Dispose() => http.Dispose();

    [Theory]
    [InlineData("""{"role":"assistant","content":"Hello"}""")]
    [InlineData("""{"role":"assistant","content":[{"type":"thinking","thinking":[{"type":"text","text":"hm"}]},{"type":"text","text":"Hel"},{"type":"text","text":"lo"}]}""")]
    public async Task A_text_comes_as_text_or_in_chunks(string message)
    {
        var response = await AnswerAsync(message);
        response.Text.ShouldBe("Hello");
        response.ModelId.ShouldBe("mistral-small-2603");
        response.FinishReason.ShouldBe(ChatFinishReason.Stop);
        response.Usage.ShouldNotBeNull().InputTokenCount.ShouldBe(11);
    }

    [Theory]
    [InlineData("\"{\\\"query\\\":\\\"CEO\\\",\\\"limit\\\":5}\"")]
    [InlineData("{\"query\":\"CEO\",\"limit\":5}")]
    public async Task A_tools_arguments_come_as_text_or_as_object(string arguments)
    {
        var response = await AnswerAsync(
            $$"""{"role":"assistant","content":null,"tool_calls":[{"id":"aB3dE6gH9","type":"function","function":{"name":"search_leads","arguments":{{arguments}} } }]}""");
        var call = response.Messages[0].Contents.OfType<FunctionCallContent>().ShouldHaveSingleItem();
        call.CallId.ShouldBe("aB3dE6gH9");
        call.Arguments.ShouldNotBeNull()["query"]!.ToString().ShouldBe("CEO");
    }

    [Fact]
    public async Task Broken_arguments_are_told_with_the_call()
    {
        var response = await AnswerAsync("""{"role":"assistant","tool_calls":[{"id":"a","function":{"name":"search_leads","arguments":"{\"query\":"}}]}""");
        response.Messages[0].Contents.OfType<FunctionCallContent>().ShouldHaveSingleItem().Exception.ShouldNotBeNull();
    }

    [Fact]
    public async Task A_stream_gives_texts_as_they_come_and_calls_when_they_are_whole()
    {
        await using var provider = await StreamAsync(
            """data: {"id":"s1","model":"m1","choices":[{"index":0,"delta":{"role":"assistant","content":""},"finish_reason":null}]}""",
            """data: {"id":"s1","model":"m1","choices":[{"index":0,"delta":{"content":"Hel"},"finish_reason":null}]}""",
            ": a comment",
            """data: {"id":"s1","model":"m1","choices":[{"index":0,"delta":{"content":"lo"},"finish_reason":null}]}""",
            """data: {"id":"s1","model":"m1","choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"id":"aB3dE6gH9","function":{"name":"search_leads","arguments":"{\"query\":"}}]},"finish_reason":null}]}""",
            """data: {"id":"s1","model":"m1","choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"function":{"name":"","arguments":"\"CEO\"}"}}]},"finish_reason":"tool_calls"}],"usage":{"prompt_tokens":5,"completion_tokens":3,"total_tokens":8}}""",
            "data: [DONE]");
        var updates = new List<ChatResponseUpdate>();
        await foreach (var update in Client(provider).GetStreamingResponseAsync("hi")) updates.Add(update);
        updates.SelectMany(u => u.Contents).OfType<TextContent>().Select(t => t.Text).ShouldBe(["Hel", "lo"]);
        var response = updates.ToChatResponse();
        response.Messages.SelectMany(m => m.Contents).OfType<FunctionCallContent>().ShouldHaveSingleItem().Arguments!["query"]!.ToString().ShouldBe("CEO");
        response.FinishReason.ShouldBe(ChatFinishReason.ToolCalls);
        response.Usage.ShouldNotBeNull().OutputTokenCount.ShouldBe(3);
    }

    [Theory]
    [InlineData("""data: {"id":"s1","choices":[{"index":0,"delta":{"content":"Hel"},"finish_reason":null}]}""", nameof(ProviderFailureKind.Unavailable))]
    [InlineData("""data: {"object":"error","message":"limit","type":"rate_limited","code":"429"}""", nameof(ProviderFailureKind.RateLimited))]
    [InlineData("data: {\"id\":", nameof(ProviderFailureKind.Unavailable))]
    public async Task A_stream_that_does_not_end_well_is_a_failure(string last, string kind)
    {
        await using var provider = await StreamAsync(last);
        var failed = await Should.ThrowAsync<ProviderFailureException>(() => Client(provider).GetStreamingResponseAsync("hi").ToChatResponseAsync());
        failed.Failure.Kind.ToString().ShouldBe(kind);
    }

    [Fact]
    public async Task A_stream_that_falls_silent_times_out()
    {
        await using var provider = await ScriptedProvider.StartAsync(async context =>
        {
            await context.Response.WriteAsync("data: {\"id\":\"s1\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"Hel\"}}]}\n\n");
            await context.Response.Body.FlushAsync();
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        });
        using var impatient = TestClients.Mistral(0.3);
        using var client = new MistralChatClient(impatient, TestClients.Account("mistral", provider.Url));
        var failed = await Should.ThrowAsync<ProviderFailureException>(() => client.GetStreamingResponseAsync("hi").ToChatResponseAsync());
        failed.Failure.Kind.ShouldBe(ProviderFailureKind.TimedOut);
    }

    [Fact]
    public async Task A_stream_that_goes_on_and_on_in_small_pieces_times_out()
    {
        await using var provider = await ScriptedProvider.StartAsync(async context =>
        {
            while (!context.RequestAborted.IsCancellationRequested)
            {
                await context.Response.WriteAsync("data: {\"id\":\"s1\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\".\"}}]}\n\n");
                await context.Response.Body.FlushAsync();
                await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        });
        using var impatient = TestClients.Mistral(0.2);
        using var client = new MistralChatClient(impatient, TestClients.Account("mistral", provider.Url));
        var failed = await Should.ThrowAsync<ProviderFailureException>(() => client.GetStreamingResponseAsync("hi").ToChatResponseAsync().WaitAsync(TimeSpan.FromSeconds(20)));
        failed.Failure.Kind.ShouldBe(ProviderFailureKind.TimedOut);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_stream_that_is_larger_than_any_whole_answer_may_be_is_given_up(bool inPieces)
    {
        const int Letters = 64 * 1024, Pieces = AnswerBody.Largest / Letters + 8;
        var letters = new string('x', Letters);
        var (begin, end) = ("data: {\"id\":\"s1\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"", "\"}}]}\n\n");
        var sent = 0;
        await using var provider = await ScriptedProvider.StartAsync(async context =>
        {
            context.Response.ContentType = "text/event-stream";
            if (!inPieces) await context.Response.WriteAsync(begin, context.RequestAborted);
            for (; sent < Pieces; sent++) await context.Response.WriteAsync(inPieces ? begin + letters + end : letters, context.RequestAborted);
            await context.Response.WriteAsync((inPieces ? "" : end) + "data: [DONE]\n\n", context.RequestAborted);
        });

        var taken = 0L;
        var failed = await Should.ThrowAsync<ProviderFailureException>(async () =>
        {
            await foreach (var update in Client(provider).GetStreamingResponseAsync("hi")) taken += update.Text.Length;
        });
        failed.Failure.Kind.ShouldBe(ProviderFailureKind.Unavailable);
        taken.ShouldBeLessThanOrEqualTo(AnswerBody.Largest);
    }

    private MistralChatClient Client(ScriptedProvider provider) => new(http, TestClients.Account("mistral", provider.Url));

    private async Task<ChatResponse> AnswerAsync(string message)
    {
        await using var provider = await ScriptedProvider.AnsweringAsync(200,
            $$"""{"id":"1","object":"chat.completion","created":1700000000,"model":"mistral-small-2603","choices":[{"index":0,"finish_reason":"stop","message":{{message}}}],"usage":{"prompt_tokens":11,"completion_tokens":2,"total_tokens":13} }""");
        return await Client(provider).GetResponseAsync("hi");
    }

    private static Task<ScriptedProvider> StreamAsync(params string[] lines) =>
        ScriptedProvider.AnsweringAsync(200, string.Concat(lines.Select(line => line + "\n\n")), "text/event-stream");
}
