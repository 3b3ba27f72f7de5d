using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using LeadSens.Engine;
using LeadSens.Server.Studio.Definitions;
using LeadSens.Server.Workflows;

namespace LeadSens.Server.Studio.Scripting;

/// <summary>Writes the TypeScript declarations of one definition: the engine's functions, then what is named after its variables, inputs and outputs.</summary>
internal static class ScriptTypes
{
    private const string Functions = """
        declare function getInput(name: string): any;
        declare function getOutputFrom(activityIdOrName: string, outputName?: string): any;
        declare function getLastResult(): any;
        declare function getWorkflowDefinitionId(): string;
        declare function getWorkflowDefinitionVersionId(): string;
        declare function getWorkflowDefinitionVersion(): number;
        declare function getWorkflowInstanceId(): string;
        declare function getWorkflowInstanceName(): string | null;
        declare function setWorkflowInstanceName(name: string): void;
        declare function getCorrelationId(): string | null;
        declare function setCorrelationId(correlationId: string): void;
        declare function createEventTriggerUrl(eventName: string, lifetimeOrExpiry?: string | Date): string;
        declare function setOutcome(name: string): void;
        declare function setOutcomes(names: string[]): void;
        declare function isNullOrWhiteSpace(value: string | null): boolean;
        declare function isNullOrEmpty(value: string | null): boolean;
        declare function toJson(value: any): string;
        declare function parseGuid(value: string): string;
        declare function newGuid(): string;
        declare function newGuidString(): string;
        declare function newShortGuid(): string;
        declare function bytesToString(base64: string): string;
        declare function bytesFromString(text: string): string;
        declare function bytesToBase64(base64: string): string;
        declare function bytesFromBase64(base64: string): string;
        declare function stringToBase64(text: string): string;
        declare function stringFromBase64(base64: string): string;

        """;

    public static string Of(JsonObject definition, ActivityRegistry activities)
    {
        var text = new StringBuilder(Functions);
        var boxes = definition["root"] is JsonObject root ? ActivityNode.Read(root).All.ToList() : [];
        Variables(text, [.. Items(definition, "variables").Concat(boxes.SelectMany(box => Items(box.Activity, "variables"))).DistinctBy(Name)]);
        foreach (var input in Items(definition, "inputs").Where(HasPlainName))
            text.Append($"declare function get{Pascal(Name(input))}(): {TypeOf(input, "type")} | null;\n");
        foreach (var box in boxes.Where(box => Plain(box.Activity.Text("name") ?? "")))
        foreach (var output in activities.Find(box.Type)?.Outputs ?? [])
            text.Append($"declare function get{output.Name}From{Pascal(box.Activity.Text("name")!)}(): {TypeScript(output.TypeName)};\n");
        return text.ToString();
    }

    private static void Variables(StringBuilder text, IReadOnlyList<JsonObject> variables)
    {
        foreach (var variable in variables)
        {
            text.Append($"declare function getVariable(name: {Quoted(Name(variable))}): {TypeOf(variable, "typeName")};\n");
            text.Append($"declare function setVariable(name: {Quoted(Name(variable))}, value: {TypeOf(variable, "typeName")}): void;\n");
        }
        text.Append("declare function getVariable(name: string): any;\ndeclare function setVariable(name: string, value: any): void;\n");
        foreach (var variable in variables.Where(HasPlainName))
        {
            text.Append($"declare function get{Pascal(Name(variable))}(): {TypeOf(variable, "typeName")};\n");
            text.Append($"declare function set{Pascal(Name(variable))}(value: {TypeOf(variable, "typeName")}): void;\n");
        }
        text.Append("declare var variables: {\n");
        foreach (var variable in variables) text.Append($"  {Quoted(Name(variable))}: {TypeOf(variable, "typeName")};\n");
        text.Append("};\n");
    }

    private static string TypeOf(JsonObject argument, string property) => TypeScript(argument.Text(property)) + (argument.Flag("isArray") ? "[]" : "");

    private static string TypeScript(string? alias) => (alias ?? "").TrimEnd('?') switch
    {
        "String" or "Guid" or "DateTime" or "DateTimeOffset" or "TimeSpan" => "string",
        "Boolean" => "boolean",
        "Byte" or "Int16" or "Int32" or "Int64" or "Single" or "Double" or "Decimal" => "number",
        _ => "any",
    };

    private static IEnumerable<JsonObject> Items(JsonObject json, string list) =>
        json[list] is JsonArray items ? items.OfType<JsonObject>().Where(item => item.Text("name") is { Length: > 0 }) : [];

    private static string Name(JsonObject argument) => argument.Text("name")!;

    private static bool HasPlainName(JsonObject argument) => Plain(Name(argument));

    /// <summary>Names that can be part of a function's.</summary>
    private static bool Plain(string name) => name.Length > 0 && name.All(letter => char.IsLetterOrDigit(letter) || letter == '_');

    private static string Pascal(string name) => char.ToUpperInvariant(name[0]) + name[1..];

    private static string Quoted(string name) => JsonSerializer.Serialize(name);
}
