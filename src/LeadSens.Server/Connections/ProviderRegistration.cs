using LeadSens.Server.Operations;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace LeadSens.Server.Connections;

/// <summary>What a vendor's folder calls to be there.</summary>
internal static class ProviderRegistration
{
    /// <summary>A vendor with accounts: its name and its section are those of its options.</summary>
    public static ProviderParts AddProvider<TOptions>(this IServiceCollection services, string title, IConfiguration configuration)
        where TOptions : ProviderOptions, new()
    {
        var plain = new TOptions();
        services.AddOptions<TOptions>().Bind(configuration.GetSection(plain.Section)).ValidateOnStart();
        services.AddSingleton<IValidateOptions<TOptions>>(provider => new ProviderOptionsRules<TOptions>(
            provider.GetRequiredService<IHostEnvironment>(),
            !bool.TryParse(configuration[$"{LeadSensOptions.Section}:{nameof(LeadSensOptions.SharedAccounts)}"], out var shared) || shared));
        services.AddSingleton<ProviderOptions>(provider => provider.GetRequiredService<IOptions<TOptions>>().Value);
        services.AddSingleton(provider => new Provider(plain.Provider, title, provider) { HasAccounts = true });
        return new(services, plain.Provider);
    }

    /// <summary>A vendor at which nobody has an account here.</summary>
    public static ProviderParts AddProvider(this IServiceCollection services, string name, string title)
    {
        services.AddSingleton(provider => new Provider(name, title, provider));
        return new(services, name);
    }
}

/// <summary>Adds a vendor's parts to it.</summary>
internal sealed class ProviderParts(IServiceCollection services, string name)
{
    public ProviderParts With<TPart, T>() where TPart : class where T : class, TPart
    {
        services.TryAddSingleton<T>();
        services.AddSingleton(new DeclaredPart(name, typeof(TPart), typeof(T)));
        services.AddKeyedSingleton<TPart>(name, (provider, _) => provider.GetRequiredService<T>());
        return this;
    }
}

/// <summary>That a vendor has a part, and which class it is: known before anything is made.</summary>
internal sealed record DeclaredPart(string Provider, Type Part, Type Class);
