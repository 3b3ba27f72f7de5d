namespace LeadSens.Server.Contacts;

/// <summary>What is known of a lead's company, in the statements of others.</summary>
internal static class KnownCompany
{
    /// <summary>Joins it to <c>leads l</c> as <c>e</c>, as long as the person is with that company.</summary>
    public const string Join = """
        left join contact_enrichments e on e.workspace_id = l.workspace_id and e.contact_id = l.contact_id
            and e.company_name is not distinct from l.company_name
        """;

    /// <summary>Whether there is some for this lead that need not be asked for again.</summary>
    /// <param name="lead">What the statement calls the lead.</param>
    /// <param name="days">The parameter with <see cref="ContactsOptions.EnrichmentDays"/>.</param>
    public static string Fresh(string lead, string days) => $"""
        exists (
            select from contact_enrichments known where known.workspace_id = {lead}.workspace_id and known.contact_id = {lead}.contact_id
                and known.company_name is not distinct from {lead}.company_name and known.profile is not null
                and known.enriched_at > clock_now() - make_interval(days => {days}))
        """;
}
