using Microsoft.OpenApi;

namespace LeadSens.Server.Api;

/// <summary>What the groups of the API document are about, in the words of who reads it.</summary>
internal static class DocumentTags
{
    private static readonly Dictionary<string, string> Lines = new()
    {
        ["approvals"] = "Rounds in which a person decides what is sent",
        ["audit"] = "Who did what, sealed against changes",
        ["auth"] = "Accounts, sessions and second factors",
        ["campaigns"] = "Campaigns: whom they look for, how far they are, what they sent",
        ["connections"] = "A workspace's accounts at the providers",
        ["contacts"] = "The people of a workspace, each once, and where every value comes from",
        ["events"] = "What changed in the workspace, as it changes",
        ["jobs"] = "Work on single leads: what waits and what failed",
        ["leads"] = "The people whom campaigns found",
        ["outbox"] = "Facts on their way to whoever listens",
        ["rights"] = "What is kept of a person, and how it is erased",
        ["suppressions"] = "Whom never to contact",
        ["webhooks"] = "Where providers call, and what they told",
        ["workflow-instances"] = "Runs of graphs: what one waits for",
        ["workflows"] = "The graphs that campaigns run by",
        ["workspaces"] = "Workspaces: members, invitations, keys, channels",
    };

    /// <summary>Describes the groups that the document has.</summary>
    public static void Describe(OpenApiDocument document)
    {
        foreach (var tag in document.Tags ?? new HashSet<OpenApiTag>())
            if (tag.Name is { } name) tag.Description = Lines.GetValueOrDefault(name);
    }
}
