using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Serialization;

namespace LeadSens.Server.Calls;

/// <summary>An account at a provider: where its calls go and with which credential.</summary>
/// <param name="AccountKey">Names the account in limits, circuits and intents without its secret: <c>vendor:3f2a91c07d55</c>, <c>vendor:sandbox</c>.</param>
/// <param name="BaseUrl">Without a slash at its end.</param>
/// <param name="Secret">Empty where the provider asks for none.</param>
internal sealed record ProviderAccount(
    string Provider, string AccountKey, string BaseUrl, [property: JsonIgnore] string Secret, bool IsSandbox)
{
    /// <summary>The bearer header, made once; null without a secret.</summary>
    [JsonIgnore]
    public AuthenticationHeaderValue? Authorization { get; } = Secret.Length == 0 ? null : new("Bearer", Secret);

    /// <summary>A real account. Its key is a digest, so that two credentials never share one limit.</summary>
    public static ProviderAccount Real(string provider, string baseUrl, string secret) =>
        new(provider, $"{provider}:{Digest(secret.Length == 0 ? baseUrl : secret)}", baseUrl.TrimEnd('/'), secret, IsSandbox: false);

    /// <summary>A key that names an account by what is the same for all its credentials, or else by its one credential.</summary>
    public static string KeyOf(string provider, string identity, bool isSandbox) => $"{provider}:{Digest(identity)}{(isSandbox ? ":sandbox" : "")}";

    public static ProviderAccount Sandbox(string provider, string sandboxUrl) =>
        new(provider, $"{provider}:sandbox", $"{sandboxUrl.TrimEnd('/')}/{provider}", "sandbox", IsSandbox: true);

    /// <summary>The secret stays out of logs and test output.</summary>
    public override string ToString() => AccountKey;

    private static string Digest(string text) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 6));
}
