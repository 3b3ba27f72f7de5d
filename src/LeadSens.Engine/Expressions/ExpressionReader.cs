using System.Text.Json;

namespace LeadSens.Engine;

/// <summary>Reads expressions and finds what is broken in them.</summary>
internal static class ExpressionReader
{
    public static Expression? Read(JsonElement expression, string path, Activity activity, ActivityReader reader)
    {
        var type = expression.Text("type") ?? "Literal";
        var value = expression.Property("value") ?? default;
        switch (type)
        {
            case "Literal": return new LiteralExpression(Value.From(value));
            case "Object" or "Json": return ReadObject(value, path, activity, reader);
            case "Variable": return ReadVariable(value, path, activity, reader);
            case "Input": return ReadInput(value, path, activity, reader);
            case "JavaScript": return ReadScript(Value.From(value) as string ?? "", path, activity, reader);
            default:
                reader.Error(path, $"The input '{path}' of {activity.Title} is written in '{type}', which is not supported.");
                return null;
        }
    }

    /// <summary>JSON text, or the JSON itself.</summary>
    private static LiteralExpression? ReadObject(JsonElement value, string path, Activity activity, ActivityReader reader)
    {
        var given = Value.From(value);
        if (ValueKind.Json.TryConvert(given, out var parsed)) return new LiteralExpression(parsed);
        reader.Error(path, $"The input '{path}' of {activity.Title} is not JSON: {Scope.Describe(given)}.");
        return null;
    }

    private static VariableExpression? ReadVariable(JsonElement value, string path, Activity activity, ActivityReader reader)
    {
        var named = Unwrap(value);
        var variable = (named.Text("id") is { } id ? reader.FindVariable(id) : null) ?? (named.Text("name") is { } name ? reader.FindVariable(name) : null);
        if (variable is not null) return new VariableExpression(variable);
        reader.Error(path, $"The input '{path}' of {activity.Title} reads the variable '{named.Text("name") ?? named.Text("id")}', which is not in scope.");
        return null;
    }

    private static InputExpression? ReadInput(JsonElement value, string path, Activity activity, ActivityReader reader)
    {
        var name = Unwrap(value).Text("name");
        if (name is not null && reader.Reading.Inputs.Any(input => input.Name == name)) return new InputExpression(name);
        reader.Error(path, $"The input '{path}' of {activity.Title} reads the workflow input '{name}', which the workflow does not declare.");
        return null;
    }

    private static Expression? ReadScript(string source, string path, Activity activity, ActivityReader reader)
    {
        if (string.IsNullOrWhiteSpace(source)) return new LiteralExpression(null);
        var script = new ScriptExpression(source);
        reader.Reading.Scripts.Add(script);
        if (script.Problem is not { } problem) return script;
        reader.Error(path, $"The JavaScript of '{path}' in {activity.Title} is broken: {problem}");
        return null;
    }

    /// <summary>Studio writes the object that is meant; some exports write it as text, or only its name.</summary>
    private static JsonElement Unwrap(JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.String) return value;
        var text = value.GetString()!;
        return text.StartsWith('{') && ValueKind.Json.TryConvert(text, out var parsed) && parsed is JsonElement element
            ? element
            : JsonSerializer.SerializeToElement(new Dictionary<string, string> { ["id"] = text, ["name"] = text });
    }
}
