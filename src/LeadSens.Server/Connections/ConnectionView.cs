using LeadSens.Server.Api;

namespace LeadSens.Server.Connections;

/// <summary>A provider as a workspace sees it.</summary>
/// <param name="Id">Null where the workspace has no connection of its own.</param>
/// <param name="State">connected, broken, disconnected; <c>shared</c>: the installation's account serves; <c>missing</c>: none does.</param>
/// <param name="Method">oauth or key.</param>
/// <param name="Scopes">As far as the vendor tells.</param>
/// <param name="Health">ok, limited (something that is needed is not allowed), failing, unknown.</param>
/// <param name="ErrorCode">unauthorized, scope_missing, connector_failed, token_refresh_failed.</param>
/// <param name="Methods">How it can be connected here.</param>
internal sealed record ConnectionView(
    Guid? Id, [property: OneOf(typeof(ProviderNames), Name = "Provider")] string Provider, string Name,
    [property: OneOf("ConnectionState", ConnectionState.Connected, ConnectionState.Broken, ConnectionState.Disconnected, "shared", "missing")] string State,
    [property: OneOf("ConnectionMethod", "oauth", "key")] string? Method, bool IsSandbox, string? AccountId, string? AccountName, IReadOnlyList<string> Scopes,
    [property: OneOf("ConnectionHealth", "ok", "limited", "failing", "unknown")] string Health, string? ErrorCode, string? Error,
    DateTimeOffset? ExpiresAt, DateTimeOffset? CheckedAt, DateTimeOffset? ConnectedAt, [property: OneOf("ConnectionMethod", "oauth", "key")] IReadOnlyList<string> Methods)
{
    public static ConnectionView Of(Connection row, ProviderRegistry providers) => new(
        row.Id, row.Provider, providers.Title(row.Provider), row.State, row.Method, row.IsSandbox, row.AccountId, row.AccountName, row.Scopes,
        row.Health, row.ErrorCode, row.Error, row.ExpiresAt, row.CheckedAt, row.ConnectedAt, MethodsOf(providers.Find(row.Provider)));

    /// <summary>A provider without a connection of the workspace's own.</summary>
    public static ConnectionView Of(Provider provider, ProviderAccount? shared) => new(
        null, provider.Name, provider.Title, shared is null ? "missing" : "shared", null, shared?.IsSandbox ?? false, null, null, [], "unknown", null, null,
        null, null, null, MethodsOf(provider));

    private static IReadOnlyList<string> MethodsOf(Provider? provider) => provider?.OAuth is null ? ["key"] : ["oauth", "key"];
}
