namespace LeadSens.Engine.Tests.BuiltIn;

public sealed class SetOutputTests
{
    [Theory]
    [InlineData("Int32", "'42'", "42")]
    [InlineData("String", "42", "\"42\"")]
    [InlineData("Object", "({ a: 1 })", "{\"a\":1}")]
    [InlineData("Decimal", "0.5", "0.5")]
    [InlineData("Int32", "null", "null")]
    public async Task A_value_is_brought_into_the_type_that_is_declared(string type, string source, string output) =>
        (await Run(type, "R", source)).Output["R"].GetRawText().ShouldBe(output);

    [Theory]
    [InlineData("Int32", "Ghost", "1", "UnknownOutput", "The workflow declares no output 'Ghost'.")]
    [InlineData("Int32", "", "1", "UnknownOutput", "The workflow declares no output ''.")]
    [InlineData("Int32", "R", "'many'", "WrongType", "The output 'R' takes Int32.")]
    public async Task What_cannot_be_written_is_a_fault_that_names_the_output(string type, string name, string source, string code, string message)
    {
        var fault = (await Run(type, name, source)).Incidents.ShouldHaveSingleItem().Fault;
        (fault.Type, fault.Message).ShouldBe((code, message));
    }

    [Fact]
    public async Task The_last_value_stays_also_over_a_wait()
    {
        var flow = new Flow().Output("R", "String").Box("o1", "Elsa.SetOutput", ("outputName", Flow.Literal("R")), ("outputValue", Flow.Literal("first"))).Box("wait", "Test.Pause")
            .Box("o2", "Elsa.SetOutput", ("outputName", Flow.Literal("R")), ("outputValue", Flow.Literal("second"))).Connect("o1->wait wait->o2");
        var engine = new Engine(flow);
        (await engine.StartAsync()).Output["R"].GetString().ShouldBe("first");
        (await engine.ResumeAsync("go")).Output["R"].GetString().ShouldBe("second");
    }

    private static Task<RunResult> Run(string type, string name, string source) =>
        new Engine(new Flow().Output("R", type).Box("o", "Elsa.SetOutput", ("outputName", Flow.Literal(name)), ("outputValue", Flow.Js(source)))).StartAsync();
}
