using System.Net.Security;
using System.Net.Sockets;
using System.Text;

namespace LeadSens.Server.Mail;

/// <summary>The lines between us and a mail server. What goes wrong on it is an <see cref="IOException"/>; each of its methods is a step with a time of its own.</summary>
internal sealed class SmtpWire(SmtpTimes times) : IAsyncDisposable
{
    private const int LongestReply = 64 * 1024;

    private readonly TcpClient _tcp = new();
    private readonly byte[] _buffer = new byte[4096];
    private Stream _stream = Stream.Null;
    private int _start, _end;

    public async Task ConnectAsync(string host, int port)
    {
        await _tcp.ConnectAsync(host, port, times.Step());
        _stream = _tcp.GetStream();
    }

    /// <summary>Encrypts from here on; the certificate must be of this host. What came before and was not read yet is somebody else's words.</summary>
    public async Task SecureAsync(string host)
    {
        if (_start != _end) throw new IOException("The mail server spoke before the encryption began.");
        var secure = new SslStream(_stream);
        _stream = secure;
        await secure.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = host }, times.Step());
    }

    public async Task<SmtpReply> SayAsync(string line)
    {
        await WriteAsync(Encoding.ASCII.GetBytes(line + "\r\n"));
        return await ReadAsync();
    }

    public async Task WriteAsync(ReadOnlyMemory<byte> bytes)
    {
        var cancellationToken = times.Step();
        await _stream.WriteAsync(bytes, cancellationToken);
        await _stream.FlushAsync(cancellationToken);
    }

    public async Task<SmtpReply> ReadAsync()
    {
        var cancellationToken = times.Step();
        var lines = new List<string>();
        while (true)
        {
            var line = await LineAsync(cancellationToken);
            if (line.Length < 3 || !int.TryParse(line.AsSpan(0, 3), out var code) || lines.Count > 100) throw new IOException("The mail server does not speak SMTP.");
            lines.Add(line.Length > 4 ? line[4..] : "");
            if (line.Length == 3 || line[3] != '-') return SmtpReply.Of(code, lines);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stream.DisposeAsync();
        _tcp.Dispose();
    }

    private async Task<string> LineAsync(CancellationToken cancellationToken)
    {
        var line = new StringBuilder();
        while (line.Length < LongestReply)
        {
            if (_start == _end)
            {
                (_start, _end) = (0, await _stream.ReadAsync(_buffer, cancellationToken));
                if (_end == 0) throw new IOException("The mail server ended the conversation.");
            }

            var letter = (char)_buffer[_start++];
            if (letter == '\n') return line.ToString().TrimEnd('\r');
            line.Append(letter);
        }

        throw new IOException("The mail server does not stop speaking.");
    }
}
