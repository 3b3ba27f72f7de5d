using System.Buffers;
using System.Buffers.Text;
using System.Security.Cryptography;

namespace LeadSens.Server.Approvals;

/// <summary>The secret in an approval's link: 256 random bits, of which only the hash is kept.</summary>
internal sealed record ApprovalToken(string Text, byte[] Hash)
{
    private const int Bytes = 32;

    public static ApprovalToken New()
    {
        var token = RandomNumberGenerator.GetBytes(Bytes);
        return new(Base64Url.EncodeToString(token), SHA256.HashData(token));
    }

    /// <summary>Null for what cannot be one.</summary>
    public static byte[]? HashOf(string text)
    {
        Span<byte> bytes = stackalloc byte[Bytes];
        // The form that answers with a status: TryDecodeFromChars throws on what is no Base64.
        return text.Length == Base64Url.GetEncodedLength(Bytes) && Base64Url.DecodeFromChars(text, bytes, out _, out var read) == OperationStatus.Done && read == Bytes ? SHA256.HashData(bytes) : null;
    }

    /// <summary>Nobody gets to see it by printing the record.</summary>
    public override string ToString() => "(secret)";
}
