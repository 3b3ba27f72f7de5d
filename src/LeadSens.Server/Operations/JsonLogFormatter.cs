using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace LeadSens.Server.Operations;

/// <summary>One JSON object per line: service and environment, the message with its fields, and every scope (request id, trace id,
/// correlation id), so that a line can be followed from request to job.</summary>
internal sealed class JsonLogFormatter(IHostEnvironment environment, TimeProvider clock) : ConsoleFormatter(FormatterName)
{
    public const string FormatterName = "leadsens-json";

    private const string RequestPath = "RequestPath";

    private static readonly JsonWriterOptions Lines = new() { Encoder = JavaScriptEncoder.Create(Readable()) };

    public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, Lines))
        {
            json.WriteStartObject();
            json.WriteString("at", clock.GetUtcNow());
            json.WriteString("level", logEntry.LogLevel.ToString());
            json.WriteString("service", "leadsens");
            json.WriteString("environment", environment.EnvironmentName);
            json.WriteString("category", logEntry.Category);
            json.WriteString("event", logEntry.EventId.Name);
            json.WriteString("message", logEntry.Formatter(logEntry.State, logEntry.Exception));
            if (logEntry.Exception is { } exception) json.WriteString("exception", exception.ToString());
            WriteFields(json, scopeProvider, logEntry.State);
            json.WriteEndObject();
        }
        textWriter.WriteLine(Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length));
    }

    /// <summary>Letters of every language; what turns a text's direction, and would show a line otherwise than it is, is escaped as controls and line ends are.</summary>
    private static TextEncoderSettings Readable()
    {
        var settings = new TextEncoderSettings(UnicodeRanges.All);
        settings.ForbidCharacters('\u061C', '\u200E', '\u200F');
        settings.ForbidRange(UnicodeRange.Create('\u2028', '\u202E'));
        settings.ForbidRange(UnicodeRange.Create('\u2066', '\u2069'));
        return settings;
    }

    /// <summary>The inner scope wins over the outer one, the message's own fields over both.</summary>
    private static void WriteFields(Utf8JsonWriter json, IExternalScopeProvider? scopes, object? state)
    {
        var fields = new SortedDictionary<string, object?>(StringComparer.Ordinal);
        scopes?.ForEachScope(Collect, fields);
        Collect(state, fields);
        fields.Remove("{OriginalFormat}");
        json.WriteStartObject("fields");
        foreach (var (name, value) in fields) json.WriteString(name, Convert.ToString(value, null));
        json.WriteEndObject();
    }

    private static void Collect(object? source, SortedDictionary<string, object?> fields)
    {
        if (source is not IEnumerable<KeyValuePair<string, object?>> pairs) return;
        // The framework puts every request's path into the scope of all that is logged while it runs.
        foreach (var (name, value) in pairs) fields[name] = name == RequestPath ? SafePath.Of(Convert.ToString(value, null) ?? "") : value;
    }
}
