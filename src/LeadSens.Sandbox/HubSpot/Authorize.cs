using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using LeadSens.Sandbox.Control;
using LeadSens.Sandbox.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace LeadSens.Sandbox.HubSpot;

/// <summary>A code that waits to be exchanged.</summary>
internal sealed record AuthorizationCode(string ClientId, string RedirectUri, string? Challenge, IReadOnlyList<string> Scopes);

/// <summary>The page on which a person lets an app in, or does not.</summary>
internal sealed class Authorize(Credentials credentials)
{
    private readonly ConcurrentDictionary<string, AuthorizationCode> codes = new(StringComparer.Ordinal);

    /// <summary>A code works once.</summary>
    public AuthorizationCode? Take(string code) => codes.TryRemove(code, out var taken) ? taken : null;

    public Reply Ask(Call call)
    {
        var (client, redirect) = (call.QueryValue("client_id"), call.QueryValue("redirect_uri"));
        if (string.IsNullOrEmpty(client)) return Page(400, "<p>This app does not exist: client_id is missing.</p>");
        if (redirect is null || !Uri.TryCreate(redirect, UriKind.Absolute, out _)) return Page(400, "<p>The redirect_uri is missing or no address.</p>");
        if (call.QueryValue("code_challenge") is not null && call.QueryValue("code_challenge_method") != "S256") return Page(400, "<p>code_challenge_method must be S256.</p>");
        var decision = call.QueryValue("sandbox_decision") ?? credentials.Rules.Consent;
        return decision switch
        {
            "allow" => Back(redirect, "code", Code(call, client, redirect), call.QueryValue("state")),
            "deny" => Back(redirect, "error", "access_denied", call.QueryValue("state")),
            _ => Page(200, $"<p>Connect the app <b>{WebUtility.HtmlEncode(client)}</b> to account {credentials.Rules.Hub}?</p><p>It asks for: {WebUtility.HtmlEncode(call.QueryValue("scope"))}</p>"
                + $"<p><a id='allow' href='{Link(call, "allow")}'>Connect app</a> · <a id='deny' href='{Link(call, "deny")}'>Cancel</a></p>"),
        };
    }

    private string Code(Call call, string client, string redirect)
    {
        var asked = (call.QueryValue("scope") ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var code = RandomNumberGenerator.GetHexString(36, lowercase: true);
        codes[code] = new(client, redirect, call.QueryValue("code_challenge"), credentials.Rules.Scopes is { } most ? [.. asked.Intersect(most)] : asked);
        return code;
    }

    private static string Link(Call call, string decision) => WebUtility.HtmlEncode(QueryHelpers.AddQueryString($"/hubspot{call.Path}{call.Query}", "sandbox_decision", decision));

    private static Reply Back(string redirect, string name, string value, string? state)
    {
        var address = QueryHelpers.AddQueryString(redirect, name, value);
        if (state is not null) address = QueryHelpers.AddQueryString(address, "state", state);
        return Reply.Text(302, "text/plain", "").With("Location", address);
    }

    private static Reply Page(int status, string body) => Reply.Text(status, "text/html; charset=utf-8", $"<!DOCTYPE html><title>HubSpot (Sandbox)</title><h1>HubSpot (Sandbox)</h1>{body}");
}
