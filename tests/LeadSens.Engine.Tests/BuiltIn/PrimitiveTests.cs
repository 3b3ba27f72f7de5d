using System.Text.Json;

namespace LeadSens.Engine.Tests.BuiltIn;

/// <summary>WriteLine, SetName, Correlate and Fault.</summary>
public sealed class PrimitiveTests
{
    [Fact]
    public async Task Lines_go_to_the_console_and_the_journal()
    {
        using var console = new StringWriter();
        var engine = new Engine(new Flow().Box("w", "Elsa.WriteLine", ("text", Flow.Literal("hello"))), new RunnerOptions { Console = console });
        await engine.StartAsync();
        console.ToString().ShouldBe("hello" + Environment.NewLine);
        engine.Store.Journal(engine.Id).Single(entry => entry is { ActivityId: "w", EventName: "Completed" }).Payload.ShouldBe("""{"notes":{"text":"hello"}}""");
    }

    [Fact]
    public async Task Names_and_correlation_ids_are_set()
    {
        var engine = new Engine(new Flow().Box("c", "Elsa.Correlate", ("correlationId", Flow.Literal("order-7"))).Box("n", "Elsa.SetName", ("value", Flow.Js("'Run of ' + getCorrelationId()"))).Connect("c->n"));
        await engine.StartAsync();
        var state = JsonElement.Parse((await engine.Store.SeizeAsync(engine.Id, default))!.State);
        state.GetProperty("name").GetString().ShouldBe("Run of order-7");
    }

    [Theory]
    [InlineData("'\\ud83d'")]
    [InlineData("getInput('Picture')[0]")]
    [InlineData("(function () { return '\\ud83d'; })()")]
    public async Task Half_of_a_character_is_none_anywhere(string half)
    {
        var engine = new Engine(new Flow().Input("Picture").Box("c", "Elsa.Correlate", ("correlationId", Flow.Js(half))).Box("n", "Elsa.SetName", ("value", Flow.Js($"`${{getCorrelationId()}}, ${{{half}}}`"))).Box("call", "Test.Call").Connect("c->n n->call"));
        var seen = "";
        engine.Services.Add(Callback.Of((context, _) =>
        {
            seen = context.CorrelationId;
            return Call.Ends("Done");
        }));
        await engine.StartAsync(new() { ["Picture"] = "\ud83d\ude00" });
        seen.ShouldBe("\ufffd", "as it is when it went through the store");
        (await engine.StateAsync()).GetProperty("correlation").GetString().ShouldBe("\ufffd");
    }

    [Theory]
    [InlineData("Elsa.Correlate", "correlationId")]
    [InlineData("Elsa.Event", "eventName")]
    [InlineData("Elsa.PublishEvent", "eventName")]
    [InlineData("Elsa.RunJavaScript", "script")]
    public async Task What_nobody_could_find_again_faults_its_box(string type, string input)
    {
        var text = new string('x', KeyLength.Longest + 1);
        var engine = new Engine(new Flow().Box("b", type, (input, Flow.Literal(type == "Elsa.RunJavaScript" ? $"setCorrelationId('{text}')" : text))));
        (await engine.StartAsync()).Incidents.ShouldHaveSingleItem().Fault.Message.ShouldEndWith("has at most 600 characters.");
    }

    [Theory]
    [InlineData("'n = ' + 7", "n = 7")]
    [InlineData("7", "7")]
    [InlineData("true", "true")]
    [InlineData("({ a: 1 })", "{\"a\":1}")]
    [InlineData("null", "")]
    public async Task A_line_is_the_text_of_any_value(string source, string line)
    {
        using var console = new StringWriter();
        await new Engine(new Flow().Box("w", "Elsa.WriteLine", ("text", Flow.Js(source))), new RunnerOptions { Console = console }).StartAsync();
        console.ToString().ShouldBe(line + Environment.NewLine);
    }

    [Fact]
    public async Task A_new_correlation_id_is_what_later_boxes_and_the_end_see()
    {
        var ended = new List<string?>();
        var engine = new Engine(new Flow().Box("c", "Elsa.Correlate", ("correlationId", Flow.Literal("order-7"))).Box("call", "Test.Call").Connect("c->call"),
            new RunnerOptions { OnEnded = instance => { ended.Add(instance.CorrelationId); return null; } });
        engine.Services.Add(Callback.Of((context, _) =>
        {
            ended.Add(context.CorrelationId);
            return Call.Ends("Done");
        }));
        await engine.StartAsync();
        ended.ShouldBe(["order-7", "order-7"]);
    }

    [Theory]
    [InlineData("Elsa.SetName", "value", "name")]
    [InlineData("Elsa.Correlate", "correlationId", "correlation")]
    public async Task A_name_or_correlation_id_can_be_taken_away(string type, string input, string kept)
    {
        var engine = new Engine(new Flow().Box("x", type, (input, Flow.Js("null"))));
        await engine.Runner.StartAsync(new StartRequest(engine.Id, engine.Tenant, "test-1", "c") { Name = "n" }, default);
        (await engine.StateAsync()).TryGetProperty(kept, out _).ShouldBeFalse();
    }

    [Theory]
    [InlineData("C1", "boom", "C1", "boom")]
    [InlineData(null, "boom", "Fault", "boom")]
    [InlineData("", null, "Fault", "")]
    public async Task A_fault_carries_its_code_and_message(string? code, string? message, string type, string text)
    {
        var run = await new Engine(new Flow().Box("f", "Elsa.Fault", ("code", Flow.Literal(code)), ("message", Flow.Literal(message)))).StartAsync();
        var fault = run.Incidents.ShouldHaveSingleItem().Fault;
        (fault.Type, fault.Message, fault.StackTrace).ShouldBe((type, text, null));
    }

    [Fact]
    public void A_fault_has_no_way_on() =>
        new Flow().Box("f", "Elsa.Fault").Box("a").Connect("f.Never->a").Read().Errors.ShouldHaveSingleItem().Message.ShouldBe("A connection leaves box 'f' by the port 'Never', which it does not have ().");
}
