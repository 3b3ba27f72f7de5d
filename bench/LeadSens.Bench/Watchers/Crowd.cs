using LeadSens.Demo;

namespace LeadSens.Bench.Watchers;

/// <summary>Many tabs, each with a stream of its own.</summary>
internal sealed class Crowd : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly CancellationTokenSource over = new();
    private readonly HttpClient http;
    private readonly List<Task> tabs = [];
    private long events, begun;

    private Crowd(Uri server) =>
        http = new() { BaseAddress = server, Timeout = Timeout.InfiniteTimeSpan, DefaultRequestHeaders = { { "X-Api-Key", ApiClient.DevelopmentKey } } };

    /// <summary>What all of them have heard.</summary>
    public long Events => Interlocked.Read(ref events);

    public static async Task<Crowd> OpenAsync(Uri server, string path, int watchers, CancellationToken cancellationToken)
    {
        var crowd = new Crowd(server);
        // One after the other, as people come.
        for (var tab = 0; tab < watchers; tab++)
            crowd.tabs.Add(crowd.ListenAsync(await crowd.http.GetStreamAsync(new Uri(path, UriKind.Relative), cancellationToken)));
        for (var waited = TimeSpan.Zero; Interlocked.Read(ref crowd.begun) < watchers; waited += TimeSpan.FromMilliseconds(50))
        {
            foreach (var refused in crowd.tabs.Where(tab => tab.IsCompleted)) await refused;
            if (waited > Patience) throw new InvalidOperationException($"Only {crowd.begun} of {watchers} who watch were told anything.");
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, cancellationToken);
        }
        return crowd;
    }

    public async ValueTask DisposeAsync()
    {
        await over.CancelAsync();
        await Task.WhenAll(tabs);
        http.Dispose();
        over.Dispose();
    }

    private async Task ListenAsync(Stream stream)
    {
        await using var open = stream;
        try
        {
            var buffer = new byte[16_384];
            for (var heard = 0L; await stream.ReadAsync(buffer, over.Token) is var length and > 0;)
            {
                var told = Count(buffer.AsSpan(0, length));
                Interlocked.Add(ref events, told);
                if (heard == 0 && told > 0) Interlocked.Increment(ref begun);
                heard += told;
            }
        }
        catch (OperationCanceledException) when (over.IsCancellationRequested)
        {
            // It is closed.
        }
    }

    private static int Count(ReadOnlySpan<byte> text)
    {
        var count = 0;
        for (var at = text.IndexOf("event:"u8); at >= 0; at = text.IndexOf("event:"u8))
        {
            count++;
            text = text[(at + 1)..];
        }
        return count;
    }
}
