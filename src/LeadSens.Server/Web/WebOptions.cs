namespace LeadSens.Server.Web;

/// <summary>Section <c>Web</c>: how the service meets the internet.</summary>
internal sealed class WebOptions
{
    public const string Section = "Web";

    /// <summary>Origins whose pages may call the API with a key or token (<c>https://app.example.com</c>); none: only our own.</summary>
    public string[] AllowedOrigins { get; set; } = [];

    /// <summary>Names that a request may address beside the public address's.</summary>
    public string[] AllowedHosts { get; set; } = [];

    /// <summary>Addresses and networks of the proxies whose X-Forwarded-* headers are believed; none: they are ignored.</summary>
    public string[] KnownProxies { get; set; } = [];

    /// <summary>The most bytes of a request's body; endpoints that take more or less say so themselves.</summary>
    public int MaxRequestBytes { get; set; } = 1024 * 1024;

    public int MaxConnections { get; set; } = 10_000;

    /// <summary>How long a request's headers may take to come.</summary>
    public double HeaderSeconds { get; set; } = 15;

    /// <summary>How long a connection stays open between requests.</summary>
    public double IdleSeconds { get; set; } = 130;

    /// <summary>A body that comes, or an answer that is taken, slower than this is cut off after the grace.</summary>
    public int MinBytesPerSecond { get; set; } = 240;

    public double GraceSeconds { get; set; } = 5;

    /// <summary>How many password hashes wait for a core until the next is refused.</summary>
    public int PasswordQueue { get; set; } = 64;

    /// <summary>How long a node believes what it read about a session, membership or key, as long as it would hear of a change; 0: not at all.</summary>
    public int AccessCacheSeconds { get; set; } = 30;

    public RateOptions Limits { get; set; } = new();
}
