using System.Text.Json;
using LeadSens.Engine.Tests.Values;

namespace LeadSens.Engine.Tests.Running;

/// <summary>The law of values: a value is the same whether it went through the store or not.</summary>
public sealed class StoredValueTests
{
    private static readonly string[] Types = ["String", "Boolean", "Int32", "Int64", "Double", "Single", "Decimal", "Guid", "DateTimeOffset", "DateTime", "TimeSpan", "Object", "Object[]", "JsonObject"];

    [Fact]
    public void Every_value_of_every_type_reads_back_as_it_was()
    {
        var flow = new Flow().Box("a");
        foreach (var type in Types) flow.Variable(type, type);
        var definition = flow.Build();
        var random = new Random(26);
        for (var round = 0; round < 500; round++)
        {
            var state = new InstanceState { LastResult = RandomValues.Any(random), Name = RandomValues.Text(random), CorrelationId = RandomValues.Text(random) };
            foreach (var variable in definition.Variables)
            {
                if (variable.Kind.TryConvert(RandomValues.Any(random), out var value)) state.Variables[variable] = value;
            }

            state.Input["In"] = RandomValues.Any(random);
            state.Outputs["a"] = new Dictionary<string, object?> { ["One"] = RandomValues.Any(random), ["Two"] = RandomValues.Any(random) };
            var read = StateReader.Read(StateWriter.Write(state), definition);
            foreach (var (variable, value) in state.Variables) Same(read.Variables[variable], value, variable.Name);
            Same(read.LastResult, state.LastResult, "last");
            Same(read.Input["In"], state.Input["In"], "input");
            Same(read.Outputs["a"]["Two"], state.Outputs["a"]["Two"], "output");
            (read.Name, read.CorrelationId).ShouldBe((state.Name, state.CorrelationId));
        }
    }

    [Fact]
    public async Task A_text_that_a_json_variable_holds_survives_a_wait()
    {
        var flow = new Flow().Variable("v", "JsonObject").Output("R").Box("set", "Elsa.SetVariable", ("variable", "v"), ("value", Flow.Literal("\"quoted\""))).Box("wait", "Test.Pause")
            .Box("o", "Elsa.SetOutput", ("outputName", Flow.Literal("R")), ("outputValue", Flow.Read("v"))).Connect("set->wait wait->o");
        var engine = new Engine(flow);
        await engine.StartAsync();
        (await engine.ResumeAsync("go")).Output["R"].GetString().ShouldBe("quoted");
    }

    private static void Same(object? read, object? value, string what)
    {
        if (value is JsonElement element) JsonElement.DeepEquals(read.ShouldBeOfType<JsonElement>(what), element).ShouldBeTrue(what);
        else read.ShouldBe(value, what);
    }
}
