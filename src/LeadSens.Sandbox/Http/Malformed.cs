using LeadSens.Sandbox.Control;

namespace LeadSens.Sandbox.Http;

/// <summary>What arrives when something between the vendor and us breaks a good answer; the call itself took effect.</summary>
internal static class Malformed
{
    private const string GatewayPage =
        "<!DOCTYPE html><html><head><title>502 Bad Gateway</title></head><body><center><h1>502 Bad Gateway</h1></center><hr><center>cloudflare</center></body></html>";

    public static Reply Of(Reply good, Spoil spoil) => spoil switch
    {
        Spoil.Html => Reply.Text(200, "text/html; charset=utf-8", GatewayPage),
        Spoil.Empty => good with { Body = default, Events = [] },
        Spoil.Json => good with { Body = good.Body[..(good.Body.Length / 2)], Events = [.. good.Events.Take(1)] },
        _ => good,
    };
}
