namespace LeadSens.Server.Connections.Providers.Jina;

/// <summary>Reads a page that is small and always there: some hundred tokens. A page that cannot be read still shows that the key was taken.</summary>
internal sealed class JinaCheck(JinaClient jina) : AccountCheck
{
    public override async Task<ProviderResult<CheckedAccount>> CheckAsync(ProviderAccount account, CancellationToken cancellationToken)
    {
        var page = await jina.ReadAsync(account, "example.com", cancellationToken);
        return page.Succeeded || page.Failure.Kind is ProviderFailureKind.NotFound or ProviderFailureKind.Invalid ? new CheckedAccount(null, null, [], []) : page.Failure;
    }
}
