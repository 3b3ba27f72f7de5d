using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace LeadSens.Server.Tests.Support;

/// <summary>Stands between a Server and PostgreSQL and loses answers: what was asked is done, and the connection breaks in the middle of the answer.</summary>
internal sealed class LossyRelay : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly IPEndPoint _database;
    private readonly Task _accepting;
    private CancellationTokenSource _link = new();
    private int _every;
    private int _answers;
    private int _lost;

    public LossyRelay(string connectionString)
    {
        var address = new NpgsqlConnectionStringBuilder(connectionString);
        _database = new(IPAddress.Loopback, address.Port);
        _listener.Start();
        ConnectionString = Through(connectionString);
        _accepting = AcceptAsync();
    }

    public string ConnectionString { get; }

    /// <summary>The same login, by way of here.</summary>
    public string Through(string connectionString) =>
        new NpgsqlConnectionStringBuilder(connectionString) { Host = "127.0.0.1", Port = ((IPEndPoint)_listener.LocalEndpoint).Port }.ConnectionString;

    /// <summary>How many answers were lost.</summary>
    public int Lost => Volatile.Read(ref _lost);

    /// <summary>Of all answers from now on each so-manieth is lost; none with 0.</summary>
    public void LoseEvery(int answers) => Volatile.Write(ref _every, answers);

    /// <summary>The database is away from now on: what is connected breaks, and what connects is closed at once.</summary>
    public Task CutAsync() => _link.CancelAsync();

    public void Mend() => _link = new();

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _accepting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _listener.Dispose();
        _stop.Dispose();
        _link.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (true)
            _ = RelayAsync(await _listener.AcceptTcpClientAsync(_stop.Token));
    }

    private async Task RelayAsync(TcpClient asking)
    {
        using var client = asking;
        using var server = new TcpClient();
        var link = _link.Token;
        if (link.IsCancellationRequested) return;
        try
        {
            await using var cut = link.Register(() => { client.Close(); server.Close(); });
            await server.ConnectAsync(_database, _stop.Token);
            (client.NoDelay, server.NoDelay) = (true, true);
            var question = new Question();
            await Task.WhenAny(AskAsync(client.GetStream(), server.GetStream(), question), AnswerAsync(server.GetStream(), client.GetStream(), question));
        }
        catch (Exception over) when (over is SocketException or OperationCanceledException or IOException or ObjectDisposedException)
        {
            // Either side has gone.
        }
    }

    private async Task AskAsync(NetworkStream client, NetworkStream server, Question question)
    {
        var buffer = new byte[64 * 1024];
        while (await client.ReadAsync(buffer, _stop.Token) is var read and > 0)
        {
            question.IsOpen = true;
            await server.WriteAsync(buffer.AsMemory(0, read), _stop.Token);
        }
    }

    private async Task AnswerAsync(NetworkStream server, NetworkStream client, Question question)
    {
        var buffer = new byte[64 * 1024];
        var (end, greeted, losing) = (new byte[6], false, false);
        while (await server.ReadAsync(buffer, _stop.Token) is var read and > 0)
        {
            if (greeted && question.IsOpen && Loses())
            {
                losing = true;
                await client.WriteAsync(buffer.AsMemory(0, read / 2), _stop.Token);
            }
            question.IsOpen = false;
            if (!losing)
                await client.WriteAsync(buffer.AsMemory(0, read), _stop.Token);
            end = [.. end.Concat(buffer.Take(read)).TakeLast(6)];
            // ReadyForQuery comes after the commit.
            if (!end.AsSpan().StartsWith("Z\0\0\0\u0005"u8))
                continue;
            greeted = true;
            if (!losing)
                continue;
            Interlocked.Increment(ref _lost);
            return;
        }
    }

    private bool Loses() => Volatile.Read(ref _every) is > 0 and var every && Interlocked.Increment(ref _answers) % every == 0;

    private sealed class Question
    {
        private volatile bool _isOpen;

        public bool IsOpen { get => _isOpen; set => _isOpen = value; }
    }
}
