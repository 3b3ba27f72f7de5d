using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace LeadSens.Server.Push;

/// <summary>What a receipt says.</summary>
/// <param name="Sequence">1, 2, 3, … in its campaign.</param>
/// <param name="ContentHash">What was approved, for a lead.</param>
internal sealed record ReceiptFacts(
    Guid CampaignId, long Sequence, Guid WorkspaceId, Guid IntentId, string Account, string Kind, string Subject, Guid? LeadId,
    byte[]? ContentHash, string ProviderId, DateTimeOffset At);

/// <summary>The chain: each receipt's code covers its own canonical bytes and the code before it, so that no receipt can be changed,
/// dropped or put in without the key.</summary>
internal static class ReceiptChain
{
    /// <summary>The code before the first receipt.</summary>
    public static readonly byte[] Genesis = new byte[32];

    public static byte[] Mac(byte[] key, byte[] previous, ReceiptFacts receipt)
    {
        using var hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key);
        hmac.AppendData("leadsens-receipt-1"u8);
        hmac.AppendData(previous);
        Span<byte> length = stackalloc byte[4];
        foreach (var field in Fields(receipt))
        {
            BinaryPrimitives.WriteInt32BigEndian(length, field.Length);
            hmac.AppendData(length);
            hmac.AppendData(field);
        }
        return hmac.GetHashAndReset();
    }

    /// <summary>The code of a receipt whose subject was erased; it is bound to the one that the receipt had.</summary>
    public static byte[] ErasureMac(byte[] key, byte[] previous, byte[] mac, ReceiptFacts left)
    {
        using var hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key);
        hmac.AppendData("leadsens-receipt-erased-1"u8);
        hmac.AppendData(mac);
        hmac.AppendData(Mac(key, previous, left));
        return hmac.GetHashAndReset();
    }

    private static byte[][] Fields(ReceiptFacts receipt) =>
    [
        Id(receipt.CampaignId), Number(receipt.Sequence), Id(receipt.WorkspaceId), Id(receipt.IntentId), Text(receipt.Account), Text(receipt.Kind),
        Text(receipt.Subject), receipt.LeadId is { } lead ? Id(lead) : [], receipt.ContentHash ?? [], Text(receipt.ProviderId),
        Number(receipt.At.ToUnixTimeMilliseconds()),
    ];

    private static byte[] Id(Guid id) => id.ToByteArray(bigEndian: true);

    private static byte[] Text(string text) => Encoding.UTF8.GetBytes(text);

    private static byte[] Number(long number)
    {
        var bytes = new byte[8];
        BinaryPrimitives.WriteInt64BigEndian(bytes, number);
        return bytes;
    }
}
