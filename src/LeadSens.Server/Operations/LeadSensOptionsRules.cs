using System.Data.Common;
using Microsoft.Extensions.Options;
using Npgsql;

namespace LeadSens.Server.Operations;

/// <summary>Everything that is wrong with the section <c>LeadSens</c>, in the names of the environment variables that set it.</summary>
internal sealed class LeadSensOptionsRules(IHostEnvironment environment) : IValidateOptions<LeadSensOptions>
{
    /// <summary>Those of docker-compose.yml, for a service that nobody else reaches.</summary>
    private static readonly string[] ReadablePasswords = ["leadsens", "leadsens-server"];

    public ValidateOptionsResult Validate(string? name, LeadSensOptions options)
    {
        var faults = Malformed(options);
        if (environment.IsProduction()) faults = faults.Concat(NotForProduction(options));
        var list = faults.ToList();
        return list.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(list);
    }

    private static IEnumerable<string> Malformed(LeadSensOptions options)
    {
        if (string.IsNullOrWhiteSpace(options.DataDirectory)) yield return "LeadSens__DataDirectory is empty; give a directory or leave it out";
        if (options.Database is { } database && !IsConnectionString(database)) yield return "LeadSens__Database is not a PostgreSQL connection string with a Host, such as Host=db.example;Username=leadsens;Password=…;Database=leadsens";
        if (options.DatabaseOwner is { } owner && !IsConnectionString(owner)) yield return "LeadSens__DatabaseOwner is not a PostgreSQL connection string with a Host: give that of LeadSens__Database with the login that owns the tables";
        else if (options.DatabaseOwner is not null && string.IsNullOrWhiteSpace(options.Database)) yield return "LeadSens__DatabaseOwner is set without LeadSens__Database: the embedded PostgreSQL has an owner of its own";
        else if (options is { Database: { } one, DatabaseOwner: { } other } && IsConnectionString(one) && NameOf(one) != NameOf(other))
            yield return "LeadSens__DatabaseOwner names another database than LeadSens__Database: both are logins to one";
        if (options.Bus is { } bus && !IsUrl(bus, "amqp", "amqps")) yield return "LeadSens__Bus is not an address such as amqp://user:password@rabbitmq.example:5672";
        if (options.SandboxUrl is { } sandbox && !IsUrl(sandbox, "http", "https")) yield return "LeadSens__SandboxUrl is not an http:// address such as http://127.0.0.1:5090";
        if (options.PublicUrl is { } url && !IsUrl(url, "http", "https")) yield return "LeadSens__PublicUrl is not an http:// or https:// address such as https://leads.example.com";
        if (options.EncryptionKey is { } key && !IsKey(key)) yield return "LeadSens__EncryptionKey is not 64 hex characters, for example from `openssl rand -hex 32`";
        if (!options.PreviousKeys().All(IsKey)) yield return "LeadSens__PreviousEncryptionKeys is not a list of keys of 64 hex characters with commas between them";
        if (options.PreviousKeys().Contains(options.EncryptionKey, StringComparer.OrdinalIgnoreCase)) yield return "LeadSens__PreviousEncryptionKeys names the key of LeadSens__EncryptionKey";
    }

    private static IEnumerable<string> NotForProduction(LeadSensOptions options)
    {
        if (options.PublicUrl is null) yield return "LeadSens__PublicUrl is missing: approval links carry it; for example https://leads.example.com";
        if (options.PublicUrl is { } url && url.StartsWith("http://", StringComparison.OrdinalIgnoreCase) && !options.AllowPlainHttp)
            yield return "LeadSens__PublicUrl is plain http: cookies and links would be readable on their way; give https://…, or say LeadSens__AllowPlainHttp=true";
        if (options.EncryptionKey is null) yield return "LeadSens__EncryptionKey is missing: 64 hex characters, for example from `openssl rand -hex 32`";
        if (options.EncryptionKey == LeadSensOptions.DevelopmentEncryptionKey) yield return "LeadSens__EncryptionKey is the development key that everybody can read";
        if (options.PreviousKeys().Contains(LeadSensOptions.DevelopmentEncryptionKey, StringComparer.OrdinalIgnoreCase))
            yield return "LeadSens__PreviousEncryptionKeys names the development key, with which everybody can sign";
        if (options.Database is { } database && IsConnectionString(database) && IsPlain(new NpgsqlConnectionStringBuilder(database)) && !options.AllowPlainBackends)
            yield return "LeadSens__Database goes to another host without TLS: add SSL Mode=VerifyFull (or Require) to it, or say LeadSens__AllowPlainBackends=true";
        if (options.DatabaseOwner is { } owner && IsConnectionString(owner) && IsPlain(new NpgsqlConnectionStringBuilder(owner)) && !options.AllowPlainBackends)
            yield return "LeadSens__DatabaseOwner goes to another host without TLS: add SSL Mode=VerifyFull (or Require) to it, or say LeadSens__AllowPlainBackends=true";
        if (options.Bus is { } bus && IsUrl(bus, "amqp") && !new Uri(bus).IsLoopback && !options.AllowPlainBackends)
            yield return "LeadSens__Bus goes to another host without TLS: give amqps://…, or say LeadSens__AllowPlainBackends=true";
        foreach (var name in Readable(options)) yield return $"LeadSens__{name} has a password that stands in docker-compose.yml, where everybody can read it: give it one of its own";
        if (options.SandboxUrl is not null) yield return "LeadSens__SandboxUrl is set: the Sandbox stands in for nobody in production";
    }

    private static IEnumerable<string> Readable(LeadSensOptions options)
    {
        foreach (var (name, login) in ((string, string?)[])[(nameof(options.Database), options.Database), (nameof(options.DatabaseOwner), options.DatabaseOwner)])
            if (login is not null && IsConnectionString(login) && ReadablePasswords.Contains(new NpgsqlConnectionStringBuilder(login).Password)) yield return name;
        if (options.Bus is { } bus && IsUrl(bus, "amqp", "amqps") && ReadablePasswords.Contains(new Uri(bus).UserInfo.Split(':')[^1])) yield return nameof(options.Bus);
    }

    private static bool IsUrl(string text, params ReadOnlySpan<string> schemes) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri) && schemes.Contains(uri.Scheme) && uri.Host.Length > 0;

    private static bool IsKey(string text) => text.Length == 64 && text.All(char.IsAsciiHexDigit);

    private static bool IsPlain(NpgsqlConnectionStringBuilder database) =>
        database.SslMode < SslMode.Require && (database.Host ?? "").Split(',').Any(host => !host.StartsWith('/') && !(Uri.TryCreate($"tcp://{host}", UriKind.Absolute, out var uri) && uri.IsLoopback));

    /// <summary>The way there may differ: a pooler stands before the runtime's.</summary>
    private static string? NameOf(string database)
    {
        var place = new NpgsqlConnectionStringBuilder(database);
        return place.Database ?? place.Username;
    }

    private static bool IsConnectionString(string text)
    {
        try
        {
            return !string.IsNullOrEmpty(new NpgsqlConnectionStringBuilder(text).Host);
        }
        catch (Exception fault) when (fault is ArgumentException or FormatException or DbException)
        {
            return false;
        }
    }
}
