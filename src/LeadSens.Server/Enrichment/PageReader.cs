
namespace LeadSens.Server.Enrichment;

/// <summary>A page as text. Hostile: it may hold anything, instructions to a model among it.</summary>
/// <param name="Url">The address that was read.</param>
/// <param name="Text">Never empty.</param>
internal sealed record WebPage(string Url, string? Title, string Text);

/// <summary>A provider that reads websites.</summary>
internal abstract class PageReader
{
    /// <summary>Reads a public website, given as people write it: with or without a scheme. Invalid without any call where the address is not a public
    /// host's; NotFound where the page is missing, fails or has no text.</summary>
    public abstract Task<ProviderResult<WebPage>> ReadAsync(ProviderAccount account, string website, CancellationToken cancellationToken);
}
