namespace LeadSens.Engine.Tests.Running;

public sealed class OutageTests
{
    [Fact]
    public async Task An_outage_breaks_the_burst_and_no_box()
    {
        var away = true;
        var engine = new Engine(new Flow().Box("a").Box("b", "Test.Call").Box("c").Connect("a->b b->c"), new RunnerOptions { IsOutage = error => error is TimeoutException })
        {
            Services = { Callback.Of((_, _) => away ? throw new TimeoutException("the database is away") : Call.Ends("Done")) },
        };
        await Should.ThrowAsync<TimeoutException>(() => engine.StartAsync());
        engine.Story.ShouldBeEmpty("nothing of it is written");
        away = false;
        var next = (await engine.Store.SeizeAsync(engine.Id, default)).ShouldNotBeNull();
        (await engine.Runner.RunAsync(next, default)).SubStatus.ShouldBe(WorkflowSubStatus.Finished);
        engine.Path.ShouldBe("a b c");
    }
}
