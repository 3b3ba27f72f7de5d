namespace LeadSens.Server.Calls;

/// <summary>Reads answers into rented memory, up to a size that no honest answer has.</summary>
internal static class AnswerBody
{
    public const int Largest = 16 * 1024 * 1024;

    /// <exception cref="IOException">The connection broke, the answer is larger than any contract's, or it is not encoded as it says.</exception>
    public static async Task<PooledBuffer> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        try
        {
            var body = await ReadWholeAsync(response, cancellationToken);
            HalfCharacters.Replace(body.Bytes);
            return body;
        }
        catch (Exception broken) when (IsUndecodable(broken))
        {
            throw new IOException("The answer is not encoded as it says.", broken);
        }
    }

    /// <summary>An answer that is read piece by piece, up to the same size.</summary>
    /// <exception cref="IOException">By what reads it: as above.</exception>
    public static async Task<Stream> OpenAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
        return response.Content.Headers.ContentLength > Largest ? throw TooLarge() : new BoundedStream(stream, Largest, TooLarge);
    }

    /// <summary>What the decoders of compressed answers throw.</summary>
    public static bool IsUndecodable(Exception broken) => broken is InvalidDataException or InvalidOperationException and not ObjectDisposedException;

    private static IOException TooLarge() => new("The answer is too large.");

    private static async Task<PooledBuffer> ReadWholeAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
        var announced = response.Content.Headers.ContentLength ?? 0;
        if (announced > Largest) throw TooLarge();
        var buffer = new PooledBuffer((int)Math.Max(announced + 1, 4096));
        while (true)
        {
            var read = await stream.ReadAsync(buffer.GetMemory(1), cancellationToken);
            if (read == 0) return buffer;
            buffer.Advance(read);
            if (buffer.Length > Largest) throw TooLarge();
        }
    }
}
