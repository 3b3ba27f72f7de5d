using System.ComponentModel.DataAnnotations;
using LeadSens.Server.Api;
using LeadSens.Server.Identity;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadSens.Server.Connections;

/// <summary>Connects an account by its API key, which is tried at the vendor first: what is stored works.</summary>
internal static class ConnectByKey
{
    private const int Longest = 500;

    public sealed record Request([property: Required] string? ApiKey)
    {
        /// <summary>Nobody gets to see it by printing the record.</summary>
        public override string ToString() => "(key)";
    }

    public static async Task<Results<Ok<ConnectionView>, ProblemHttpResult>> HandleAsync(
        string provider, Request request, WorkspaceContext caller, ProviderRegistry providers, ProviderAddresses addresses, ConnectAccount connect,
        CancellationToken cancellationToken)
    {
        if (providers.Find(provider) is not { Check: { } check } vendor) return Problems.NotFound("provider_not_found");
        var (key, errors) = (request.ApiKey?.Trim() ?? "", new FieldErrors());
        errors.Require(key.Length > 0, "apiKey", $"The key that {vendor.Title} shows in its settings.");
        errors.Require(key.Length <= Longest && ProviderOptions.IsHeaderText(key), "apiKey", $"At most {Longest} visible ASCII characters, as the vendor shows it.");
        if (errors.Any) return Problems.Validation(errors.ByField);

        var isSandbox = addresses.IsSandboxKey(key);
        var tried = new ProviderAccount(provider, addresses.AccountKey(provider, null, key, isSandbox), addresses.Of(provider, isSandbox)!, key, isSandbox);
        var shown = await check.CheckAsync(tried, cancellationToken);
        if (Refusal(vendor.Title, shown, errors) is { } refused) return refused;
        var account = shown.Value!;
        var made = new NewConnection(provider, "key", isSandbox, addresses.AccountKey(provider, account.Id, key, isSandbox), account.Id, account.Name, account.Scopes, new(key), null);
        return TypedResults.Ok(ConnectionView.Of(await connect.ExecuteAsync(caller.WorkspaceId, made, caller.Caller, caller.By, cancellationToken), providers));
    }

    /// <summary>A key that is wrong is bad input; a vendor that does not answer is not the caller's fault.</summary>
    private static ProblemHttpResult? Refusal(string title, ProviderResult<CheckedAccount> shown, FieldErrors errors)
    {
        if (shown.Failure is { Kind: ProviderFailureKind.Unauthorized } refused) errors.Add("apiKey", $"{title} does not take this key: {refused.Message}");
        else if (shown.Failure is { } failure) return Problems.Of(StatusCodes.Status502BadGateway, "connector_failed", $"{title} could not be asked.", failure.Message);
        else if (shown.Value!.Missing is { Count: > 0 } missing) errors.Add("apiKey", $"This key lacks the scopes {string.Join(", ", missing)}. Make one with them.");
        return errors.Any ? Problems.Validation(errors.ByField, "connection_refused") : null;
    }
}
