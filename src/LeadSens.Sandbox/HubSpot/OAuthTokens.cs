using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using LeadSens.Sandbox.Control;
using LeadSens.Sandbox.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace LeadSens.Sandbox.HubSpot;

/// <summary>The token endpoint of the dated version, with introspection and revocation. One app exists: any client id whose secret is the id
/// with <c>-secret</c> behind it.</summary>
internal sealed class OAuthTokens(Credentials credentials, Authorize authorize)
{
    public Reply Token(Call call)
    {
        var form = Form(call);
        if (!IsApp(form, out var client)) return OAuthErrors.InvalidClient();
        return form.GetValueOrDefault("grant_type") switch
        {
            "authorization_code" => Exchange(form, client),
            "refresh_token" => Refresh(form, client),
            _ => OAuthErrors.InvalidRequest("grant_type must be authorization_code or refresh_token"),
        };
    }

    public Reply Introspect(Call call)
    {
        var form = Form(call);
        if (!IsApp(form, out _)) return OAuthErrors.InvalidClient();
        var grant = credentials.GrantOf(form.GetValueOrDefault("token", ""));
        return Reply.Json(200, json =>
        {
            json.WriteStartObject();
            json.WriteBoolean("active", grant is not null);
            if (grant is not null)
            {
                json.WriteNumber("hub_id", grant.Hub);
                json.WriteString("hub_domain", $"sandbox-{grant.Hub}.example");
                json.WriteString("client_id", grant.ClientId);
                Scopes(json, grant);
            }

            json.WriteEndObject();
        });
    }

    public Reply Revoke(Call call)
    {
        var form = Form(call);
        if (!IsApp(form, out _)) return OAuthErrors.InvalidClient();
        if (credentials.GrantOf(form.GetValueOrDefault("token", "")) is { } grant) credentials.Revoke(grant);
        return Reply.Json(200, json => { json.WriteStartObject(); json.WriteEndObject(); });
    }

    private Reply Exchange(Dictionary<string, string> form, string client)
    {
        if (authorize.Take(form.GetValueOrDefault("code", "")) is not { } code || code.ClientId != client) return OAuthErrors.InvalidCode("missing or unknown auth code");
        if (form.GetValueOrDefault("redirect_uri") != code.RedirectUri) return OAuthErrors.RedirectMismatch();
        if (code.Challenge is { } challenge && Challenge(form.GetValueOrDefault("code_verifier", "")) != challenge) return OAuthErrors.InvalidCode("code_verifier does not match the code_challenge");
        return Answer(credentials.Add(client, code.Scopes));
    }

    private Reply Refresh(Dictionary<string, string> form, string client)
    {
        var token = form.GetValueOrDefault("refresh_token", "");
        return token.StartsWith("sbxr.", StringComparison.Ordinal) && credentials.GrantOf(token) is { } grant && grant.ClientId == client && grant.Take(token, credentials.Rules.Rotating)
            ? Answer(grant)
            : OAuthErrors.InvalidRefreshToken();
    }

    private Reply Answer(Grant grant) => Reply.Json(200, json =>
    {
        json.WriteStartObject();
        json.WriteString("token_type", "bearer");
        json.WriteString("access_token", credentials.Access(grant));
        json.WriteString("refresh_token", Credentials.Refresh(grant));
        json.WriteNumber("expires_in", credentials.Rules.ExpiresIn);
        json.WriteNumber("hub_id", grant.Hub);
        json.WriteNumber("user_id", 1001);
        Scopes(json, grant);
        json.WriteEndObject();
    });

    private static void Scopes(Utf8JsonWriter json, Grant grant)
    {
        json.WriteStartArray("scopes");
        foreach (var scope in grant.Scopes) json.WriteStringValue(scope);
        json.WriteEndArray();
    }

    private static bool IsApp(Dictionary<string, string> form, out string client)
    {
        client = form.GetValueOrDefault("client_id", "");
        return client.Length > 0 && form.GetValueOrDefault("client_secret") == client + "-secret";
    }

    private static Dictionary<string, string> Form(Call call) =>
        QueryHelpers.ParseQuery(Encoding.UTF8.GetString(call.Body)).ToDictionary(pair => pair.Key, pair => pair.Value.ToString(), StringComparer.Ordinal);

    private static string Challenge(string verifier) => Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(verifier)));
}
