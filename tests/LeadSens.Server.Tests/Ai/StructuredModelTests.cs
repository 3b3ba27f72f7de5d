using System.Text.Json;
using LeadSens.Server.Tests.Support;
using Microsoft.AspNetCore.Http;

namespace LeadSens.Server.Tests.Ai;

public sealed class StructuredModelTests : ModelTest
{
    [Fact]
    public async Task An_answer_that_follows_its_schema_is_a_record()
    {
        await using var mistral = await AnsweringAsync("""{"score":7,"reason":"Title fits"}""");
        (await AskAsync(mistral.Url)).Value.ShouldBe(new(7, "Title fits"));
        mistral.Calls.Count.ShouldBe(1);
    }

    [Theory]
    [InlineData("Sure! Here you are.")]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{\"score\":7")]
    [InlineData("""{"score":7}""")]
    [InlineData("""{"score":11,"reason":null}""")]
    [InlineData("""{"score":"7","reason":null}""")]
    [InlineData("""{"score":7.5,"reason":null}""")]
    [InlineData("""{"score":7,"reason":null,"note":"x"}""")]
    [InlineData("""{"score":7,"reason":"This sentence is quite a bit longer than forty characters."}""")]
    [InlineData("{\"score\":7,\"reason\":\"cut…")]
    [InlineData("""{"score":7,"reason":"zero \u0000 character"}""")]
    [InlineData("""{"score":7,"reason":"half a picture \ud83d"}""")]
    public async Task A_broken_answer_is_repaired_once(string broken)
    {
        await using var mistral = await AnsweringAsync(broken, """{"score":3,"reason":null}""");
        (await AskAsync(mistral.Url)).Value.ShouldBe(new(3, null));
        mistral.Calls.Count.ShouldBe(2);
    }

    [Fact]
    public async Task The_repair_tells_the_model_what_was_wrong()
    {
        await using var mistral = await AnsweringAsync("""{"score":11,"reason":null}""", """{"score":10,"reason":null}""");
        await AskAsync(mistral.Url);
        using var repair = JsonDocument.Parse(mistral.Calls.Last().Body);
        var messages = repair.RootElement.GetProperty("messages");
        messages.GetArrayLength().ShouldBe(4);
        messages[2].GetProperty("content").GetString().ShouldBe("""{"score":11,"reason":null}""");
        messages[3].GetProperty("content").GetString().ShouldNotBeNull().ShouldContain("$.score must be from 1 to 10");
    }

    [Fact]
    public async Task A_second_broken_answer_is_a_failure_that_says_why()
    {
        await using var mistral = await AnsweringAsync("""{"score":0,"reason":"secret words"}""");
        var failure = (await AskAsync(mistral.Url)).Failure.ShouldNotBeNull();
        failure.Kind.ShouldBe(ProviderFailureKind.Invalid);
        failure.Message.ShouldContain("$.score must be from 1 to 10");
        failure.Message.ShouldNotContain("secret words");
        mistral.Calls.Count.ShouldBe(2);
    }

    [Fact]
    public async Task The_callers_own_check_counts_like_the_schema()
    {
        await using var mistral = await AnsweringAsync("""{"score":2,"reason":null}""", """{"score":9,"reason":null}""");
        (await AskAsync(mistral.Url, verdict => verdict.Score < 5 ? "the score is too low" : null)).Value.ShouldNotBeNull().Score.ShouldBe(9);
        mistral.Calls.Last().Body.ShouldContain("the score is too low");
    }

    [Fact]
    public async Task A_providers_failure_is_passed_on_without_a_second_call()
    {
        await using var mistral = await ScriptedProvider.AnsweringAsync(429, """{"message":"slow down"}""", "application/json", ("Retry-After", "3"));
        var failure = (await AskAsync(mistral.Url)).Failure.ShouldNotBeNull();
        failure.Kind.ShouldBe(ProviderFailureKind.RateLimited);
        failure.RetryAfter.ShouldBe(TimeSpan.FromSeconds(3));
        mistral.Calls.Count.ShouldBe(1);
    }

    [Theory]
    [InlineData("")]
    [InlineData(", \"usage\": {}")]
    [InlineData(", \"usage\": { \"prompt_tokens\": 9000, \"completion_tokens\": -900 }")]
    [InlineData(", \"usage\": { \"prompt_tokens\": -9000, \"completion_tokens\": 900 }")]
    public async Task An_answer_that_does_not_say_what_it_took_costs_the_most_that_it_can_have(string usage)
    {
        await using var provider = await ScriptedProvider.StartAsync(context => context.Response.WriteAsync(
            """{ "id": "cmpl-1", "object": "chat.completion", "model": "mistral-small-2603", "choices": [{ "index": 0, "finish_reason": "stop", "message": { "role": "assistant", "content": "{\"score\":7,\"reason\":null}" } }]""" + usage + "}"));

        (await AskAsync(provider.Url)).Succeeded.ShouldBeTrue();
        await Events.FlushAsync(CancellationToken.None);

        // More bytes than the frame alone has, and all 200 tokens that were allowed.
        (await Db.ScalarAsync<decimal>("select cost_usd from ai_events where tokens_in > 500 and tokens_out = 200")).ShouldBeGreaterThan(0.00019m);
    }

    [Fact]
    public async Task Every_call_is_stored_and_raises_the_campaigns_cost()
    {
        var campaign = await NewCampaignAsync();
        await using var mistral = await AnsweringAsync("broken", """{"score":3,"reason":null}""");
        await AskAsync(mistral.Url, campaign: campaign);
        await Events.FlushAsync(default);

        (await Db.ListAsync<string>("select outcome || ' ' || purpose || ' ' || model || ' ' || prompt_version || ' ' || tokens_in || ' ' || tokens_out from ai_events order by id"))
            .ShouldBe(["broken score mistral-small-2603 score.v1 1000 100", "ok score mistral-small-2603 score.v1 1000 100"], ignoreOrder: true);
        // 2 × (1,000 × 0.15 + 100 × 0.60) / 1,000,000
        (await Db.ScalarAsync<decimal>("select cost_usd from campaigns where id = $1", campaign)).ShouldBe(0.00042m);
        (await Db.ScalarAsync<long>("select ai_calls from campaigns where id = $1", campaign)).ShouldBe(2);
    }

    [Fact]
    public async Task A_failed_call_is_stored_with_its_kind()
    {
        await using var mistral = await ScriptedProvider.AnsweringAsync(503, "");
        await AskAsync(mistral.Url);
        await Events.FlushAsync(default);
        (await Db.ListAsync<string>("select outcome || ' ' || model || ' ' || cost_usd::double precision from ai_events")).ShouldBe(["Unavailable mistral-small-latest 0"]);
    }
}
