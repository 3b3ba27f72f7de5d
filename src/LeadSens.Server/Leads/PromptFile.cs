using System.Reflection;

namespace LeadSens.Server.Leads;

/// <summary>Instructions for the model: a versioned file of the slice that uses them, embedded in the assembly.</summary>
/// <param name="Version">The file's name, for example <c>score.v1</c>; kept with every result.</param>
internal sealed record PromptFile(string Version, string Text)
{
    /// <summary>Loads <c>{slice}/Prompts/{version}.md</c>.</summary>
    public static PromptFile Load(string slice, string version)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream($"LeadSens.Server.{slice}.Prompts.{version}.md")
            ?? throw new InvalidOperationException($"There is no prompt {version} in {slice}.");
        using var reader = new StreamReader(stream);
        return new(version, reader.ReadToEnd());
    }
}
