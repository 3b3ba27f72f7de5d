namespace LeadSens.Server.Connections.Providers.HubSpot;

/// <summary>Ties a batch's results to its inputs: by trace id, else by address. Whatever has no result was refused.</summary>
internal static class UpsertOutcomes
{
    public static IReadOnlyList<HubSpotUpsertOutcome> Of(IReadOnlyList<HubSpotContactInput> inputs, BatchUpsertAnswer answer, string secret)
    {
        var byTrace = new Dictionary<string, UpsertedContact>(StringComparer.Ordinal);
        var byEmail = new Dictionary<string, UpsertedContact>(StringComparer.OrdinalIgnoreCase);
        foreach (var contact in answer.Results)
        {
            if (contact.ObjectWriteTraceId is { } trace) byTrace.TryAdd(trace, contact);
            if (contact.Properties?.GetValueOrDefault("email") is { } email) byEmail.TryAdd(email, contact);
        }

        return [.. inputs.Select(input =>
            byTrace.TryGetValue(input.TraceId, out var contact) || byEmail.TryGetValue(input.Email, out contact)
                ? new HubSpotUpsertOutcome(input.TraceId, contact.Id, contact.New ?? false, null)
                : new HubSpotUpsertOutcome(input.TraceId, null, false, Reason(input, answer.Errors, secret)))];
    }

    private static string Reason(HubSpotContactInput input, IReadOnlyList<HubSpotBatchError> errors, string secret)
    {
        var error = errors.FirstOrDefault(e => e.Names(input.TraceId) || e.Names(input.Email)) ?? (errors.Count == 1 ? errors[0] : null);
        return error?.Message is { Length: > 0 } message ? SafeText.Of(message, secret) : "HubSpot gave no result for this contact.";
    }
}
