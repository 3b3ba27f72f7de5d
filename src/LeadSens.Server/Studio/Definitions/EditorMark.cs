using System.Globalization;
using System.Text.Json.Nodes;
using LeadSens.Server.Workflows;

namespace LeadSens.Server.Studio.Definitions;

/// <summary>Says which opened editor a definition was given to, and which save it had seen. Studio brings it back with each save: of all that it got, only
/// what stands in the definition itself. It is in no stored or exported definition.</summary>
internal readonly record struct EditorMark(string Editor, long Revision)
{
    private const string Name = "LeadSens.Editor";

    public static EditorMark New(long revision) => new(Guid.CreateVersion7().ToString("N"), revision);

    public static EditorMark? Of(JsonObject definition) =>
        (definition["customProperties"] as JsonObject)?.Text(Name)?.Split(':') is [{ Length: > 0 and < 100 } editor, var number]
        && long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var revision)
            ? new(editor, revision)
            : null;

    public static void Remove(JsonObject definition) => (definition["customProperties"] as JsonObject)?.Remove(Name);

    public void PutOn(JsonObject definition) => definition["customProperties"]!.AsObject()[Name] = string.Create(CultureInfo.InvariantCulture, $"{Editor}:{Revision}");
}
