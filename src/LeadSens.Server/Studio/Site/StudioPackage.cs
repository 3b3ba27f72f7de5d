namespace LeadSens.Server.Studio.Site;

/// <summary>Finds the Elsa Studio that the build fetched (Studio/Site/package/package.json).</summary>
internal static class StudioPackage
{
    private static readonly string Package = Path.Combine("node_modules", "@elsa-workflows", "elsa-studio-wasm");

    /// <summary>Its directory, beside the Server or in the source tree that it was built from; null where it was left out.</summary>
    public static string? Find()
    {
        for (var directory = new DirectoryInfo(AppContext.BaseDirectory); directory is not null; directory = directory.Parent)
        {
            foreach (var place in (string[])["studio", "src/LeadSens.Server/Studio/Site/package"])
            {
                var candidate = Path.Combine(directory.FullName, place, Package);
                if (Directory.Exists(candidate)) return candidate;
            }
        }

        return null;
    }
}
