using System.Buffers;
using System.IO.Pipelines;
using System.Text;

namespace LeadSens.Sandbox.Smtp;

/// <summary>The lines of an SMTP conversation.</summary>
internal sealed class SmtpLines(IDuplexPipe pipe, CancellationToken closed)
{
    private const int LongestMail = 10 * 1024 * 1024;

    public async Task SayAsync(string line)
    {
        await pipe.Output.WriteAsync(Encoding.ASCII.GetBytes(line + "\r\n"), closed);
    }

    /// <summary>Without its end; null when the client is gone.</summary>
    public async Task<string?> ReadAsync()
    {
        while (true)
        {
            var read = await pipe.Input.ReadAsync(closed);
            if (read.Buffer.PositionOf((byte)'\n') is { } end)
            {
                var line = Encoding.UTF8.GetString(read.Buffer.Slice(0, end)).TrimEnd('\r');
                pipe.Input.AdvanceTo(read.Buffer.GetPosition(1, end));
                return line;
            }

            if (read.IsCompleted || read.Buffer.Length > LongestMail)
            {
                pipe.Input.AdvanceTo(read.Buffer.End);
                return null;
            }

            pipe.Input.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }

    /// <summary>A mail up to the line with a dot alone.</summary>
    public async Task<string> ReadDataAsync()
    {
        var text = new StringBuilder();
        while (await ReadAsync() is { } line)
        {
            if (line == ".")
            {
                return text.ToString();
            }

            text.Append(line.StartsWith('.') ? line[1..] : line).Append("\r\n");
            if (text.Length > LongestMail)
            {
                break;
            }
        }

        throw new IOException("The client left in the middle of a mail.");
    }
}
