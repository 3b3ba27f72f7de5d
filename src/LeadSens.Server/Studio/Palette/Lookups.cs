using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadSens.Server.Studio.Palette;

/// <summary>What the editor's drop-down lists hold. Only what the engine does is offered; Elsa's names are kept, because they stand in definitions.</summary>
internal static class Lookups
{
    public sealed record Expression(string Type, string DisplayName, bool IsBrowsable, IReadOnlyDictionary<string, string> Properties)
    {
        public bool IsSerializable => true;
    }

    public sealed record Strategy(string TypeName, string DisplayName, string Description);

    public sealed record CommitStrategy(string Name, string DisplayName, string Description);

    public sealed record StorageDriver(string TypeName, string DisplayName, double Priority, bool Deprecated);

    public sealed record VariableType(string TypeName, string DisplayName, string Category, string Description);

    public sealed record Retries(IReadOnlyList<object> Items, int Count, int TotalCount);

    private static readonly Dictionary<string, string> Plain = [];

    private static readonly Expression[] Syntaxes =
    [
        new("Literal", "Literal", false, Plain),
        new("Object", "Object", false, Language("json")),
        new("Variable", "Variable", true, new Dictionary<string, string> { ["UIHint"] = "variable-picker" }),
        new("Input", "Input", true, new Dictionary<string, string> { ["UIHint"] = "input-picker" }),
        new("JavaScript", "JavaScript", true, Language("javascript")),
    ];

    public static Ok<StudioList<Expression>> Expressions() => TypedResults.Ok(StudioList.Of(Syntaxes));

    public static Ok<StudioList<Strategy>> ActivationStrategies() => TypedResults.Ok(StudioList.Of(
        new Strategy("Elsa.Workflows.ActivationValidators.AllowAlwaysStrategy, Elsa.Workflows.Core", "Always", "Any number of runs at the same time."),
        new Strategy("Elsa.Workflows.Runtime.ActivationValidators.SingletonStrategy, Elsa.Workflows.Runtime", "Singleton", "One run of the workflow at a time."),
        new Strategy("Elsa.Workflows.Runtime.ActivationValidators.CorrelatedSingletonStrategy, Elsa.Workflows.Runtime", "Correlated singleton", "One run of the workflow at a time for each correlation id."),
        new Strategy("Elsa.Workflows.Runtime.ActivationValidators.CorrelationStrategy, Elsa.Workflows.Runtime", "Correlation", "One run at a time for each correlation id, over all workflows with this strategy.")));

    public static Ok<StudioList<Strategy>> IncidentStrategies() => TypedResults.Ok(StudioList.Of(
        new Strategy("Elsa.Workflows.IncidentStrategies.FaultStrategy, Elsa.Workflows.Core", "Fault", "An activity that fails ends the run."),
        new Strategy("Elsa.Workflows.IncidentStrategies.ContinueWithIncidentsStrategy, Elsa.Workflows.Core", "Continue With Incidents", "The other branches go on beside an activity that failed.")));

    public static Ok<StudioList<Strategy>> LogPersistenceStrategies() => TypedResults.Ok(StudioList.Of(
        new Strategy("Elsa.Workflows.LogPersistence.Strategies.Include, Elsa.Workflows.Core", "Include", "Values are kept in the journal.")));

    /// <summary>Every burst is one transaction; there is nothing to choose.</summary>
    public static Ok<StudioList<CommitStrategy>> CommitStrategies() => TypedResults.Ok(StudioList.Of<CommitStrategy>());

    public static Ok<StudioList<StorageDriver>> StorageDrivers() => TypedResults.Ok(StudioList.Of(
        new StorageDriver("Elsa.Workflows.WorkflowInstanceStorageDriver, Elsa.Workflows.Core", "Workflow Instance", 5, false)));

    public static Ok<StudioList<VariableType>> VariableTypes() => TypedResults.Ok(StudioList.Of(Types));

    public static Ok<StudioList<object>> OutputConverters(string? sourceType, string? destinationType) => Nothing();

    public static Ok<StudioList<object>> Nothing() => TypedResults.Ok(StudioList.Of<object>());

    public static Ok<Retries> NoRetries(string activityInstanceId) => TypedResults.Ok(new Retries([], 0, 0));

    private static readonly VariableType[] Types =
    [
        .. In("Primitives", ("Object", "Any value."), ("String", "Text."), ("Boolean", "True or false."), ("Int32", "A whole number of 32 bits."),
            ("Int64", "A whole number of 64 bits."), ("Single", "A number of single precision."), ("Double", "A number of double precision."),
            ("Decimal", "A decimal number, exact."), ("Guid", "A unique id."), ("DateTime", "A date and time."),
            ("DateTimeOffset", "A date and time with its offset from UTC."), ("TimeSpan", "A span of time.")),
        .. In("Lookups", ("Dictionary<String, String>", "Texts by name."), ("Dictionary<String, Object>", "Values by name.")),
        .. In("Dynamic", ("ExpandoObject", "A JSON object."), ("JsonElement", "Any JSON."), ("JsonNode", "Any JSON."), ("JsonObject", "A JSON object.")),
        .. In("Data", ("Byte[]", "Bytes, carried as Base64."), ("Stream", "Bytes, carried as Base64.")),
    ];

    private static IEnumerable<VariableType> In(string category, params (string Name, string Description)[] types) =>
        types.Select(type => new VariableType(type.Name, type.Name, category, type.Description));

    private static Dictionary<string, string> Language(string name) => new() { ["MonacoLanguage"] = name };
}
