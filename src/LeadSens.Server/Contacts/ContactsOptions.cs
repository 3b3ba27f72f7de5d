using System.ComponentModel.DataAnnotations;

namespace LeadSens.Server.Contacts;

/// <summary>How old what is known of a person may be before it is asked for again (configuration section <c>Contacts</c>), in days.</summary>
internal sealed class ContactsOptions
{
    public const string Section = "Contacts";

    /// <summary>Whether an address takes mail.</summary>
    [Range(1, 3650)]
    public int VerificationDays { get; set; } = 90;

    /// <summary>What the company does, as long as the person is with it.</summary>
    [Range(1, 3650)]
    public int EnrichmentDays { get; set; } = 180;
}
