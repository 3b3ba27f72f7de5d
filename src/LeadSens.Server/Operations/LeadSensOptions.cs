namespace LeadSens.Server.Operations;

/// <summary>Section <c>LeadSens</c>. After the start every property that outside production has a default is set.</summary>
internal sealed class LeadSensOptions
{
    public const string Section = "LeadSens";

    /// <summary>Public, so that several development Servers on one database agree; refused in production.</summary>
    public const string DevelopmentEncryptionKey = "6c65616473656e732d646576656c6f706d656e742d6b65792d6e6f742d736563";

    /// <summary>PostgreSQL's connection string; absent: the embedded PostgreSQL.</summary>
    public string? Database { get; set; }

    /// <summary>The same database as the owner of its tables; absent: <see cref="Database"/>, where that login may.</summary>
    public string? DatabaseOwner { get; set; }

    /// <summary><c>amqp://…</c>; absent: in memory.</summary>
    public string? Bus { get; set; }

    /// <summary>Where the embedded PostgreSQL, the lock and the Sandbox's state live.</summary>
    public string DataDirectory { get; set; } = ".data";

    /// <summary>The Sandbox that stands in for providers without credentials; set by the Server when it starts its own.</summary>
    public string? SandboxUrl { get; set; }

    /// <summary>The address that links in messages carry; absent outside production: see <see cref="PublicAddress"/>.</summary>
    public string? PublicUrl { get; set; }

    /// <summary>Says in so many words that the public address of a production installation may be http.</summary>
    public bool AllowPlainHttp { get; set; }

    /// <summary>Production only: says in so many words that the database and the bus on other hosts may be spoken to without TLS.</summary>
    public bool AllowPlainBackends { get; set; }

    /// <summary>64 hex characters. Secrets at rest and the receipts' chain hang on it.</summary>
    public string? EncryptionKey { get; set; }

    /// <summary>The keys that it replaced, with commas between them: they open and verify, and seal and sign no more.</summary>
    public string? PreviousEncryptionKeys { get; set; }

    /// <summary>Whether the providers' accounts of the configuration serve every workspace without a connection of its own.</summary>
    public bool SharedAccounts { get; set; } = true;

    public bool IsBehindTls => PublicUrl?.StartsWith("https://", StringComparison.OrdinalIgnoreCase) ?? false;

    public IEnumerable<string> PreviousKeys() => (PreviousEncryptionKeys ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
