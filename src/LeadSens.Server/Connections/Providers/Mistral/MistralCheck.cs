using System.Text.Json;

namespace LeadSens.Server.Connections.Providers.Mistral;

/// <summary>Lists the models.</summary>
internal sealed class MistralCheck(MistralHttp mistral) : AccountCheck
{
    public override async Task<ProviderResult<CheckedAccount>> CheckAsync(ProviderAccount account, CancellationToken cancellationToken)
    {
        var models = await mistral.Http.SendAsync(new(HttpMethod.Get, account, "/v1/models", CallEffect.Read), Count, cancellationToken);
        return models.Succeeded ? new CheckedAccount(null, null, [], []) : models.Failure;
    }

    private static object Count(ReadOnlySpan<byte> body)
    {
        var reader = new Utf8JsonReader(body);
        using var json = JsonDocument.ParseValue(ref reader);
        return json.RootElement.GetProperty("data").GetArrayLength() is > 0 and var models ? models : throw new JsonException("no models");
    }
}
