using LeadSens.Server.Ai;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace LeadSens.Server.Tests.Ai;

public sealed class ModelPricesTests
{
    private static readonly ModelPrices Prices = new(Options.Create(ModelTest.Defaults()));

    [Fact]
    public void A_call_costs_what_the_model_that_answered_costs() =>
        Prices.Cost("mistral-large-latest", "mistral-small-2603", 1_000_000, 1_000_000).ShouldBe(0.75m);

    [Fact]
    public void An_unknown_answerer_costs_what_was_asked() =>
        Prices.Cost("mistral-large-latest", "mistral-large-2701", 2_000_000, 0).ShouldBe(1m);

    [Fact]
    public void An_unknown_model_costs_like_the_dearest() =>
        Prices.Cost("someone-elses-model", null, 1_000_000, 0).ShouldBe(1.5m);

    [Fact]
    public void The_most_that_a_call_costs_counts_every_byte_as_a_token() =>
        Prices.MostFor("draft", 1_000_000, 1_000_000).ShouldBe(Prices.Cost("mistral-large-latest", null, 1_000_000, 1_000_000));

    [Fact]
    public void Models_and_prices_are_settings()
    {
        var options = ModelTest.Defaults();
        new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Ai:Purposes:score:Model"] = "llama3.2",
            ["Ai:Prices:llama3.2:InputPerMillion"] = "0",
        }).Build().GetSection(AiOptions.Section).Bind(options);
        options.For("score").Model.ShouldBe("llama3.2");
        options.For("draft").Model.ShouldBe("mistral-large-latest");
        new ModelPrices(Options.Create(options)).Cost("llama3.2", null, 1_000, 1_000).ShouldBe(0);
        options.Validate().ShouldBeEmpty();
        options.Purposes["score"].Temperature = 9;
        options.Validate().ShouldHaveSingleItem().ShouldStartWith("Ai__Purposes__score: ");
    }
}
