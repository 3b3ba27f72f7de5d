using System.Text.Json;
using LeadSens.Server.Connections;
using LeadSens.Server.Connections.OAuth;
using LeadSens.Server.Jobs;
using Microsoft.Extensions.Options;

namespace LeadSens.Server.Tests.Providers.Quill;

internal sealed class QuillOAuth(QuillClient client, IOptions<QuillOptions> options) : OAuthApp
{
    public override bool IsOffered => options.Value.ClientId is not null;

    public override bool IsSandbox => false;

    public override string NotOffered => "Set Quill__ClientId.";

    public override IReadOnlyList<string> Needed => ["letters.write"];

    public override string AuthorizeAddress(string state, string challenge, string redirectUri) =>
        $"{options.Value.Address}/authorize?client_id={options.Value.ClientId}&state={state}&code_challenge={challenge}&redirect_uri={Uri.EscapeDataString(redirectUri)}";

    public override Task<ProviderResult<OAuthTokens>> ExchangeAsync(string code, string verifier, string redirectUri, CancellationToken cancellationToken) =>
        client.TokensAsync([("grant_type", "authorization_code"), ("code", code), ("code_verifier", verifier)], cancellationToken);

    public override Task<ProviderResult<OAuthTokens>> RefreshAsync(bool isSandbox, string refreshToken, CancellationToken cancellationToken) =>
        client.TokensAsync([("grant_type", "refresh_token"), ("refresh_token", refreshToken)], cancellationToken);

    public override async Task<ProviderFailure?> RevokeAsync(bool isSandbox, string refreshToken, CancellationToken cancellationToken) =>
        (await client.PostAsync("/revoke", [("token", refreshToken)], static _ => true, cancellationToken)).Failure;
}

internal sealed class QuillCheck(QuillClient client) : AccountCheck
{
    public override async Task<ProviderResult<CheckedAccount>> CheckAsync(ProviderAccount account, CancellationToken cancellationToken) =>
        await client.LettersAsync(account, cancellationToken) is { } failure ? failure : new CheckedAccount(null, null, [], []);
}

internal sealed class QuillClient(IOptions<QuillOptions> options, TimeProvider clock, Limits limits) : IDisposable
{
    private readonly ProviderHttp http = new(new QuillFailures(clock), options.Value.Timeout, clock, limits);

    public async Task<ProviderFailure?> LettersAsync(ProviderAccount account, CancellationToken cancellationToken) =>
        (await http.SendAsync(new(HttpMethod.Get, account, "/letters", CallEffect.Read), static _ => true, cancellationToken)).Failure;

    public Task<ProviderResult<OAuthTokens>> TokensAsync((string, string)[] fields, CancellationToken cancellationToken) =>
        PostAsync("/token", fields, Tokens, cancellationToken);

    public Task<ProviderResult<T>> PostAsync<T>(string path, (string, string)[] fields, BodyReader<T> read, CancellationToken cancellationToken) =>
        http.SendAsync(
        new(HttpMethod.Post, new("quill", "quill:oauth", options.Value.Address, "", IsSandbox: false), path,
        CallEffect.RepeatableWrite) { Body = ProviderRequest.Form(fields), IsForm = true },
        read, cancellationToken);

    public void Dispose() => http.Dispose();

    private static OAuthTokens Tokens(ReadOnlySpan<byte> body)
    {
        var reader = new Utf8JsonReader(body);
        using var json = JsonDocument.ParseValue(ref reader);
        var told = json.RootElement;
        return new(told.Text("access_token")!, told.Text("refresh_token"), TimeSpan.FromSeconds(told.Number("expires_in") ?? 0), told.Text("account"),
            ["letters.write"]);
    }
}

internal sealed class QuillFailures(TimeProvider clock) : FailureReader("quill", clock)
{
    protected override ProviderError ReadError(JsonElement body) => new(null, body.Text("error"), body.Text("message"));
}
