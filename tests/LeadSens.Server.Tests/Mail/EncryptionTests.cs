using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using LeadSens.Server.Mail;
using LeadSens.Server.Tests.Support;

namespace LeadSens.Server.Tests.Mail;

/// <summary>A mail goes only where it was told to, encrypted as it was told.</summary>
public sealed class EncryptionTests
{
    private static readonly Mailbox From = new(null, "us@example.com");
    private static readonly StoredMail Mail = new(Guid.CreateVersion7(), "<1@example.com>", "test", "en", "queued", null, DateTimeOffset.UnixEpoch, false, new("you@example.com", "Subject", "Text", "<p>Text</p>"));

    [Fact]
    public async Task A_server_without_encryption_gets_no_mail_where_it_is_asked_for()
    {
        await using var sandbox = await TestSandbox.StartAsync();
        var port = (await System.Net.Http.Json.HttpClientJsonExtensions.GetFromJsonAsync<System.Text.Json.JsonElement>(sandbox.Http, "/_sandbox/health")).GetProperty("smtpPort").GetInt32();

        var delivery = await SendAsync(port, MailOptions.StartTls);

        delivery.End.ShouldBe(DeliveryEnd.Later);
        delivery.Why.ShouldContain("STARTTLS");
        (await sandbox.MailsAsync("you@example.com")).ShouldBeEmpty();
        (await SendAsync(port, MailOptions.None, "user", "password")).End.ShouldBe(DeliveryEnd.Accepted);
    }

    [Fact]
    public async Task A_certificate_that_nobody_vouches_for_gets_no_mail()
    {
        using var key = RSA.Create(2048);
        using var certificate = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1).CreateSelfSigned(DateTimeOffset.UnixEpoch, new(2100, 1, 1, 0, 0, 0, TimeSpan.Zero));
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var serving = ServeAsync(listener, certificate);

        var delivery = await SendAsync(((IPEndPoint)listener.LocalEndpoint).Port, MailOptions.Tls);

        delivery.ShouldBe(new Delivery(DeliveryEnd.Later, "The mail server's certificate is not valid for its name."));
        await serving;
    }

    private static async Task ServeAsync(TcpListener listener, X509Certificate2 certificate)
    {
        using var client = await listener.AcceptTcpClientAsync();
        await using var secure = new SslStream(client.GetStream());
        try
        {
            await secure.AuthenticateAsServerAsync(certificate);
            await secure.WriteAsync("220 here\r\n"u8.ToArray());
            await secure.ReadAtLeastAsync(new byte[1], 1, throwOnEndOfStream: false);
        }
        catch (Exception left) when (left is IOException or System.Security.Authentication.AuthenticationException)
        {
            // The client left, as it should.
        }
    }

    private static Task<Delivery> SendAsync(int port, string encryption, string? user = null, string? password = null) => new SmtpSender(TimeProvider.System).SendAsync(
        new("localhost", port, encryption, user, password, TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(60)), From, Mail, _ => Task.FromResult(true), CancellationToken.None);
}
