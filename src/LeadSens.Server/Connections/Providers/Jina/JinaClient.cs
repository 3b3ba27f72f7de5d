using LeadSens.Server.Enrichment;
using LeadSens.Server.Jobs;
using Microsoft.Extensions.Options;

namespace LeadSens.Server.Connections.Providers.Jina;

/// <summary>Jina Reader: a web page as text.</summary>
internal sealed class JinaClient(IOptions<JinaOptions> options, TimeProvider clock, Limits limits) : PageReader, IDisposable
{
    private static readonly KeyValuePair<string, string>[] Headers = [new("X-Respond-With", "markdown"), new("X-Retain-Images", "none")];

    private readonly ProviderHttp http = new(new JinaFailures(clock), options.Value.Timeout, clock, limits);

    public override async Task<ProviderResult<WebPage>> ReadAsync(ProviderAccount account, string website, CancellationToken cancellationToken)
    {
        if (!PublicWebsite.TryParse(website, out var address))
            return new ProviderFailure(ProviderFailureKind.Invalid, JinaOptions.Name, "The website is not the address of a public host.");
        var answer = await http.SendAsync(
            new(HttpMethod.Get, account, $"/{address.AbsoluteUri}", CallEffect.Read) { Headers = Headers }, JinaJson.Default.ReaderAnswer.Read, cancellationToken);
        if (!answer.Succeeded) return answer.Failure;
        var (data, status) = (answer.Value.Data, answer.Value.HttpStatus ?? answer.Value.Data.HttpStatus ?? 200);
        if (status >= 400) return Unreadable($"The website answered {status}.", status);
        return string.IsNullOrWhiteSpace(data.Content)
            ? Unreadable("The website holds no text.", status)
            : new WebPage(address.AbsoluteUri, data.Title, data.Content);
    }

    public void Dispose() => http.Dispose();

    private static ProviderFailure Unreadable(string message, int status) =>
        new(ProviderFailureKind.NotFound, JinaOptions.Name, message) { Status = status };
}
