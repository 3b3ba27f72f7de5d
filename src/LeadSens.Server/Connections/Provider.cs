namespace LeadSens.Server.Connections;

/// <summary>A vendor as everything general knows it: its folder registers it once, with the parts that it has (<see cref="ProviderRegistration"/>). A part
/// that it does not have is null. Parts are made when somebody asks for them, because some of them ask for the other vendors themselves.</summary>
internal sealed class Provider(string name, string title, IServiceProvider services)
{
    /// <summary>As it stands in account keys, rows, paths and settings.</summary>
    public string Name => name;

    /// <summary>For people.</summary>
    public string Title => title;

    /// <summary>The title as a part of the API's names, without what no name may hold.</summary>
    public string Identifier { get; } = string.Concat(title.Where(char.IsAsciiLetterOrDigit));

    /// <summary>Whether a workspace can have an account there: it has options and a check.</summary>
    public bool HasAccounts { get; init; }

    /// <summary>How an account shows that it works.</summary>
    public AccountCheck? Check => Part<AccountCheck>();

    /// <summary>How a person lets us in; null where a key is the only way.</summary>
    public OAuth.OAuthApp? OAuth => Part<OAuth.OAuthApp>();

    /// <summary>What another slice has use for; the slice defines the part.</summary>
    public T? Part<T>() where T : class => services.GetKeyedService<T>(name);

    public override string ToString() => name;
}
