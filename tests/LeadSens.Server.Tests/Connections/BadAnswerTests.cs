using LeadSens.Server.Connections;
using LeadSens.Server.Connections.Providers.HubSpot;
using LeadSens.Server.Connections.Providers.Instantly;
using LeadSens.Server.Connections.Providers.Mistral;
using LeadSens.Server.Ai;
using LeadSens.Server.Tests.Support;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.AI;
using Kind = LeadSens.Server.Calls.ProviderFailureKind;

namespace LeadSens.Server.Tests.Connections;

/// <summary>Every answer that is not a good one has a defined kind, by what the call would have changed.</summary>
public sealed class BadAnswerTests
{
    private const double Impatient = 0.3;

    /// <summary>One call of each vendor, and one that must not be repeated.</summary>
    private static readonly Dictionary<string, Func<string, double, Task<ProviderFailure?>>> Calls = new()
    {
        ["instantly read"] = async (url, patience) =>
        {
            using var client = TestClients.Instantly(patience);
            return (await client.CountLeadsAsync(TestClients.Account("instantly", url), new SearchFilters(), default)).Failure;
        },
        ["instantly write"] = async (url, patience) =>
        {
            using var client = TestClients.Instantly(patience);
            return (await client.CreateCampaignAsync(TestClients.Account("instantly", url), new("x", [new("a", "b", 1)]), default)).Failure;
        },
        ["hubspot read"] = async (url, patience) =>
        {
            using var client = TestClients.HubSpot(patience);
            return (await client.BatchReadContactsAsync(TestClients.Account("hubspot", url), ["a@b.example"], default)).Failure;
        },
        ["hubspot upsert"] = async (url, patience) =>
        {
            using var client = TestClients.HubSpot(patience);
            return (await client.BatchUpsertContactsAsync(TestClients.Account("hubspot", url), [new("a@b.example", "1", new Dictionary<string, string>())], default)).Failure;
        },
        ["jina read"] = async (url, patience) =>
        {
            using var client = TestClients.Jina(patience);
            return (await client.ReadAsync(TestClients.Account("jina", url), "acme.example", default)).Failure;
        },
        ["mistral ask"] = (url, patience) => AskAsync(url, patience, stream: false),
        ["mistral stream"] = (url, patience) => AskAsync(url, patience, stream: true),
    };

    public static TheoryData<string> AllCalls => [.. Calls.Keys];

    public static TheoryData<string, int, string> Statuses
    {
        get
        {
            var data = new TheoryData<string, int, string>();
            foreach (var call in Calls.Keys)
            {
                data.Add(call, 400, nameof(Kind.Invalid));
                data.Add(call, 401, nameof(Kind.Unauthorized));
                data.Add(call, 402, nameof(Kind.QuotaExhausted));
                data.Add(call, 403, nameof(Kind.Unauthorized));
                data.Add(call, 404, nameof(Kind.NotFound));
                data.Add(call, 409, nameof(Kind.Conflict));
                data.Add(call, 422, nameof(Kind.Invalid));
                data.Add(call, 429, nameof(Kind.RateLimited));
                data.Add(call, 302, nameof(Kind.Unavailable));
                foreach (var status in new[] { 500, 502, 503, 504 })
                    data.Add(call, status, call == "instantly write" ? nameof(Kind.UnknownOutcome) : nameof(Kind.Unavailable));
            }

            return data;
        }
    }

    [Theory, MemberData(nameof(Statuses))]
    public async Task A_status_has_its_kind(string call, int status, string kind)
    {
        await using var provider = await ScriptedProvider.AnsweringAsync(status, "");
        var failure = await FailAsync(call, provider.Url);
        failure.ShouldNotBeNull().Kind.ToString().ShouldBe(kind);
        failure.Status.ShouldBe(status);
        failure.RetryAfter.ShouldBeNull();
        provider.Calls.Count.ShouldBe(1, "a client repeats nothing");
    }

    [Theory, MemberData(nameof(AllCalls))]
    public async Task Retry_After_is_passed_on_in_seconds(string call)
    {
        await using var provider = await ScriptedProvider.AnsweringAsync(429, "", "text/plain", ("Retry-After", "17"));
        var failure = (await FailAsync(call, provider.Url)).ShouldNotBeNull();
        failure.Kind.ShouldBe(Kind.RateLimited);
        failure.RetryAfter.ShouldBe(TimeSpan.FromSeconds(17));
    }

    [Fact]
    public async Task Retry_After_may_be_a_date()
    {
        var date = TimeProvider.System.GetUtcNow().AddSeconds(90).ToString("R");
        await using var provider = await ScriptedProvider.AnsweringAsync(429, "", "text/plain", ("Retry-After", date));
        var failure = (await FailAsync("instantly read", provider.Url)).ShouldNotBeNull();
        failure.RetryAfter.ShouldNotBeNull().TotalSeconds.ShouldBeInRange(60, 91);
    }

    public static TheoryData<string, string> UnreadableBodies
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (var call in Calls.Keys)
                foreach (var body in new[] { "", "   ", "<html><body>Welcome</body></html>", "{\"number_of_leads\": 1", "[]", "null", "{}", "7", "{\"results\": 5, \"choices\": {}, \"data\": \"\", \"id\": []}" })
                    data.Add(call, body);
            return data;
        }
    }

    [Theory, MemberData(nameof(UnreadableBodies))]
    public async Task A_good_status_without_its_contract_tells_nothing(string call, string body)
    {
        await using var provider = await ScriptedProvider.AnsweringAsync(200, body, body.StartsWith('<') ? "text/html" : "application/json");
        var failure = (await FailAsync(call, provider.Url)).ShouldNotBeNull();
        failure.Kind.ShouldBe(call == "instantly write" ? Kind.UnknownOutcome : Kind.Unavailable);
    }

    [Theory]
    [InlineData("instantly read", """{"statusCode":402,"error":"Payment Required","message":"No active plan"}""", nameof(Kind.QuotaExhausted))]
    [InlineData("instantly write", """{"statusCode":429,"error":"Too Many Requests","message":"slow down"}""", nameof(Kind.RateLimited))]
    [InlineData("instantly write", """{"error":"Bad Request"}""", nameof(Kind.Invalid))]
    [InlineData("hubspot read", """{"status":"error","message":"expired","category":"EXPIRED_AUTHENTICATION"}""", nameof(Kind.Unauthorized))]
    [InlineData("hubspot upsert", """{"status":"error","message":"You have reached your limit","errorType":"RATE_LIMIT","policyName":"SECONDLY"}""", nameof(Kind.RateLimited))]
    [InlineData("hubspot upsert", """{"status":"error","message":"You have reached your limit","errorType":"RATE_LIMIT","policyName":"DAILY"}""", nameof(Kind.QuotaExhausted))]
    [InlineData("jina read", """{"data":null,"code":402,"name":"InsufficientBalanceError","status":40203,"message":"balance"}""", nameof(Kind.QuotaExhausted))]
    [InlineData("jina read", """{"data":null,"code":451,"status":45101,"message":"refused content"}""", nameof(Kind.Invalid))]
    [InlineData("jina read", """{"data":null,"code":429,"status":42903,"message":"rate"}""", nameof(Kind.RateLimited))]
    [InlineData("mistral ask", """{"object":"error","message":"bad key","type":"invalid_request_error","code":"401"}""", nameof(Kind.Unauthorized))]
    [InlineData("mistral ask", """{"error":{"message":"overloaded","type":"server_error","code":null}}""", nameof(Kind.Unavailable))]
    [InlineData("mistral ask", """{"object":"error","message":"wait","type":"rate_limited_error"}""", nameof(Kind.RateLimited))]
    public async Task An_error_inside_a_good_status_counts_as_what_it_says(string call, string body, string kind)
    {
        await using var provider = await ScriptedProvider.AnsweringAsync(200, body);
        (await FailAsync(call, provider.Url)).ShouldNotBeNull().Kind.ToString().ShouldBe(kind);
    }

    [Theory, MemberData(nameof(AllCalls))]
    public async Task Silence_times_a_read_out_and_leaves_a_write_unknown(string call)
    {
        await using var provider = await ScriptedProvider.SilentAsync();
        var failure = (await Calls[call](provider.Url, Impatient)).ShouldNotBeNull();
        failure.Kind.ShouldBe(call == "instantly write" ? Kind.UnknownOutcome : Kind.TimedOut);
        failure.Status.ShouldBeNull();
    }

    [Theory, MemberData(nameof(AllCalls))]
    public async Task A_reset_makes_a_read_unavailable_and_leaves_a_write_unknown(string call)
    {
        await using var provider = await ScriptedProvider.ResettingAsync();
        var failure = (await FailAsync(call, provider.Url)).ShouldNotBeNull();
        failure.Kind.ShouldBe(call == "instantly write" ? Kind.UnknownOutcome : Kind.Unavailable);
        provider.Calls.Count.ShouldBe(1, "the transport repeats nothing either");
    }

    [Theory, MemberData(nameof(AllCalls))]
    public async Task An_answer_that_breaks_off_is_like_a_reset(string call)
    {
        await using var provider = await ScriptedProvider.StartAsync(async context =>
        {
            context.Response.ContentLength = 1_000;
            await context.Response.WriteAsync("{\"id\":");
            await context.Response.Body.FlushAsync();
            context.Abort();
        });
        var failure = (await FailAsync(call, provider.Url)).ShouldNotBeNull();
        failure.Kind.ShouldBe(call == "instantly write" ? Kind.UnknownOutcome : Kind.Unavailable);
    }

    public static TheoryData<string, string> WrongEncodings
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (var call in Calls.Keys)
                foreach (var encoding in new[] { "gzip", "br", "deflate" }) data.Add(call, encoding);
            return data;
        }
    }

    [Theory, MemberData(nameof(WrongEncodings))]
    public async Task An_answer_that_is_not_encoded_as_it_says_is_like_a_reset(string call, string encoding)
    {
        await using var provider = await ScriptedProvider.AnsweringAsync(200, "<html><body>Welcome to the gateway</body></html>", "text/html", ("Content-Encoding", encoding));
        var failure = (await FailAsync(call, provider.Url)).ShouldNotBeNull();
        failure.Kind.ShouldBe(call == "instantly write" ? Kind.UnknownOutcome : Kind.Unavailable);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("Sat, 01 Jan 2000 00:00:00 GMT")]
    [InlineData("soon")]
    public async Task A_Retry_After_that_is_over_or_no_time_says_nothing(string value)
    {
        await using var provider = await ScriptedProvider.AnsweringAsync(429, "", "text/plain", ("Retry-After", value));
        (await FailAsync("instantly read", provider.Url)).ShouldNotBeNull().RetryAfter.ShouldBeNull();
    }

    [Theory]
    [InlineData("""{"statusCode":"429","error":"Too Many Requests"}""", nameof(Kind.RateLimited))]
    [InlineData("""{"statusCode":402,"message":"No plan for \ud83d"}""", nameof(Kind.QuotaExhausted))]
    public async Task An_error_says_what_it_says_in_odd_forms_too(string body, string kind)
    {
        await using var provider = await ScriptedProvider.AnsweringAsync(200, body);
        (await FailAsync("instantly read", provider.Url)).ShouldNotBeNull().Kind.ToString().ShouldBe(kind);
    }

    [Theory]
    [InlineData("""{"number_of_leads":"17"}""", 17)]
    [InlineData("\ufeff{\"number_of_leads\":17}", 17)]
    public async Task A_number_is_read_from_a_text_and_behind_a_byte_order_mark(string body, long leads)
    {
        await using var provider = await ScriptedProvider.AnsweringAsync(200, body);
        using var client = TestClients.Instantly();
        (await client.CountLeadsAsync(TestClients.Account("instantly", provider.Url), new SearchFilters(), default)).Value.ShouldBe(leads);
    }

    [Fact]
    public async Task Nulls_in_lists_and_halves_of_characters_cost_no_contact()
    {
        const string Body = """{"results":[null,{"id":"1","properties":{"email":"a@b.example","firstname":"Anna \ud83d"}}],"errors":[null]}""";
        await using var provider = await ScriptedProvider.AnsweringAsync(200, Body);
        using var client = TestClients.HubSpot();
        var account = TestClients.Account("hubspot", provider.Url);
        (await client.BatchReadContactsAsync(account, ["a@b.example"], default)).Value.ShouldNotBeNull().ShouldHaveSingleItem().Properties!["firstname"].ShouldBe("Anna \ufffd");
        (await client.BatchUpsertContactsAsync(account, [new("a@b.example", "1", new Dictionary<string, string>())], default)).Value.ShouldNotBeNull().ShouldHaveSingleItem().ContactId.ShouldBe("1");
    }

    [Theory]
    [InlineData("""{"choices":[{"message":{"content":"hello","tool_calls":[null]}}],"created":1764374400000}""")]
    [InlineData("""{"choices":[{"message":{"content":[{"type":"text","text":"hello"},null]}}],"usage":{"prompt_tokens":"3","completion_tokens":"4"}}""")]
    public async Task A_models_answer_is_read_whatever_stands_beside_it(string body)
    {
        await using var provider = await ScriptedProvider.AnsweringAsync(200, body);
        using var http = TestClients.Mistral();
        using var client = new MistralChatClient(http, TestClients.Account("mistral", provider.Url));
        (await client.GetResponseAsync("hello")).Text.ShouldBe("hello");
    }

    [Theory, MemberData(nameof(AllCalls))]
    public async Task Nobody_listening_means_that_nothing_took_effect(string call) =>
        (await FailAsync(call, "http://127.0.0.1:9")).ShouldNotBeNull().Kind.ShouldBe(Kind.Unavailable);

    [Theory, MemberData(nameof(AllCalls))]
    public async Task A_message_names_the_provider_and_holds_neither_secret_nor_address(string call)
    {
        var said = $"key {TestClients.Secret} of anna@acme.example\u001b[2J refused";
        var body = $$"""{"message":"{{said}}","error":"x","readableMessage":"{{said}}","statusCode":400}""".Replace("\u001b", "\\u001b", StringComparison.Ordinal);
        await using var provider = await ScriptedProvider.AnsweringAsync(400, body);
        var message = (await FailAsync(call, provider.Url)).ShouldNotBeNull().Message;
        message.ShouldStartWith(call.Split(' ')[0]);
        message.ShouldContain("refused");
        message.ShouldNotContain(TestClients.Secret);
        message.ShouldNotContain("anna@");
        message.ShouldNotContain("\u001b");
    }

    [Fact]
    public async Task Cancellation_is_no_failure()
    {
        await using var provider = await ScriptedProvider.SilentAsync();
        using var client = TestClients.Instantly();
        using var cancel = new CancellationTokenSource();
        var call = client.CountLeadsAsync(TestClients.Account("instantly", provider.Url), new SearchFilters(), cancel.Token);
        await Eventually.Be(() => !provider.Calls.IsEmpty);
        await cancel.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => call);
    }

    [Fact]
    public async Task Instantlys_402_for_its_rate_is_a_rate()
    {
        await using var provider = await ScriptedProvider.AnsweringAsync(402, """{"statusCode":402,"error":"Payment Required","message":"Rate limit exceeded"}""");
        (await FailAsync("instantly read", provider.Url)).ShouldNotBeNull().Kind.ShouldBe(Kind.RateLimited);
    }

    [Theory]
    [InlineData("TEN_SECONDLY_ROLLING", 10)]
    [InlineData("SECONDLY", 1)]
    public async Task HubSpots_policies_name_the_wait(string policy, int seconds)
    {
        await using var provider = await ScriptedProvider.AnsweringAsync(429, $$"""{"status":"error","message":"limit","errorType":"RATE_LIMIT","policyName":"{{policy}}"}""");
        (await FailAsync("hubspot read", provider.Url)).ShouldNotBeNull().RetryAfter.ShouldBe(TimeSpan.FromSeconds(seconds));
    }

    private static Task<ProviderFailure?> FailAsync(string call, string url) => Calls[call](url, 30);

    private static async Task<ProviderFailure?> AskAsync(string url, double patience, bool stream)
    {
        using var http = TestClients.Mistral(patience);
        using var client = new MistralChatClient(http, TestClients.Account("mistral", url));
        try
        {
            if (stream) await client.GetStreamingResponseAsync("hello").ToChatResponseAsync();
            else await client.GetResponseAsync("hello");
            return null;
        }
        catch (ProviderFailureException failed)
        {
            return failed.Failure;
        }
    }
}
