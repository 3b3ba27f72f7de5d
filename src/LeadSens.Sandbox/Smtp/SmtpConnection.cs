using System.Text;
using LeadSens.Sandbox.Control;
using LeadSens.Sandbox.Http;
using LeadSens.Sandbox.State;
using Microsoft.AspNetCore.Connections;

namespace LeadSens.Sandbox.Smtp;

/// <summary>One connection to the stand-in mail server: enough of RFC 5321 for a client that keeps to it. Faults of the vendor <c>smtp</c> meet a
/// mail's body (<c>/data</c>), or where their path prefix says so the greeting (<c>/connect</c>) or the recipient (<c>/rcpt</c>).</summary>
internal sealed class SmtpConnection(World world, TimeProvider clock) : ConnectionHandler
{
    public override async Task OnConnectedAsync(ConnectionContext connection)
    {
        var lines = new SmtpLines(connection.Transport, connection.ConnectionClosed);
        try
        {
            if (await FaultAsync(connection, lines, "/connect", []) is null)
            {
                await lines.SayAsync("220 sandbox.leadsens.example ESMTP");
                await TalkAsync(connection, lines);
            }
        }
        catch (Exception gone) when (gone is OperationCanceledException or IOException or ConnectionResetException or ConnectionAbortedException)
        {
            // The client left; there is nobody to tell.
        }
    }

    private async Task TalkAsync(ConnectionContext connection, SmtpLines lines)
    {
        var (from, to) = ("", new List<string>());
        while (await lines.ReadAsync() is { } line)
        {
            var command = line.Split(' ', 2)[0].ToUpperInvariant();
            switch (command)
            {
                case "EHLO":
                    await lines.SayAsync("250-sandbox.leadsens.example\r\n250-SIZE 10485760\r\n250-8BITMIME\r\n250 AUTH PLAIN LOGIN");
                    break;
                case "AUTH":
                    await AuthenticateAsync(lines, line);
                    break;
                case "MAIL":
                    (from, to) = (AddressIn(line), []);
                    await lines.SayAsync("250 2.1.0 ok");
                    break;
                case "RCPT":
                    if (await FaultAsync(connection, lines, "/rcpt", Encoding.UTF8.GetBytes(AddressIn(line))) is not { } refusal)
                    {
                        to.Add(AddressIn(line));
                        await lines.SayAsync("250 2.1.5 ok");
                    }
                    else if (refusal.Mode is not FaultMode.Status)
                    {
                        return;
                    }

                    break;
                case "DATA" when to.Count == 0:
                    await lines.SayAsync("503 5.5.1 no valid recipients");
                    break;
                case "DATA":
                    await lines.SayAsync("354 go ahead");
                    if (!await ReceiveAsync(connection, lines, from, to))
                    {
                        return;
                    }

                    break;
                case "QUIT":
                    await lines.SayAsync("221 2.0.0 bye");
                    return;
                default:
                    await lines.SayAsync(command is "HELO" or "RSET" or "NOOP" ? "250 2.0.0 ok" : "502 5.5.1 not implemented");
                    break;
            }
        }
    }

    /// <summary>Any credentials are right.</summary>
    private static async Task AuthenticateAsync(SmtpLines lines, string line)
    {
        if (line.EndsWith("LOGIN", StringComparison.OrdinalIgnoreCase))
        {
            await lines.SayAsync("334 VXNlcm5hbWU6");
            await lines.ReadAsync();
            await lines.SayAsync("334 UGFzc3dvcmQ6");
            await lines.ReadAsync();
        }

        await lines.SayAsync("235 2.7.0 ok");
    }

    /// <returns>False when the connection is over.</returns>
    private async Task<bool> ReceiveAsync(ConnectionContext connection, SmtpLines lines, string from, List<string> to)
    {
        var raw = await lines.ReadDataAsync();
        var mail = new MailAccepted(from, [.. to], raw) { At = clock.GetUtcNow() };
        var fault = await FaultAsync(connection, lines, "/data", Encoding.UTF8.GetBytes(raw));
        if (fault?.Mode is FaultMode.AcceptLate)
        {
            await Task.Delay(fault.Wait, clock);
        }

        if (fault?.Mode is null or FaultMode.Slow or FaultMode.AcceptThenDrop or FaultMode.AcceptLate)
        {
            world.Mailbox.Accept(mail);
        }

        switch (fault?.Mode)
        {
            case FaultMode.Status:
                return true;
            case null or FaultMode.Slow:
                await Task.Delay(fault?.Delay ?? TimeSpan.Zero, clock, connection.ConnectionClosed);
                await lines.SayAsync("250 2.0.0 queued");
                return true;
            case FaultMode.AcceptThenDrop:
                connection.Abort();
                return false;
            default:
                return false;
        }
    }

    /// <summary>Does what the fault says about this point of the conversation; null when there is none.</summary>
    private async Task<FaultMet?> FaultAsync(ConnectionContext connection, SmtpLines lines, string point, byte[] body)
    {
        if (point != "/data" && !world.Faults.Rules.Any(rule => rule.PathPrefix == point))
        {
            return null;
        }

        var call = new Call { Vendor = "smtp", Method = "SMTP", Path = point, Query = "", Body = body, At = clock.GetUtcNow(), Endpoint = $"SMTP {point[1..]}" };
        var fault = world.Faults.Meet(call);
        var status = fault?.Mode is FaultMode.Status ? fault.Rule.Status ?? 451 : fault is null or { Mode: FaultMode.Slow } ? 250 : 0;
        world.Calls.Add(call, status, fault?.Mode);
        switch (fault?.Mode)
        {
            case FaultMode.Status:
                await lines.SayAsync($"{status} {status / 100}.0.0 {Encoding.UTF8.GetString(body.AsSpan(0, Math.Min(body.Length, 80))).Split('\r')[0]} refused on demand");
                break;
            case FaultMode.Timeout:
                await Task.Delay(fault.Wait, clock, connection.ConnectionClosed);
                break;
            case FaultMode.Reset or FaultMode.AcceptLate:
                connection.Abort();
                break;
        }

        return fault;
    }

    private static string AddressIn(string line)
    {
        var (open, close) = (line.IndexOf('<', StringComparison.Ordinal), line.IndexOf('>', StringComparison.Ordinal));
        return open >= 0 && close > open ? line[(open + 1)..close] : "";
    }
}
