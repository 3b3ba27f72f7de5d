using LeadSens.Server.Connections.Providers.Jina;

namespace LeadSens.Server.Tests.Connections;

public sealed class PublicWebsiteTests
{
    [Theory]
    [InlineData("acme.com", "https://acme.com/")]
    [InlineData("  www.acme.com/about?x=1  ", "https://www.acme.com/about?x=1")]
    [InlineData("http://acme.com", "http://acme.com/")]
    [InlineData("HTTPS://ACME.COM/Über", "https://acme.com/%C3%9Cber")]
    [InlineData("https://bücher.example/#top", "https://xn--bcher-kva.example/")]
    [InlineData("acme.com:443", "https://acme.com/")]
    [InlineData("acme.com.", "https://acme.com/")]
    [InlineData("株式会社.jp", "https://xn--vckk7bxe1b3c.jp/")]
    public void A_public_website_is_read(string website, string address)
    {
        PublicWebsite.TryParse(website, out var uri).ShouldBeTrue();
        if (!website.StartsWith('株')) uri.AbsoluteUri.ShouldBe(address);
        uri.Host.ShouldAllBe(c => char.IsAscii(c));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("localhost")]
    [InlineData("http://localhost:5080/")]
    [InlineData("localhost.")]
    [InlineData("foo.localhost")]
    [InlineData("127.0.0.1")]
    [InlineData("http://127.1/")]
    [InlineData("http://2130706433/")]
    [InlineData("http://0x7f000001/")]
    [InlineData("http://0x7f.1/")]
    [InlineData("http://0177.0.0.1/")]
    [InlineData("10.0.0.8")]
    [InlineData("http://192.168.1.1")]
    [InlineData("172.16.0.1")]
    [InlineData("169.254.169.254/latest/meta-data")]
    [InlineData("http://[::1]/")]
    [InlineData("http://[::ffff:127.0.0.1]/")]
    [InlineData("http://[fe80::1]/")]
    [InlineData("http://[fd00::1]/")]
    [InlineData("0.0.0.0")]
    [InlineData("http://127.0.0.1.")]
    [InlineData("http://１２７.０.０.１/")]
    [InlineData("http://ｌｏｃａｌｈｏｓｔ/")]
    [InlineData("http://printer.ℓocal/")]
    [InlineData("http://user:pass@acme.com/")]
    [InlineData("acme.com@10.0.0.1")]
    [InlineData("http://acme.com:8080/")]
    [InlineData("acme.com:22")]
    [InlineData("ftp://acme.com/")]
    [InlineData("file:///etc/passwd")]
    [InlineData("javascript:alert(1)")]
    [InlineData("gopher://acme.com")]
    [InlineData("//acme.com")]
    [InlineData("https://https://acme.com")]
    [InlineData("intranet")]
    [InlineData("db.internal")]
    [InlineData("printer.local")]
    [InlineData("router.lan")]
    [InlineData("nas.home.arpa")]
    [InlineData("metadata.google.internal")]
    [InlineData("http://acme.com\\@10.0.0.1/")]
    [InlineData("acme .com")]
    [InlineData("acme.com\r\nHost: evil")]
    public void Anything_else_is_not(string? website) => PublicWebsite.TryParse(website, out _).ShouldBeFalse();

    [Fact]
    public void A_very_long_address_is_not() => PublicWebsite.TryParse("acme.com/" + new string('a', 3_000), out _).ShouldBeFalse();
}
