using System.Text.Json;

namespace LeadSens.Engine.BuiltIn;

/// <summary>A workflow that is used as a box: runs inside the same instance, with inputs, outputs and variables of its own.</summary>
internal sealed class WorkflowActivity(JsonElement definition) : Container
{
    private readonly Dictionary<string, (Input<object> Input, Variable Variable)> _inputs = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (Output<object> Output, Variable Variable)> _outputs = new(StringComparer.Ordinal);
    private Dictionary<string, Activity> _boxes = [];
    private Activity? _root;

    public IReadOnlyList<WorkflowArgument> DeclaredInputs { get; } = DefinitionReader.Arguments(definition, "inputs");

    public IReadOnlyList<WorkflowArgument> DeclaredOutputs { get; } = DefinitionReader.Arguments(definition, "outputs");

    internal override IEnumerable<Variable> OwnVariables => _inputs.Values.Select(input => input.Variable).Concat(_outputs.Values.Select(output => output.Variable));

    internal override IEnumerable<Activity> Children => _root is null ? [] : [_root];

    /// <summary>The workflow in which a box stands; null in the outermost.</summary>
    public static WorkflowActivity? Around(Activity box)
    {
        var around = box.Parent;
        while (around is not (null or WorkflowActivity)) around = around.Parent;
        return (WorkflowActivity?)around;
    }

    public Variable? InputVariable(string name) => _inputs.TryGetValue(name, out var found) ? found.Variable : null;

    public Variable OutputVariable(string name) => _outputs[name].Variable;

    /// <summary>The box of this workflow with this id or name; null when there is none.</summary>
    public Activity? Find(string idOrName) => _boxes.GetValueOrDefault(idOrName);

    /// <summary>What the workflow declares is for its boxes, so this box itself, which stands outside, does not see it.</summary>
    internal override void Read(ActivityReader reader)
    {
        var reading = reader.Reading;
        ReadArguments(reader);
        Variables = [.. VariableReader.Read(definition, this, reading.Errors).Select(variable => variable with { IsPerChild = true })];
        var id = definition.Text("definitionId");
        for (var outer = reading; outer is not null; outer = outer.Outer)
        {
            if (outer.DefinitionId != id) continue;
            reader.Error("type", $"The {Title} is a workflow that uses itself.");
            return;
        }

        var inside = reading with { Inputs = DeclaredInputs, Outputs = DeclaredOutputs, Outer = reading, DefinitionId = id, Ids = new(StringComparer.Ordinal) };
        var first = reading.Activities.Count;
        _root = ActivityReader.ReadActivity(definition.Object("root")!.Value, this, inside);
        var boxes = reading.Activities.Skip(first).Where(box => Around(box) == this).ToList();
        _boxes = boxes.DistinctBy(box => box.Id).ToDictionary(box => box.Id, StringComparer.Ordinal);
        foreach (var box in boxes.Where(box => box.Name is not null)) _boxes.TryAdd(box.Name!, box);
    }

    internal override IReadOnlyList<string>? Begin(Burst burst, Execution self)
    {
        burst.Context.Evaluate();
        self.Variables = [];
        foreach (var (name, (input, variable)) in _inputs)
        {
            var given = burst.Context.Get(input);
            if (!variable.Kind.TryConvert(given, out var value)) throw new ExpressionException($"The input '{name}' of {Title} takes {variable.Kind.Name}, not {Scope.Describe(given)}.");
            self.Variables[variable] = value;
        }

        if (_root is null) return DoneOutcome;
        burst.Schedule(_root, self);
        return null;
    }

    internal override IReadOnlyList<string>? ChildEnded(Burst burst, Execution self, Activity child, IReadOnlyList<string> outcomes)
    {
        foreach (var (output, variable) in _outputs.Values)
        {
            if (self.Variables!.TryGetValue(variable, out var value)) burst.Context.Set(output, value!);
        }

        var ended = burst.Context.CompositeOutcomes ?? DoneOutcome;
        burst.Context.CompositeOutcomes = null;
        return ended;
    }

    private void ReadArguments(ActivityReader reader)
    {
        var evaluated = new List<Input>();
        foreach (var declared in DeclaredInputs)
        {
            var input = new Input<object> { Name = declared.Name };
            _inputs[declared.Name] = (input, new Variable($"@in:{declared.Name}", $"@in:{declared.Name}", declared.Kind, null, this));
            if (reader.Json.Property(Camel(declared.Name)) is { } given) reader.ReadInput(input, Camel(declared.Name), given, evaluated);
        }

        Evaluated = evaluated;
        foreach (var declared in DeclaredOutputs)
        {
            var output = new Output<object> { Name = declared.Name };
            _outputs[declared.Name] = (output, new Variable($"@out:{declared.Name}", $"@out:{declared.Name}", declared.Kind, null, this));
            reader.ReadOutput(output, Camel(declared.Name));
        }
    }

    private static string Camel(string name) => JsonNamingPolicy.CamelCase.ConvertName(name);
}
