using LeadSens.Engine.BuiltIn;

namespace LeadSens.Engine.Tests;

public sealed class ActivityRegistryTests
{
    [Fact]
    public void Descriptors_tell_the_palette_what_it_shows()
    {
        var descriptor = Engine.Registry.Find("Elsa.FlowJoin").ShouldNotBeNull();
        (descriptor.Category, descriptor.DisplayName, descriptor.Kind).ShouldBe(("Branching", "Flow Join", ActivityKind.Action));
        var mode = descriptor.Inputs.ShouldHaveSingleItem();
        (mode.Name, mode.TypeName, mode.UiHint, mode.IsWrapped).ShouldBe(("Mode", "String", "dropdown", true));
        mode.Options.ShouldBe(["WaitAny", "WaitAll", "WaitAllActive"]);
        Engine.Registry.Find("Elsa.If")!.EmbeddedPorts.ShouldBe(["Then", "Else"]);
        Engine.Registry.Find("Elsa.FlowSwitch")!.Inputs[0].IsWrapped.ShouldBeFalse();
        Engine.Registry.Find("Elsa.End")!.IsTerminal.ShouldBeTrue();
        Engine.Registry.Find("Test.Rounds")!.Inputs.Select(input => (input.TypeName, input.DefaultValue)).ShouldContain(("Int32", (object)2));
        Engine.Registry.Find("Nobody.Knows").ShouldBeNull();
        Should.Throw<ArgumentException>(() => new ActivityRegistry().Register<WriteLine>());
    }

    [Theory]
    [InlineData("Elsa.WriteLine", "Elsa.WriteLine")]
    [InlineData("WriteLine", "Elsa.WriteLine")]
    [InlineData("Elsa.Workflows.Activities.WriteLine", "Elsa.WriteLine")]
    [InlineData("Elsa.Workflows.Activities.WriteLine, Elsa.Workflows.Core", "Elsa.WriteLine")]
    [InlineData("Test.Step", "Test.Step")]
    [InlineData("Step", null)]
    [InlineData("Vendor.WriteLine", null)]
    [InlineData("elsa.writeline", null)]
    [InlineData("", null)]
    public void A_type_is_found_by_its_name_and_by_the_names_it_once_had(string name, string? found) => (Engine.Registry.Find(name)?.TypeName).ShouldBe(found);

    [Theory]
    [InlineData("Elsa.Flowchart")]
    [InlineData("Elsa.Sequence")]
    [InlineData("Elsa.If")]
    [InlineData("Elsa.FlowDecision")]
    [InlineData("Elsa.FlowSwitch")]
    [InlineData("Elsa.FlowJoin")]
    [InlineData("Elsa.SetVariable")]
    [InlineData("Elsa.SetOutput")]
    [InlineData("Elsa.SetName")]
    [InlineData("Elsa.Correlate")]
    [InlineData("Elsa.WriteLine")]
    [InlineData("Elsa.Event")]
    [InlineData("Elsa.Fault")]
    [InlineData("Elsa.Start")]
    [InlineData("Elsa.End")]
    [InlineData("Elsa.Finish")]
    [InlineData("Elsa.Complete")]
    public void Every_built_in_says_what_it_does(string type)
    {
        var descriptor = new ActivityRegistry().Find(type).ShouldNotBeNull();
        descriptor.Description.ShouldNotBeNullOrWhiteSpace();
        descriptor.Inputs.ShouldAllBe(input => !string.IsNullOrWhiteSpace(input.Description));
        descriptor.Outputs.ShouldAllBe(output => !string.IsNullOrWhiteSpace(output.Description));
    }

    [Fact]
    public void Names_in_the_palette_are_unique()
    {
        var all = new ActivityRegistry().Descriptors.Where(descriptor => descriptor.IsBrowsable).ToList();
        all.Select(descriptor => descriptor.DisplayName).ShouldBeUnique();
        all.ShouldAllBe(descriptor => descriptor.TypeName == $"{descriptor.Namespace}.{descriptor.Name}");
    }

    [Fact]
    public void An_attribute_says_more_than_the_class()
    {
        var descriptor = new ActivityRegistry().Register<Described>().Find("Vendor.Odd").ShouldNotBeNull();
        (descriptor.Version, descriptor.Category, descriptor.DisplayName, descriptor.Kind).ShouldBe((3, "Sending", "Odd one", ActivityKind.Job));
        descriptor.Inputs.Select(input => (input.Name, input.DisplayName, input.UiHint, input.DefaultSyntax, input.Category, input.DefaultValue)).ShouldBe(
        [
            ("ICPText", "ICPText", "singleline", "Literal", null, "x"),
            ("SendAt", "When", "multiline", "JavaScript", "Time", null),
        ]);
        descriptor.Inputs[1].Options.ShouldBe(["now", "later"]);
        descriptor.Outputs.Select(output => (output.Name, output.TypeName, output.DisplayName)).ShouldBe([("SentCount", "Int32", "Sent Count"), ("Rest", "ICollection<String>", "What is left")]);
    }

    [Fact]
    public void A_class_that_is_not_described_is_refused_with_its_name() =>
        Should.Throw<ArgumentException>(() => new ActivityRegistry().Register<Nameless>()).Message.ShouldBe("Nameless has no [Activity].");

    [Activity("Vendor", Name = "Odd", Version = 3, Category = "Sending", DisplayName = "Odd one", Kind = ActivityKind.Job)]
    private sealed class Described : Plain
    {
        [Input(DisplayName = "When", UiHint = "multiline", DefaultSyntax = "JavaScript", Category = "Time", Options = ["now", "later"], Order = 2)]
        public Input<string> SendAt { get; } = new();

        public Input<string> ICPText { get; } = new("x");

        [Output(DisplayName = "What is left", Order = 1)]
        public Output<List<string>> Rest { get; } = new();

        public Output<int> SentCount { get; } = new();
    }

    private sealed class Nameless : Plain;

    private abstract class Plain : Activity
    {
        public override ValueTask<ActivityResult> ExecuteAsync(ActivityContext context) => ValueTask.FromResult(Done);
    }
}
