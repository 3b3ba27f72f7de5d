namespace LeadSens.Server.Tests.Support;

/// <summary>What the stages that ask a language model do, beyond <see cref="StageFaults"/>, with an answer outside its schema.</summary>
public abstract class ModelStageFaults(StageApp stage) : StageFaults(stage)
{
    [Theory]
    [InlineData("brokenJson")]
    [InlineData("badSchema")]
    public async Task An_answer_outside_its_schema_is_repaired_once(string variant)
    {
        var campaign = await ArrangeAsync();
        await Sandbox.FaultsAsync(Target.With(new("malformed", variant), times: 1));

        await EndsWellAsync(campaign, await OpenAsync(campaign));

        (await CallsAsync()).ShouldBe(Calls + 1);
        (await Target.CallsAsync(Sandbox)).Count(call => call.Body.Contains("This answer was refused", StringComparison.Ordinal)).ShouldBe(1);
    }

    [Theory]
    [InlineData("brokenJson")]
    [InlineData("badSchema")]
    public async Task A_model_that_never_follows_the_schema_fails_its_lead_after_one_repair(string variant)
    {
        var campaign = await ArrangeAsync();
        await Sandbox.FaultsAsync(Target.With(new("malformed", variant), times: null));

        var batch = await OpenAsync(campaign);

        (await App.EndBatchAsync(batch)).ShouldBe("3 2 0 1 0");
        (await CallsAsync()).ShouldBe(2);
        (await StateAsync(campaign)).ShouldNotBeNull().ShouldContain("was refused twice");
        (await StateAsync(campaign)).ShouldNotBeNull().ShouldNotContain("excellent", Case.Insensitive, "the model's words are nobody's reason");
        (await Db.ScalarAsync<string>("select failure_kind from jobs where batch_id = $1 and state = 'Failed'", batch)).ShouldBe("Invalid");
    }
}
