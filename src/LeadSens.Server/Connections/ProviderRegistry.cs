namespace LeadSens.Server.Connections;

/// <summary>Every vendor, in the order in which they were registered. Whatever is general enumerates it.</summary>
internal sealed class ProviderRegistry(IEnumerable<Provider> providers, IEnumerable<DeclaredPart> parts)
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

    /// <summary>Those that have a part, each with its class, which is not made: for what is asked before the database is there, as routes are.</summary>
    public IReadOnlyList<(Provider Provider, Type Class)> Declaring<T>() where T : class =>
        [.. from provider in All from part in parts where part.Part == typeof(T) && part.Provider == provider.Name select (provider, part.Class)];
}
