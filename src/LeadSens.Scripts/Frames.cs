using System.Buffers.Binary;

namespace LeadSens.Scripts;

/// <summary>Messages over a pair of pipes: four bytes of length, then JSON.</summary>
public sealed class Frames(Stream input, Stream output)
{
    /// <summary>Bytes of the longest message, and so of the largest value that goes in or comes out.</summary>
    public const int Longest = 4 * 1024 * 1024;

    private readonly byte[] _head = new byte[sizeof(int)];

    /// <summary>The next message; null when the other side is gone.</summary>
    /// <exception cref="InvalidDataException">The other side does not keep to the form.</exception>
    public byte[]? Read()
    {
        if (input.ReadAtLeast(_head, _head.Length, throwOnEndOfStream: false) < _head.Length) return null;
        var length = BinaryPrimitives.ReadInt32LittleEndian(_head);
        if (length is < 0 or > Longest) throw new InvalidDataException($"A message of {length} bytes.");
        var message = new byte[length];
        return input.ReadAtLeast(message, length, throwOnEndOfStream: false) < length ? null : message;
    }

    /// <summary>Sends a message in one write.</summary>
    public void Write(ReadOnlySpan<byte> message)
    {
        var frame = new byte[sizeof(int) + message.Length];
        BinaryPrimitives.WriteInt32LittleEndian(frame, message.Length);
        message.CopyTo(frame.AsSpan(sizeof(int)));
        output.Write(frame);
        output.Flush();
    }
}
