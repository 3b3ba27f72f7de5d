namespace LeadSens.Engine;

/// <summary>Reads Elsa 3 definitions and finds everything that would keep them from running, before anything runs.</summary>
public static class DefinitionReader
{
    /// <summary>Reads a definition.</summary>
    public static DefinitionReadResult Read(string json, ActivityRegistry registry) => throw new NotSupportedException(json + registry);
}
