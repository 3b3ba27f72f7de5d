namespace LeadSens.Sandbox.Data;

/// <summary>Somebody the search can find. Null is a gap in the vendor's data.</summary>
/// <param name="Verification">The vendor's status of the address: 1 ok, 11 pending, -1 invalid, -2 risky, -3 catch-all.</param>
internal sealed record Person(
    string? FirstName,
    string? LastName,
    string? Email,
    string? JobTitle,
    string CompanyName,
    string Domain,
    string? Website,
    string? Industry,
    string? CompanySize,
    string? Country,
    string? City,
    string LinkedIn,
    int Verification)
{
    public string? Location => (City, Country) switch
    {
        (null, _) => Country,
        (_, null) => City,
        _ => $"{City}, {Country}",
    };
}
