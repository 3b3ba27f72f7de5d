using System.Net;
using System.Net.Sockets;
using System.Text;
using LeadSens.Server.Mail;

namespace LeadSens.Server.Tests.Mail;

/// <summary>Mail servers that take their time.</summary>
public sealed class SlowServerTests
{
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(1);

    [Fact]
    public async Task Each_step_has_the_whole_time_out() =>
        // Six answers, each 0.4 s late: together more than twice the time of one step.
        (await SendAsync(longest: 60, async (reply, write) =>
        {
            await Wait(400);
            await write(reply);
        })).End.ShouldBe(DeliveryEnd.Accepted);

    [Fact]
    public async Task A_reply_that_comes_letter_by_letter_is_one_step() =>
        (await SendAsync(longest: 60, async (reply, write) =>
        {
            foreach (var letter in reply)
            {
                await Wait(150);
                await write(letter.ToString());
            }
        })).ShouldBe(new(DeliveryEnd.Later, "The mail server did not answer in time."));

    [Fact]
    public async Task A_conversation_of_slow_steps_has_an_end() =>
        (await SendAsync(longest: 2, async (reply, write) =>
        {
            await Wait(600);
            await write(reply);
        })).End.ShouldBe(DeliveryEnd.Later);

    [Theory]
    [InlineData("250", "Accepted")]
    [InlineData("251", "Accepted")]
    [InlineData("200", "Accepted")]
    [InlineData("354", "Unknown")]
    [InlineData("451", "Later")]
    [InlineData("550", "Refused")]
    public async Task Only_a_no_has_a_mail_sent_again(string code, string end)
    {
        var replies = 0;
        var delivery = await SendAsync(longest: 60, (reply, write) => write(++replies == 6 ? $"{code} the mail\r\n" : reply));
        delivery.End.ToString().ShouldBe(end);
    }

    private static async Task<Delivery> SendAsync(int longest, Func<string, Func<string, Task>, Task> answerAsync)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var serving = ServeAsync(listener, answerAsync);
        var server = new MailServer("127.0.0.1", ((IPEndPoint)listener.LocalEndpoint).Port, MailOptions.None, null, null, Step, TimeSpan.FromSeconds(longest));
        var mail = new StoredMail(Guid.CreateVersion7(), "id@leadsens.example", "test", "en", MailState.Queued, null, DateTimeOffset.UnixEpoch, Expired: false, new("ada@example.com", "Hello", "Text", "<p>Text</p>"));
        var end = await new SmtpSender(TimeProvider.System).SendAsync(server, new("LeadSens", "no-reply@leadsens.example"), mail, _ => Task.FromResult(true), CancellationToken.None);
        listener.Stop();
        await serving;
        return end;
    }

    /// <summary>Says what belongs to each line, and the greeting first.</summary>
    private static async Task ServeAsync(TcpListener listener, Func<string, Func<string, Task>, Task> answerAsync)
    {
        try
        {
            using var client = await listener.AcceptTcpClientAsync();
            await using var stream = client.GetStream();
            using var reader = new StreamReader(stream, Encoding.ASCII);
            Task WriteAsync(string text) => stream.WriteAsync(Encoding.ASCII.GetBytes(text)).AsTask();
            await answerAsync("220 slow.example\r\n", WriteAsync);
            var inText = false;
            while (await reader.ReadLineAsync() is { } line)
            {
                if (inText && line != ".") continue;
                inText = line == "DATA";
                await answerAsync(inText ? "354 go ahead\r\n" : "250 ok\r\n", WriteAsync);
            }
        }
        catch (Exception gone) when (gone is IOException or SocketException)
        {
            // The client had enough.
        }
    }

    private static Task Wait(int milliseconds) => Task.Delay(TimeSpan.FromMilliseconds(milliseconds), TimeProvider.System);
}
