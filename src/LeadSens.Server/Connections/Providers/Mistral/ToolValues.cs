using System.Text.Json;
using Microsoft.Extensions.AI;

namespace LeadSens.Server.Connections.Providers.Mistral;

/// <summary>Arguments and results of tools, whose types are the tools' own.</summary>
internal static class ToolValues
{
    private static readonly JsonSerializerOptions Compact = new(AIJsonUtilities.DefaultOptions) { WriteIndented = false };

    public static string Text(object? value) =>
        value is JsonElement json ? json.GetRawText() : JsonSerializer.Serialize(value, Compact.GetTypeInfo(typeof(object)));

    /// <summary>Arguments come as an object or as a text that holds one; broken ones are told to the caller with the call.</summary>
    public static FunctionCallContent Call(string id, string name, string arguments)
    {
        try
        {
            using var json = JsonDocument.Parse(arguments.Length == 0 ? "{}" : arguments);
            var values = json.RootElement.EnumerateObject().ToDictionary(p => p.Name, p => (object?)p.Value.Clone());
            return new(id, name, values);
        }
        catch (Exception broken) when (broken is JsonException or InvalidOperationException or ArgumentException)
        {
            return new(id, name) { Exception = broken };
        }
    }
}
