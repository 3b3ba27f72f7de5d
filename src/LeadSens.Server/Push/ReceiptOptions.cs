using System.ComponentModel.DataAnnotations;

namespace LeadSens.Server.Push;

/// <summary>The receipts' key, derived from <c>LeadSens:EncryptionKey</c>.</summary>
internal sealed class ReceiptOptions
{
    [Required, MinLength(32)]
    public byte[] Key { get; set; } = [];
}
