using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using LeadSens.Server.Leads;
using LeadSens.Server.Webhooks;
using Microsoft.Extensions.Options;
using Npgsql;

namespace LeadSens.Server.Tests.Providers.Quill;

/// <summary>Signs each call with the HMAC of its body, and tells of letters that came back.</summary>
[AppWebhook]
internal sealed class QuillWebhook(LeadAnswers answers, IOptions<QuillOptions> options) : ProviderWebhook
{
    public const string Header = "X-Quill-Signature";

    public override string SecretToBring => "The signing secret of the Quill mailbox.";

    public override string? AppSecret => options.Value.ClientSecret;

    public static string Sign(string secret, byte[] body) => Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), body));

    public override bool Verify(WebhookCall call, IReadOnlyList<string> secrets) =>
        IsOneOf([.. secrets.Select(secret => Sign(secret, call.Body))], call.Headers[Header]);

    public override IReadOnlyList<IncomingEvent>? Read(byte[] body, DateTimeOffset now)
    {
        try
        {
            var told = JsonSerializer.Deserialize<Told>(body, JsonSerializerOptions.Web)!;
            return [new(told.Id, told.Type, null, LeadAddress.KeyOf(told.To), now, body, told.Account)];
        }
        catch (JsonException)
        {
            return null;
        }
    }

    public override Task<WebhookEffect> ApplyAsync(NpgsqlConnection connection, TakenWebhook told, byte[] body, CancellationToken cancellationToken) =>
        answers.ApplyAsync(
        connection, told, LeadAddress.KeyOf(JsonSerializer.Deserialize<Told>(body, JsonSerializerOptions.Web)!.To)!, told.Type == "returned"
        ? LeadAnswer.Bounced : null, cancellationToken);

    private sealed record Told(string Id, string Type, string To, string? Account);
}
