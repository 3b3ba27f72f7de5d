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
internal sealed record ResumeToken(Guid LinkId, Guid WorkspaceId, Guid InstanceId, Guid? BookmarkId, string? EventName, DateTimeOffset? ExpiresAt)
{
    /// <summary>The person who gave it out; null: a key or the workflow did.</summary>
    public Guid? UserId { get; init; }

    /// <summary>How often the person had reset their password then.</summary>
    public int Resets { get; init; }

    /// <summary>Since when the person had been a member then, in microseconds; null for a link that does not say.</summary>
    public long? MemberSince { get; init; }

    /// <summary>The key with which it was given out.</summary>
    public Guid? KeyId { get; init; }
}

/// <summary>Signs links with a key made from the encryption key, so that every node takes what another has given out.</summary>
internal sealed class ResumeTokens(SigningKeys keys)
{
    private const int MacBytes = 32;
    private const int FixedBytesOfFirst = 9 + 16 * 4, FixedBytesOfSecond = 9 + 16 * 6, FixedBytes = FixedBytesOfSecond + 4 + 8;

    /// <summary>Links of the first version do not say who gave them out, those of the second not after how many resets and since when a member.</summary>
    private const byte First = 1, Second = 2, Version = 3;

    public string Write(ResumeToken token)
    {
        var name = Encoding.UTF8.GetBytes(token.EventName ?? "");
        var bytes = new byte[FixedBytes + name.Length + MacBytes];
        bytes[0] = Version;
        BinaryPrimitives.WriteInt64BigEndian(bytes.AsSpan(1), token.ExpiresAt?.ToUnixTimeSeconds() ?? long.MaxValue);
        Guid[] ids = [token.LinkId, token.WorkspaceId, token.InstanceId, token.BookmarkId ?? Guid.Empty, token.UserId ?? Guid.Empty, token.KeyId ?? Guid.Empty];
        foreach (var (place, id) in ids.Index()) id.TryWriteBytes(bytes.AsSpan(9 + 16 * place));
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(FixedBytesOfSecond), token.Resets);
        BinaryPrimitives.WriteInt64BigEndian(bytes.AsSpan(FixedBytesOfSecond + 4), token.MemberSince ?? 0);
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
        if (bytes.Length == 0 || bytes[0] is not (Version or Second or First)) return null;
        var start = bytes[0] switch { First => FixedBytesOfFirst, Second => FixedBytesOfSecond, _ => FixedBytes };
        if (bytes.Length < start + MacBytes) return null;
        if (!keys.Verify(SigningUse.Links, bytes.AsSpan(^MacBytes..), key => HMACSHA256.HashData(key, bytes.AsSpan(..^MacBytes)))) return null;
        var seconds = BinaryPrimitives.ReadInt64BigEndian(bytes.AsSpan(1));
        return new(
            Id(0) ?? Guid.Empty, Id(1) ?? Guid.Empty, Id(2) ?? Guid.Empty, Id(3), Id(3) is null ? Encoding.UTF8.GetString(bytes.AsSpan(start..^MacBytes)) : null,
            seconds == long.MaxValue ? null : DateTimeOffset.FromUnixTimeSeconds(seconds))
        {
            UserId = bytes[0] == First ? null : Id(4), KeyId = bytes[0] == First ? null : Id(5),
            Resets = bytes[0] == Version ? BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(FixedBytesOfSecond)) : 0,
            MemberSince = bytes[0] == Version ? BinaryPrimitives.ReadInt64BigEndian(bytes.AsSpan(FixedBytesOfSecond + 4)) : null,
        };

        Guid? Id(int place) => new Guid(bytes.AsSpan(9 + 16 * place, 16)) is var id && id == Guid.Empty ? null : id;
    }
}
