namespace LeadSens.Server.Connections;

/// <summary>Every vendor, in the order in which they were registered. Whatever is general enumerates it.</summary>
internal sealed class ProviderRegistry(IEnumerable<Provider> providers)
{
    private readonly Dictionary<string, Provider> _byName = providers.ToDictionary(provider => provider.Name, StringComparer.Ordinal);

    public IReadOnlyList<Provider> All { get; } = [.. providers];

    /// <summary>At which a workspace can have an account.</summary>
    public IEnumerable<Provider> WithAccounts => All.Where(provider => provider.HasAccounts);

    public Provider? Find(string? name) => name is null ? null : _byName.GetValueOrDefault(name);

    /// <summary>For people; the name itself where nobody of this name is registered any more.</summary>
    public string Title(string name) => Find(name)?.Title ?? name;

    /// <summary>Those that have a part, each with it.</summary>
    public IReadOnlyList<(Provider Provider, T Part)> With<T>() where T : class =>
        [.. All.Select(provider => (Provider: provider, Part: provider.Part<T>())).Where(one => one.Part is not null).Select(one => (one.Provider, one.Part!))];
}
