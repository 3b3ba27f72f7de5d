namespace LeadSens.Server.Workflows;

/// <summary>How a workspace's definition relates to the shipped one.</summary>
internal enum DefinitionOrigin { Unknown, Shipped, Own, Edited, Outdated, EditedAndOutdated }

internal static class DefinitionOrigins
{
    /// <param name="own">The workspace's newest version: its hash, and the hash of the shipped version that it comes from.</param>
    /// <param name="shipped">The hash of the newest shipped version.</param>
    public static DefinitionOrigin Of((string Body, string? From)? own, string? shipped) => (own, shipped) switch
    {
        (null, null) => DefinitionOrigin.Unknown,
        (null, _) => DefinitionOrigin.Shipped,
        ({ From: null }, _) or (_, null) => DefinitionOrigin.Own,
        ({ } copy, _) => (copy.Body != copy.From, copy.From != shipped) switch
        {
            (false, false) => DefinitionOrigin.Shipped,
            (false, true) => DefinitionOrigin.Outdated,
            (true, false) => DefinitionOrigin.Edited,
            (true, true) => DefinitionOrigin.EditedAndOutdated
        }
    };
}
