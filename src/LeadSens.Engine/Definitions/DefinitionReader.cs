using System.Text.Json;

namespace LeadSens.Engine;

/// <summary>Reads Elsa 3 definitions and finds everything that would keep them from running, before anything runs: unknown types, duplicate
/// ids, dangling connections, cycles without a way out, broken expressions, constants of the wrong type.</summary>
public static class DefinitionReader
{
    private const int MaxText = 20 * 1024 * 1024;

    /// <summary>The number of token mode where a definition gives no name.</summary>
    private const int TokenBased = 1;

    /// <summary>Reads a definition.</summary>
    public static DefinitionReadResult Read(string json, ActivityRegistry registry)
    {
        if (json.Length > MaxText) return Nothing("The text is larger than 20 MB.");
        try
        {
            return Read(JsonElement.Parse(json), registry);
        }
        catch (JsonException exception)
        {
            return Nothing($"The text is not JSON: {exception.Message}");
        }
    }

    /// <summary>Reads a definition that was parsed already.</summary>
    public static DefinitionReadResult Read(JsonElement json, ActivityRegistry registry)
    {
        if (json.ValueKind != JsonValueKind.Object) return Nothing("A definition is a JSON object.");
        if (json.Object("root") is not { } root) return Nothing("The definition has no root activity.");
        var errors = new List<DefinitionError>();
        var variables = VariableReader.Read(json, null, errors);
        var reading = new Reading(registry, errors, variables, Arguments(json, "inputs"), Arguments(json, "outputs")) { UsesTokens = UsesTokens(json), DefinitionId = json.Text("definitionId") };
        var activity = ActivityReader.ReadActivity(root, null, reading);
        FlowchartChecks.Check(reading);
        var activation = json.Object("options")?.Text("activationStrategyType");
        if (ActivationStrategies.Parse(activation) is null)
            errors.Add(new DefinitionError(null, "options.activationStrategyType", $"The activation strategy '{activation}' is unknown. There are AllowAlways, Singleton, CorrelatedSingleton and Correlation."));
        var definition = new WorkflowDefinition(reading.Activities)
        {
            Id = json.Text("id") ?? "",
            DefinitionId = json.Text("definitionId") ?? "",
            Version = json.Number("version") ?? 1,
            Name = json.Text("name"),
            Description = json.Text("description"),
            Source = json.Clone(),
            ContinueWithIncidents = json.Object("options")?.Text("incidentStrategyType")?.Contains("ContinueWithIncidents", StringComparison.Ordinal) == true,
            ActivationStrategy = ActivationStrategies.Parse(activation) ?? default,
            Root = activity,
            Variables = variables,
            Inputs = reading.Inputs,
            Outputs = reading.Outputs,
            Scripts = reading.Scripts,
        };
        return new DefinitionReadResult(definition, errors);
    }

    internal static List<WorkflowArgument> Arguments(JsonElement json, string name) =>
        [.. json.Items(name).Where(item => item.Text("name") is not null).Select(item => new WorkflowArgument(item.Text("name")!, ValueKind.Of(item.Text("type"), item.Flag("isArray"))))];

    private static bool UsesTokens(JsonElement json) => json.Object("customProperties")?.Property("Flowchart:ExecutionMode") switch
    {
        { ValueKind: JsonValueKind.String } mode => mode.GetString()!.Equals("TokenBased", StringComparison.OrdinalIgnoreCase),
        { ValueKind: JsonValueKind.Number } mode => mode.TryGetInt32(out var number) && number == TokenBased,
        _ => false,
    };

    private static DefinitionReadResult Nothing(string message) => new(null, [new DefinitionError(null, "", message)]);
}

/// <summary>What is known while a definition is read.</summary>
internal sealed record Reading(
    ActivityRegistry Registry, List<DefinitionError> Errors, IReadOnlyList<Variable> Variables, IReadOnlyList<WorkflowArgument> Inputs, IReadOnlyList<WorkflowArgument> Outputs)
{
    /// <summary>True when flowcharts run in token mode instead of counting.</summary>
    public bool UsesTokens { get; init; }

    /// <summary>The workflow that is read.</summary>
    public string? DefinitionId { get; init; }

    /// <summary>The reading of the workflow in which this one is used as a box; null for the outermost.</summary>
    public Reading? Outer { get; init; }

    /// <summary>Of all workflows together.</summary>
    public List<Activity> Activities { get; init; } = [];

    /// <summary>Of all workflows together; null: a text that is known only when it runs.</summary>
    public List<ScriptExpression?> Scripts { get; init; } = [];

    public HashSet<string> Ids { get; init; } = new(StringComparer.Ordinal);
}
