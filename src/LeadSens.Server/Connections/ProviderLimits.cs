using LeadSens.Server.Jobs;
using Microsoft.Extensions.Options;

namespace LeadSens.Server.Connections;

/// <summary>Sets every account's limits before the workers start: a real account's are the vendor's, a Sandbox account has none, and
/// the configuration replaces both.</summary>
internal sealed class ProviderLimits(
    ConfiguredConnections connections, IEnumerable<ProviderOptions> providers, IOptions<LimitOptions> options, LimitRegistry registry) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var account in connections.All) registry.Set(account.AccountKey, RuleOf(account));
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public LimitRule RuleOf(ProviderAccount account)
    {
        var published = account.IsSandbox ? new() : providers.First(p => p.Provider == account.Provider).PublishedLimits;
        var limits = options.Value.Accounts.TryGetValue(account.Provider, out var configured) ? published.With(configured) : published;
        return new(limits.EffectiveRate, limits.EffectiveBurst, limits.Concurrency);
    }
}
