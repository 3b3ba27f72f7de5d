namespace LeadSens.Server.Connections.Providers.Instantly;

/// <summary>Instantly does not tell a key's scopes: each that we need is tried with a read.</summary>
internal sealed class InstantlyCheck(InstantlyClient instantly) : AccountCheck
{
    private static readonly SearchFilters Anybody = new();

    public override async Task<ProviderResult<CheckedAccount>> CheckAsync(ProviderAccount account, CancellationToken cancellationToken)
    {
        var (held, missing) = (new List<string>(), new List<string>());
        (string Scope, Func<Task<ProviderFailure?>> Try)[] scopes =
        [
            ("leads", async () => (await instantly.ListListsAsync(account, null, null, cancellationToken)).Failure),
            ("campaigns", async () => (await instantly.ListCampaignsAsync(account, null, null, cancellationToken)).Failure),
            ("supersearch_enrichments", async () => (await instantly.CountLeadsAsync(account, Anybody, cancellationToken)).Failure),
        ];
        foreach (var (scope, attempt) in scopes)
        {
            var failure = await attempt();
            if (failure is null or { Kind: ProviderFailureKind.Invalid or ProviderFailureKind.QuotaExhausted }) held.Add(scope);
            else if (failure.Status == 403) missing.Add(scope);
            else return failure;
        }

        // Showing itself is a scope of its own, which we do not need.
        var workspace = await instantly.GetWorkspaceAsync(account, cancellationToken);
        if (!workspace.Succeeded && workspace.Failure.Status is not (403 or 404)) return workspace.Failure;
        return new CheckedAccount(workspace.Value?.Id, workspace.Value?.Name, held, missing);
    }
}
