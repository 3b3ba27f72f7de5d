namespace LeadSens.Server.Calls;

/// <summary>What a vendor's error body says.</summary>
/// <param name="Status">The HTTP status that the body itself names; null when the body is not an error.</param>
/// <param name="Code">The vendor's own code or category.</param>
internal sealed record ProviderError(int? Status, string? Code, string? Message);
