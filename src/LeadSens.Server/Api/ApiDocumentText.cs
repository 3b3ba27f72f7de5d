using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace LeadSens.Server.Api;

/// <summary>The document as it is sent: it says the same to everybody, is made once, and takes 50 ms of a processor, which nobody without a key shall ask for again and again.</summary>
internal sealed class ApiDocumentText([FromKeyedServices(ApiDocumentText.Name)] IOpenApiDocumentProvider provider)
{
    public const string Name = "v1";

    private readonly Lock _gate = new();
    private Task<byte[]>? _made;

    /// <summary>JSON in UTF-8.</summary>
    public Task<byte[]> GetAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (_made is null or { IsFaulted: true }) _made = MakeAsync();
            return _made.WaitAsync(cancellationToken);
        }
    }

    private async Task<byte[]> MakeAsync()
    {
        var document = await provider.GetOpenApiDocumentAsync(CancellationToken.None);
        using var text = new MemoryStream();
        await document.SerializeAsync(text, OpenApiSpecVersion.OpenApi3_1, OpenApiConstants.Json, CancellationToken.None);
        return text.ToArray();
    }
}
