using System.Security.Cryptography;
using System.Text;
using Npgsql;

namespace LeadSens.Server.Webhooks;

/// <summary>A call as it came.</summary>
/// <param name="Address">Scheme, public host, path and query, as the caller wrote them.</param>
/// <param name="At">When.</param>
internal sealed record WebhookCall(string Method, string Address, IHeaderDictionary Headers, byte[] Body, DateTimeOffset At);

/// <summary>Of a provider's webhook: an app of the installation has one address for the accounts of all workspaces, and its events name their account.</summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class AppWebhookAttribute : Attribute;

/// <summary>What a provider tells us: how a call shows that it is the provider's, what it says, and what that changes here.</summary>
internal abstract class ProviderWebhook
{
    /// <summary>In which header the provider sends the secret that is made here; null where it signs with one of its own, which the workspace brings.</summary>
    public virtual string? SecretHeader => null;

    /// <summary>For a person: which secret to bring.</summary>
    public virtual string SecretToBring => "The secret with which the provider signs its calls.";

    /// <summary>With what the calls of that app are signed; null where the installation has none, and they are refused.</summary>
    public virtual string? AppSecret => null;

    /// <param name="secrets">Each of them is good: today's and, for a day after a rotation, the one before.</param>
    public virtual bool Verify(WebhookCall call, IReadOnlyList<string> secrets) => SecretHeader is { } header && IsOneOf(secrets, call.Headers[header]);

    /// <summary>Null for what is no event of this provider.</summary>
    public abstract IReadOnlyList<IncomingEvent>? Read(byte[] body, DateTimeOffset now);

    /// <summary>In the caller's transaction, which also notes that it is done.</summary>
    public abstract Task<WebhookEffect> ApplyAsync(NpgsqlConnection connection, TakenWebhook told, byte[] body, CancellationToken cancellationToken);

    /// <summary>In constant time, and for each of them, whichever it is.</summary>
    protected static bool IsOneOf(IReadOnlyList<string> secrets, string? given)
    {
        var known = false;
        foreach (var own in secrets) known |= CryptographicOperations.FixedTimeEquals(
            SHA256.HashData(Encoding.UTF8.GetBytes(own)), SHA256.HashData(Encoding.UTF8.GetBytes(given ?? "")));
        return known && given is { Length: > 0 };
    }
}
