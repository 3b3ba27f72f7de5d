using System.Text.Json;

namespace LeadSens.Engine;

/// <summary>Reads the variables of a definition or a container.</summary>
internal static class VariableReader
{
    public static IReadOnlyList<Variable> Read(JsonElement json, Container? container, List<DefinitionError> errors)
    {
        var variables = new List<Variable>();
        var position = -1;
        foreach (var item in json.Items("variables"))
        {
            position++;
            var name = item.Text("name") ?? item.Text("id");
            if (string.IsNullOrEmpty(name)) continue;
            var id = item.Text("id") ?? name;
            var path = $"variables[{position}]";
            if (variables.Exists(other => other.Id == id)) errors.Add(new DefinitionError(container?.Id, path, $"Two variables have the id '{id}'."));
            var kind = ValueKind.Of(item.Text("typeName"), item.Flag("isArray"));
            var given = item.Property("value") is { } value ? Value.From(value) : null;
            if (given is string { Length: 0 } && kind.Name != "String") given = null;
            if (!kind.TryConvert(given, out var start)) errors.Add(new DefinitionError(container?.Id, path, $"The variable '{name}' takes {kind.Name}, not {Scope.Describe(given)}."));
            variables.Add(new Variable(id, name, kind, start, container));
        }

        return variables;
    }
}
