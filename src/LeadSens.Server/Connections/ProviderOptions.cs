using System.ComponentModel.DataAnnotations;

namespace LeadSens.Server.Connections;

/// <summary>What every provider's configuration section holds.</summary>
internal abstract class ProviderOptions
{
    public abstract string Provider { get; }

    /// <summary>The configuration section; the vendor's name as it is written.</summary>
    public abstract string Section { get; }

    /// <summary>The key that holds the credential, for example <c>ApiKey</c>.</summary>
    public abstract string SecretName { get; }

    public abstract string? Secret { get; }

    /// <summary>The vendor's own address.</summary>
    public abstract string DefaultBaseUrl { get; }

    /// <summary>What the vendor publishes for this account; the Sandbox has no limits.</summary>
    public abstract AccountLimits PublishedLimits { get; }

    /// <summary>Where the calls go instead of the vendor's own address.</summary>
    public string? BaseUrl { get; set; }

    /// <summary>From sending a request to the end of its answer; afterwards the call counts as unanswered.</summary>
    [Range(0.05, 600)]
    public virtual double TimeoutSeconds { get; set; } = 30;

    public TimeSpan Timeout => TimeSpan.FromSeconds(TimeoutSeconds);

    /// <summary>Whether an account can be made of this section.</summary>
    public virtual bool IsConfigured => !string.IsNullOrWhiteSpace(Secret);

    /// <summary>Where a real account's calls go, without a slash at the end.</summary>
    public string Address => (BaseUrl ?? DefaultBaseUrl).TrimEnd('/');

    /// <summary>Whether workspaces can do without an account of the installation, because they connect their own some other way.</summary>
    public virtual bool IsOptional => false;

    public ProviderAccount ToAccount() => ProviderAccount.Real(Provider, Address, Secret?.Trim() ?? "");

    /// <summary>Lists everything that is wrong with this section, in the names of the environment variables that set it; empty when
    /// nothing is.</summary>
    /// <param name="shared">Workspaces without a connection of their own use this account.</param>
    public IEnumerable<string> Validate(bool production, bool shared = true)
    {
        var faults = new List<ValidationResult>();
        Validator.TryValidateObject(this, new ValidationContext(this), faults, validateAllProperties: true);
        foreach (var fault in faults) yield return $"{Section}__{fault.MemberNames.FirstOrDefault()}: {fault.ErrorMessage}";
        if (production && shared && !IsConfigured && !IsOptional) yield return $"{Section}__{SecretName} is missing";
        if (Secret is { } secret && !IsHeaderText(secret)) yield return $"{Section}__{SecretName} holds characters that no key has";
        if (BaseUrl is not null && !IsAllowedBase(BaseUrl, production))
            yield return $"{Section}__BaseUrl is not an https:// address without user, query and fragment";
        foreach (var fault in More(production)) yield return fault;
    }

    /// <summary>What is wrong with the vendor's own settings.</summary>
    protected virtual IEnumerable<string> More(bool production) => [];

    /// <summary>Whether a text can stand in a header: keys and tokens are visible ASCII.</summary>
    public static bool IsHeaderText(string secret) => secret.Trim().All(c => c is > ' ' and < (char)127);

    protected static bool IsAllowedBase(string url, bool production) =>
        Uri.TryCreate(url, UriKind.Absolute, out var uri)
        && (uri.Scheme == Uri.UriSchemeHttps || (uri.Scheme == Uri.UriSchemeHttp && (!production || uri.IsLoopback)))
        && uri.UserInfo.Length == 0 && uri.Query.Length == 0 && uri.Fragment.Length == 0;
}
