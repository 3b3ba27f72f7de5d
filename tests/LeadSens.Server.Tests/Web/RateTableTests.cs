using LeadSens.Server.Tests.Support;
using LeadSens.Server.Web;

namespace LeadSens.Server.Tests.Web;

public sealed class RateTableTests
{
    private readonly SteppedTime time = new();

    [Fact]
    public void A_burst_is_let_through_and_then_as_many_as_the_minute_allows()
    {
        var table = Table(burst: 3, perMinute: 6);

        for (var call = 0; call < 3; call++) table.Refusal("a").ShouldBeNull();
        table.Refusal("a")!.Value.TotalSeconds.ShouldBe(10, 0.001);
        time.Step(TimeSpan.FromSeconds(10));
        table.Refusal("a").ShouldBeNull();
        table.Refusal("a").ShouldNotBeNull();
    }

    [Fact]
    public void One_key_uses_up_nothing_of_another_and_a_refusal_costs_nothing()
    {
        var table = Table(burst: 1, perMinute: 1);
        table.Refusal("a").ShouldBeNull();
        for (var call = 0; call < 1_000; call++) table.Refusal("a").ShouldNotBeNull();

        table.Refusal("b").ShouldBeNull();
        time.Step(TimeSpan.FromMinutes(1));
        table.Refusal("a").ShouldBeNull();
    }

    [Fact]
    public void A_flood_of_keys_is_forgotten_and_who_keeps_calling_is_not()
    {
        var table = Table(burst: 2, perMinute: 1, remembered: 1_000);
        table.Refusal("steady");
        for (var key = 0; key < 100_000; key++)
        {
            if (key % 300 == 0) table.Refusal("steady");
            table.Refusal($"flood {key}").ShouldBeNull();
        }

        table.Count.ShouldBeLessThanOrEqualTo(1_000);
        table.Refusal("steady").ShouldNotBeNull();
    }

    private RateTable<string> Table(int burst, int perMinute, int remembered = 100) => new(new() { Burst = burst, PerMinute = perMinute }, remembered, time);
}
