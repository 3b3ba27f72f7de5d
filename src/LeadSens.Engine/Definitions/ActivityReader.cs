using System.Reflection;
using System.Text.Json;
using LeadSens.Engine.BuiltIn;

namespace LeadSens.Engine;

/// <summary>Reads one box of a definition: its type, inputs, outputs and what the type itself reads.</summary>
internal sealed class ActivityReader(JsonElement json, Activity activity, Reading reading)
{
    public JsonElement Json => json;

    public Reading Reading => reading;

    /// <summary>Reads a box and everything inside it.</summary>
    public static Activity ReadActivity(JsonElement json, Container? parent, Reading reading)
    {
        var typeName = json.Text("type") ?? "";
        if (typeName == "Elsa.NotFoundActivity" && Original(json) is { } original) return ReadActivity(original, parent, reading);
        var descriptor = reading.Registry.Find(typeName, json.Text("workflowDefinitionVersionId"));
        var activity = descriptor?.Create() ?? new UnknownActivity { Json = json.Clone() };
        activity.Descriptor = descriptor ?? UnknownActivity.Describe(typeName);
        activity.Id = json.Text("id") ?? "";
        activity.Name = json.Text("name");
        activity.Parent = parent;
        activity.NodeId = $"{(parent is WorkflowActivity ? $"{parent.NodeId}:Workflow1" : parent?.NodeId ?? "Workflow1")}:{activity.Id}";
        activity.StateId = reading.Outer is null ? activity.Id : activity.NodeId;
        var custom = json.Object("customProperties") ?? default;
        activity.CanStart = custom.Flag("canStartWorkflow");
        activity.MergeMode = Value.TryTo<MergeMode>(Value.From(custom.Property("mergeMode") ?? default), out var merge) ? merge : MergeMode.None;
        var reader = new ActivityReader(json, activity, reading);
        reading.Activities.Add(activity);
        if (activity.Id.Length == 0) reader.Error("id", "A box has no id.");
        else if (!reading.Ids.Add(activity.Id)) reader.Error("id", $"Two boxes have the id '{activity.Id}'.");
        if (descriptor is null) reader.Error("type", $"The {activity.Title} has the unknown type '{typeName}'.");
        if (activity is Container container) container.Variables = VariableReader.Read(json, container, reading.Errors);
        reader.ReadInputs();
        reader.ReadOutputs();
        activity.Read(reader);
        return activity;
    }

    /// <summary>What Elsa keeps of a box whose type it did not know.</summary>
    private static JsonElement? Original(JsonElement json) =>
        json.Text("originalActivityJson") is { } text && ValueKind.Json.TryConvert(text, out var parsed) && parsed is JsonElement { ValueKind: JsonValueKind.Object } original ? original : null;

    /// <summary>The boxes of an array property.</summary>
    public IReadOnlyList<Activity> ReadChildren(string name)
    {
        var children = new List<Activity>();
        var position = 0;
        foreach (var item in ReadList(name))
        {
            if (item.ValueKind == JsonValueKind.Object) children.Add(ReadInner(item));
            else Error($"{name}[{position}]", $"What stands at {name}[{position}] of {activity.Title} is no box.");
            position++;
        }

        return children;
    }

    /// <summary>The items of an array property.</summary>
    public IEnumerable<JsonElement> ReadList(string name)
    {
        if (json.Property(name) is { ValueKind: not (JsonValueKind.Array or JsonValueKind.Null) }) Error(name, $"The {name} of {activity.Title} are no list.");
        return json.Items(name);
    }

    /// <summary>The box in an embedded port.</summary>
    public Activity? ReadChild(string name)
    {
        if (json.Object(name) is { } child) return ReadInner(child);
        if (json.Property(name) is { ValueKind: not JsonValueKind.Null }) Error(name, $"What stands in the port '{name}' of {activity.Title} is no box.");
        return null;
    }

    /// <summary>A box inside this one.</summary>
    public Activity ReadInner(JsonElement child) => ReadActivity(child, (Container)activity, reading);

    public void Error(string path, string message) => reading.Errors.Add(new DefinitionError(activity.Id, path, message));

    /// <summary>The variable of this name or id in the scope of the box; null when there is none.</summary>
    public Variable? FindVariable(string name) => WorkflowDefinition.FindVariable(name, activity, reading.Variables);

    /// <summary>Reads an expression <c>{type, value}</c>. Null after an error was noted.</summary>
    public Expression? ReadExpression(JsonElement expression, string path) => ExpressionReader.Read(expression, path, activity, this);

    private void ReadInputs()
    {
        var evaluated = new List<Input>();
        foreach (var property in activity.Descriptor.InputProperties)
        {
            var input = (Input)property.GetValue(activity)!;
            input.Name = property.Name;
            if (json.Property(property.Name) is { } given) ReadInput(input, Camel(property), given, evaluated);
        }

        activity.Evaluated = evaluated;
    }

    public void ReadInput(Input input, string path, JsonElement given, List<Input> evaluated)
    {
        var expression = given.Object("expression");
        if (given.ValueKind == JsonValueKind.Object && expression is null) return;
        var read = expression is { } e ? ReadExpression(e, path) : new LiteralExpression(Value.From(given));
        if (read is LiteralExpression literal)
        {
            if (!input.TryBind(literal.Evaluate(null!))) Error(path, $"The input '{input.Name}' of {activity.Title} takes {TypeNames.Taken(input.ValueType)}, not {Scope.Describe(literal.Evaluate(null!))}.");
        }
        else if (read is not null)
        {
            input.Bind(read, evaluated.Count);
            evaluated.Add(input);
        }
    }

    private void ReadOutputs()
    {
        foreach (var property in activity.Descriptor.OutputProperties)
        {
            var output = (Output)property.GetValue(activity)!;
            output.Name = property.Name;
            ReadOutput(output, Camel(property));
        }
    }

    /// <summary>Finds what captures an output.</summary>
    public void ReadOutput(Output output, string path)
    {
        if (json.Object(path)?.Object("memoryReference")?.Text("id") is not { } id) return;
        output.Variable = FindVariable(id);
        output.WorkflowOutput = output.Variable is null ? reading.Outputs.FirstOrDefault(argument => argument.Name == id) : null;
    }

    private static string Camel(PropertyInfo property) => JsonNamingPolicy.CamelCase.ConvertName(property.Name);
}
