namespace LeadSens.Scripts;

/// <summary>How an argument of a function crosses.</summary>
public enum ArgumentKind
{
    /// <summary>As text, whatever it is; a missing one is the text "undefined".</summary>
    Text,

    /// <summary>As text; a missing one is null.</summary>
    OptionalText,

    /// <summary>As a value of a workflow.</summary>
    Value,

    /// <summary>The first argument again, as a value.</summary>
    FirstAsValue,
}

/// <summary>The functions that scripts get, and who answers them: those with a signature are asked of the engine, which has the run; the rest are
/// <see cref="PlainFunctions"/>.</summary>
public static class ScriptFunctions
{
    /// <summary>What <c>variables.name</c> asks of the engine.</summary>
    public const string ReadMember = "variables.get";

    /// <summary>What <c>variables.name = value</c> asks of the engine.</summary>
    public const string WriteMember = "variables.set";

    public static IReadOnlyDictionary<string, ArgumentKind[]> OfRun { get; } = new Dictionary<string, ArgumentKind[]>(StringComparer.Ordinal)
    {
        ["getVariable"] = [ArgumentKind.Text],
        ["setVariable"] = [ArgumentKind.Text, ArgumentKind.Value],
        ["getInput"] = [ArgumentKind.Text],
        ["getOutputFrom"] = [ArgumentKind.Text, ArgumentKind.OptionalText],
        ["getLastResult"] = [],
        ["getWorkflowDefinitionId"] = [],
        ["getWorkflowDefinitionVersionId"] = [],
        ["getWorkflowDefinitionVersion"] = [],
        ["getWorkflowInstanceId"] = [],
        ["getWorkflowInstanceName"] = [],
        ["setWorkflowInstanceName"] = [ArgumentKind.Text],
        ["getCorrelationId"] = [],
        ["setCorrelationId"] = [ArgumentKind.Text],
        ["setOutcome"] = [ArgumentKind.Text, ArgumentKind.FirstAsValue],
        ["setOutcomes"] = [ArgumentKind.Value],
        ["createEventTriggerUrl"] = [ArgumentKind.Text, ArgumentKind.Value],
    };

    /// <summary>getScore(), setScore(…), getResultFromScore(): named after what a definition has, looked up when they are called.</summary>
    public static bool IsAccessor(string name) =>
        name.Length > 3 && name[..3] is "get" or "set" && name.Length > 3 && char.IsUpper(name[3]) && !OfRun.ContainsKey(name);

    public static ArgumentKind[] SignatureOf(string accessor) => accessor[0] == 's' ? [ArgumentKind.Value] : [];
}
