using System.Text.Json.Serialization;

namespace LeadSens.Server.Connections.Providers.HubSpot;

/// <summary>A contact that HubSpot holds.</summary>
internal sealed record HubSpotContact([property: JsonRequired] string Id, IReadOnlyDictionary<string, string?>? Properties)
{
    /// <summary>The primary address, as HubSpot holds it.</summary>
    [JsonIgnore]
    public string? Email => Properties?.GetValueOrDefault("email");

    /// <summary>Every address that this contact answers to: a read by e-mail also finds contacts by their other addresses.</summary>
    public IEnumerable<string> Emails() =>
        (Properties?.GetValueOrDefault("hs_additional_emails") ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
        .Concat(Email is { } email ? [email] : []);
}

/// <summary>A contact to create or update.</summary>
/// <param name="TraceId">Ties the outcome to this input, for example the lead's id.</param>
/// <param name="Properties">HubSpot's lower-case names; every value is a text, an empty one clears.</param>
internal sealed record HubSpotContactInput(string Email, string TraceId, IReadOnlyDictionary<string, string> Properties);

/// <summary>What became of one input: a contact, or the reason why there is none.</summary>
internal sealed record HubSpotUpsertOutcome(string TraceId, string? ContactId, bool Created, string? Refusal);

internal sealed record BatchReadRequest(IReadOnlyList<BatchReadInput> Inputs, string IdProperty, IReadOnlyList<string> Properties);

internal sealed record BatchReadInput(string Id);

internal sealed record BatchReadAnswer(IReadOnlyList<HubSpotContact> Results, IReadOnlyList<HubSpotBatchError>? Errors)
{
    [JsonRequired]
    public IReadOnlyList<HubSpotContact> Results { get; init; } = JsonRead.Whole(Results);

    public IReadOnlyList<HubSpotBatchError> Errors { get; init; } = JsonRead.Whole(Errors ?? []);
}

internal sealed record BatchUpsertRequest(IReadOnlyList<BatchUpsertInput> Inputs);

internal sealed record BatchUpsertInput(string Id, string IdProperty, IReadOnlyDictionary<string, string> Properties, string ObjectWriteTraceId);

internal sealed record BatchUpsertAnswer(IReadOnlyList<UpsertedContact> Results, IReadOnlyList<HubSpotBatchError>? Errors)
{
    [JsonRequired]
    public IReadOnlyList<UpsertedContact> Results { get; init; } = JsonRead.Whole(Results);

    public IReadOnlyList<HubSpotBatchError> Errors { get; init; } = JsonRead.Whole(Errors ?? []);
}

internal sealed record UpsertedContact(
    [property: JsonRequired] string Id, bool? New, IReadOnlyDictionary<string, string?>? Properties, string? ObjectWriteTraceId);

internal sealed record HubSpotBatchError(
    string? Status, string? Category, string? SubCategory, string? Message, IReadOnlyDictionary<string, IReadOnlyList<string>>? Context)
{
    /// <summary>A read that did not find what it asked for.</summary>
    [JsonIgnore]
    public bool IsNotFound => Category == "OBJECT_NOT_FOUND" || SubCategory?.Contains("OBJECT_NOT_FOUND", StringComparison.Ordinal) == true;

    public bool Names(string value) =>
        Context?.Values.Any(values => values?.Contains(value, StringComparer.OrdinalIgnoreCase) == true) == true;
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true, NumberHandling = JsonNumberHandling.AllowReadingFromString)]
[JsonSerializable(typeof(BatchReadRequest))]
[JsonSerializable(typeof(BatchReadAnswer))]
[JsonSerializable(typeof(BatchUpsertRequest))]
[JsonSerializable(typeof(BatchUpsertAnswer))]
internal sealed partial class HubSpotJson : JsonSerializerContext;
