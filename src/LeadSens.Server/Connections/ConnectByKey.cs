using System.ComponentModel.DataAnnotations;
using LeadSens.Server.Api;
using LeadSens.Server.Identity;
using LeadSens.Server.UseCases;

namespace LeadSens.Server.Connections;

/// <summary>Connects an account by its API key, which is tried at the vendor first: what is stored works.</summary>
internal sealed class ConnectByKey(ProviderRegistry providers, ProviderAddresses addresses, ConnectAccount connect)
    : IUseCase<ConnectByKey, ConnectByKey.ToProvider, ConnectionView>
{
    private const int Longest = 500;

    /// <summary>The body.</summary>
    public sealed record Request([property: Required] string? ApiKey)
    {
        /// <summary>Nobody gets to see it by printing the record.</summary>
        public override string ToString() => "(key)";
    }

    public sealed record ToProvider(string Provider, Request With);

    public static UseCase Declaration { get; } =
        new("connectByKey", "Connect an account by its API key", Permission.Manage, Effect.Changes, "connection.connected");

    public async Task<Outcome<ConnectionView>> RunAsync(Caller caller, ToProvider request, CancellationToken cancellationToken)
    {
        var provider = request.Provider;
        if (providers.Find(provider) is not { Check: { } check } vendor) return Refusal.NotFound("provider_not_found");
        var (key, errors) = (request.With.ApiKey?.Trim() ?? "", new FieldErrors());
        errors.Require(key.Length > 0, "apiKey", $"The key that {vendor.Title} shows in its settings.");
        errors.Require(key.Length <= Longest && ProviderOptions.IsHeaderText(key), "apiKey", $"At most {Longest} visible ASCII characters, as the vendor shows it.");
        if (errors.Any) return Refusal.Invalid(errors);

        var isSandbox = addresses.IsSandboxKey(key);
        var tried = new ProviderAccount(provider, addresses.AccountKey(provider, null, key, isSandbox), addresses.Of(provider, isSandbox)!, key, isSandbox);
        var shown = await check.CheckAsync(tried, cancellationToken);
        if (WhyNot(vendor.Title, shown, errors) is { } refused) return refused;
        var account = shown.Value!;
        var accountKey = addresses.AccountKey(provider, account.Id, key, isSandbox);
        var made = new NewConnection(provider, "key", isSandbox, accountKey, account.Id, account.Name, account.Scopes, new(key), null);
        return ConnectionView.Of(await connect.ExecuteAsync(caller.WorkspaceId, made, caller.Name, caller.By, cancellationToken), providers);
    }

    /// <summary>A key that is wrong is bad input; a vendor that does not answer is not the caller's fault.</summary>
    private static Refusal? WhyNot(string title, ProviderResult<CheckedAccount> shown, FieldErrors errors)
    {
        if (shown.Failure is { Kind: ProviderFailureKind.Unauthorized } refused) errors.Add("apiKey", $"{title} does not take this key: {refused.Message}");
        else if (shown.Failure is { } failure) return new(RefusalKind.Failed, "connector_failed", $"{title} could not be asked.", failure.Message);
        else if (shown.Value!.Missing is { Count: > 0 } missing) errors.Add("apiKey", $"This key lacks the scopes {string.Join(", ", missing)}. Make one with them.");
        return errors.Any ? Refusal.Invalid(errors.ByField, "connection_refused") : null;
    }
}
