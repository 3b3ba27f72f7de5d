namespace LeadSens.Server.Connections;

/// <summary>Reads answers into rented memory, up to a size that no honest answer has.</summary>
internal static class AnswerBody
{
    private const int Largest = 16 * 1024 * 1024;

    /// <exception cref="IOException">The connection broke, or the answer is larger than any contract's.</exception>
    public static async Task<PooledBuffer> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
        var announced = response.Content.Headers.ContentLength ?? 0;
        if (announced > Largest) throw new IOException("The answer is too large.");
        var buffer = new PooledBuffer((int)Math.Max(announced + 1, 4096));
        while (true)
        {
            var read = await stream.ReadAsync(buffer.GetMemory(1), cancellationToken);
            if (read == 0) return buffer;
            buffer.Advance(read);
            if (buffer.Length > Largest) throw new IOException("The answer is too large.");
        }
    }
}
