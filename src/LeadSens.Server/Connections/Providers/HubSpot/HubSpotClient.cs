using LeadSens.Server.Jobs;
using Microsoft.Extensions.Options;

namespace LeadSens.Server.Connections.Providers.HubSpot;

/// <summary>HubSpot's contacts, by the dated API version 2026-09.</summary>
internal sealed class HubSpotClient(IOptions<HubSpotOptions> options, TimeProvider clock, Limits limits) : IDisposable
{
    /// <summary>The most inputs of one call.</summary>
    public const int BatchSize = 100;

    private const string Contacts = "/crm/objects/2026-09/contacts";
    private static readonly string[] ReadProperties = ["email", "hs_additional_emails"];

    private readonly ProviderHttp http = new(new HubSpotFailures(clock), options.Value.Timeout, clock, limits);

    /// <summary>The contacts that answer to these addresses, which must be distinct; those that HubSpot does not know are left out.</summary>
    public async Task<ProviderResult<IReadOnlyList<HubSpotContact>>> BatchReadContactsAsync(
        ProviderAccount account, IReadOnlyList<string> emails, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(emails.Count, BatchSize, nameof(emails));
        var body = ProviderRequest.Json(
            new BatchReadRequest([.. emails.Select(email => new BatchReadInput(email))], "email", ReadProperties), HubSpotJson.Default.BatchReadRequest);
        var answer = await http.SendAsync(
            new(HttpMethod.Post, account, $"{Contacts}/batch/read", CallEffect.Read) { Body = body }, HubSpotJson.Default.BatchReadAnswer.Read, cancellationToken);
        if (!answer.Succeeded) return answer.Failure;
        var refused = answer.Value.Errors.FirstOrDefault(error => !error.IsNotFound);
        return refused is null
            ? new ProviderResult<IReadOnlyList<HubSpotContact>>(answer.Value.Results, null)
            : new ProviderFailure(ProviderFailureKind.Unavailable, HubSpotOptions.Name,
                $"hubspot read only a part: {SafeText.Of(refused.Message ?? "no reason given", account.Secret)}");
    }

    /// <summary>Creates or updates contacts by their addresses, which must be distinct. It can be repeated: a second time updates what
    /// the first one wrote. One outcome for each input, in order.</summary>
    public async Task<ProviderResult<IReadOnlyList<HubSpotUpsertOutcome>>> BatchUpsertContactsAsync(
        ProviderAccount account, IReadOnlyList<HubSpotContactInput> contacts, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(contacts.Count, BatchSize, nameof(contacts));
        var body = ProviderRequest.Json(
            new BatchUpsertRequest([.. contacts.Select(c => new BatchUpsertInput(c.Email, "email", c.Properties, c.TraceId))]),
            HubSpotJson.Default.BatchUpsertRequest);
        var answer = await http.SendAsync(
            new(HttpMethod.Post, account, $"{Contacts}/batch/upsert", CallEffect.RepeatableWrite) { Body = body },
            HubSpotJson.Default.BatchUpsertAnswer.Read, cancellationToken);
        return answer.Succeeded ? new ProviderResult<IReadOnlyList<HubSpotUpsertOutcome>>(UpsertOutcomes.Of(contacts, answer.Value, account.Secret), null) : answer.Failure;
    }

    public void Dispose() => http.Dispose();
}
