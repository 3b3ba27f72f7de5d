using System.Buffers;
using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using LeadSens.Server.Secrets;

namespace LeadSens.Server.Studio.Resuming;

/// <summary>What a signed link is for: one bookmark, or an event for one run.</summary>
/// <param name="LinkId">Makes the link work once.</param>
/// <param name="ExpiresAt">Null: never.</param>
internal sealed record ResumeToken(Guid LinkId, Guid WorkspaceId, Guid InstanceId, Guid? BookmarkId, string? EventName, DateTimeOffset? ExpiresAt);

/// <summary>Signs links with a key made from the encryption key, so that every node takes what another has given out.</summary>
internal sealed class ResumeTokens(SigningKeys keys)
{
    private const int MacBytes = 32;
    private const int FixedBytes = 9 + 16 * 4;
    private const byte Version = 1;

    public string Write(ResumeToken token)
    {
        var name = Encoding.UTF8.GetBytes(token.EventName ?? "");
        var bytes = new byte[FixedBytes + name.Length + MacBytes];
        bytes[0] = Version;
        BinaryPrimitives.WriteInt64BigEndian(bytes.AsSpan(1), token.ExpiresAt?.ToUnixTimeSeconds() ?? long.MaxValue);
        Guid[] ids = [token.LinkId, token.WorkspaceId, token.InstanceId, token.BookmarkId ?? Guid.Empty];
        foreach (var (place, id) in ids.Index()) id.TryWriteBytes(bytes.AsSpan(9 + 16 * place));
        name.CopyTo(bytes, FixedBytes);
        HMACSHA256.HashData(keys.Current(SigningUse.Links), bytes.AsSpan(..^MacBytes), bytes.AsSpan(^MacBytes..));
        return Base64Url.EncodeToString(bytes);
    }

    /// <summary>Null for what was not signed here, or was changed since.</summary>
    public ResumeToken? Read(string? text)
    {
        if (string.IsNullOrEmpty(text)) return null;
        var decoded = new byte[Base64Url.GetMaxDecodedLength(text.Length)];
        if (Base64Url.DecodeFromChars(text, decoded, out _, out var length) != OperationStatus.Done) return null;
        var bytes = decoded[..length];
        if (bytes.Length < FixedBytes + MacBytes || bytes[0] != Version) return null;
        if (!keys.Verify(SigningUse.Links, bytes.AsSpan(^MacBytes..), key => HMACSHA256.HashData(key, bytes.AsSpan(..^MacBytes)))) return null;
        var seconds = BinaryPrimitives.ReadInt64BigEndian(bytes.AsSpan(1));
        var bookmark = Id(3);
        return new(
            Id(0), Id(1), Id(2), bookmark == Guid.Empty ? null : bookmark, bookmark == Guid.Empty ? Encoding.UTF8.GetString(bytes.AsSpan(FixedBytes..^MacBytes)) : null,
            seconds == long.MaxValue ? null : DateTimeOffset.FromUnixTimeSeconds(seconds));

        Guid Id(int place) => new(bytes.AsSpan(9 + 16 * place, 16));
    }
}
