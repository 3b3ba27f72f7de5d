using System.Buffers;

namespace LeadSens.Server.Calls;

/// <summary>Bytes of one request or answer in a rented array. Disposing hands the array back; a call that failed midway leaves it to
/// the collector instead, because the transport may still hold it.</summary>
internal sealed class PooledBuffer(int capacity = 4096) : IBufferWriter<byte>, IDisposable
{
    private byte[] array = ArrayPool<byte>.Shared.Rent(capacity);

    public int Length { get; private set; }

    public ReadOnlyMemory<byte> Written => array.AsMemory(0, Length);

    public Span<byte> Bytes => array.AsSpan(0, Length);

    public void Advance(int count) => Length += count;

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Reserve(Math.Max(sizeHint, 1));
        return array.AsMemory(Length);
    }

    public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    public void Dispose()
    {
        var rented = array;
        array = [];
        if (rented.Length > 0) ArrayPool<byte>.Shared.Return(rented);
    }

    private void Reserve(int free)
    {
        if (array.Length - Length >= free) return;
        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(Length + free, array.Length * 2));
        array.AsSpan(0, Length).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(array);
        array = larger;
    }
}
