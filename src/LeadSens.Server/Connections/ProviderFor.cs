using LeadSens.Server.Jobs;

namespace LeadSens.Server.Connections;

/// <summary>The provider that does one kind of work here, with the workspaces' accounts at it: of those that have the part, the one that was registered
/// first.</summary>
internal sealed class ProviderFor<T>(string name, string title, T part, ConnectionSource connections) where T : class
{
    public ProviderFor(ProviderRegistry providers, ConnectionSource connections) : this(First(providers), connections) { }

    private ProviderFor((Provider Provider, T Part) first, ConnectionSource connections)
        : this(first.Provider.Name, first.Provider.Title, first.Part, connections) { }

    public string Name => name;

    /// <summary>For people.</summary>
    public string Title => title;

    public T Part => part;

    public ValueTask<ProviderResult<ProviderAccount>> ForAsync(Guid workspaceId, CancellationToken cancellationToken) =>
        connections.ForAsync(workspaceId, name, cancellationToken);

    public ValueTask<IReadOnlyList<LimitCost>> CostsAsync(Guid workspaceId, int calls, CancellationToken cancellationToken) =>
        connections.CostsAsync(workspaceId, name, calls, cancellationToken);

    private static (Provider Provider, T Part) First(ProviderRegistry providers) => providers.With<T>() is [var first, ..]
        ? first : throw new InvalidOperationException($"No provider is registered with {typeof(T).Name}.");
}
