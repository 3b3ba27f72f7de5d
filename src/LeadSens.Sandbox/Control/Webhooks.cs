using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using LeadSens.Sandbox.Http;

namespace LeadSens.Sandbox.Control;

/// <summary>A webhook to send: <c>POST /_sandbox/webhooks</c>.</summary>
/// <param name="Vendor">hubspot signs (v3) with the secret; instantly sends it in the header.</param>
/// <param name="Body">As it goes out.</param>
/// <param name="Header">Of Instantly's secret.</param>
/// <param name="Timestamp">Milliseconds that HubSpot signs; absent: now.</param>
internal sealed record WebhookRequest(string Vendor, string Url, string Secret, string Body, string? Header = null, long? Timestamp = null);

/// <summary>Calls back as the vendors do.</summary>
internal sealed partial class Webhooks(TimeProvider clock) : IDisposable
{
    private readonly HttpClient http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false }) { Timeout = TimeSpan.FromSeconds(10) };

    /// <summary>What the receiver answered; 502 where nobody did.</summary>
    public async Task<Reply> SendAsync(Call call, CancellationToken cancellationToken)
    {
        try
        {
            var wanted = JsonSerializer.Deserialize(call.Body, ControlJson.Default.WebhookRequest)!;
            using var request = new HttpRequestMessage(HttpMethod.Post, wanted.Url) { Content = new StringContent(wanted.Body, Encoding.UTF8, "application/json") };
            if (wanted.Vendor == "hubspot") Sign(request, wanted);
            else request.Headers.Add(wanted.Header ?? "X-Webhook-Secret", wanted.Secret);
            using var answer = await http.SendAsync(request, cancellationToken);
            return Say(200, (int)answer.StatusCode);
        }
        catch (Exception mistake) when (mistake is JsonException or UriFormatException or InvalidOperationException or FormatException)
        {
            return Say(400, 0);
        }
        catch (HttpRequestException)
        {
            return Say(502, 0);
        }
    }

    public void Dispose() => http.Dispose();

    private void Sign(HttpRequestMessage request, WebhookRequest wanted)
    {
        var timestamp = (wanted.Timestamp ?? clock.GetUtcNow().ToUnixTimeMilliseconds()).ToString(CultureInfo.InvariantCulture);
        var address = Decodable().Replace(wanted.Url, part => Uri.UnescapeDataString(part.Value));
        var code = HMACSHA256.HashData(Encoding.UTF8.GetBytes(wanted.Secret), Encoding.UTF8.GetBytes($"POST{address}{wanted.Body}{timestamp}"));
        request.Headers.Add("X-HubSpot-Request-Timestamp", timestamp);
        request.Headers.Add("X-HubSpot-Signature-v3", Convert.ToBase64String(code));
    }

    private static Reply Say(int status, int answered) => Reply.Json(status, json =>
    {
        json.WriteStartObject();
        json.WriteNumber("status", answered);
        json.WriteEndObject();
    });

    [GeneratedRegex("%(3A|2F|3F|40|21|24|27|28|29|2A|2C|3B)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Decodable();
}
