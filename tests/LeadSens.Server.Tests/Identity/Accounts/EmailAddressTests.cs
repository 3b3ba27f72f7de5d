using LeadSens.Server.Identity;

namespace LeadSens.Server.Tests.Identity.Accounts;

public sealed class EmailAddressTests
{
    [Theory]
    [InlineData("Ada@Example.COM", "ada@example.com")]
    [InlineData("  ada+leads@example.co.uk ", "ada+leads@example.co.uk")]
    [InlineData("o'brien@xn--bcher-kva.example", "o'brien@xn--bcher-kva.example")]
    public void Writings_of_one_address_have_one_key(string text, string key) => EmailAddress.KeyOf(text).ShouldBe(key);

    [Theory]
    [InlineData("аda@example.com")] // a Cyrillic a
    [InlineData("ada@exаmple.com")]
    [InlineData("ＡＤＡ@example.com")] // full width, which NFKC maps to ADA
    [InlineData("\u212Aate@example.com")] // the Kelvin sign, whose lower case is k
    [InlineData("ada@\u0131cloud.com")] // a dotless i
    [InlineData("ﬁona@example.com")] // a ligature, which NFKC maps to fi
    [InlineData("ada\u200B@example.com")]
    [InlineData("ada\u202E@example.com")]
    public void Letters_that_look_like_anothers_are_refused(string text) => EmailAddress.KeyOf(text).ShouldBeNull();

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("ada")]
    [InlineData("@example.com")]
    [InlineData("ada@localhost")]
    [InlineData("ada@example..com")]
    [InlineData("a..da@example.com")]
    [InlineData("ada@-example.com")]
    [InlineData("ada@example.com\r\nBcc: all@example.com")]
    [InlineData("<ada@example.com>")]
    [InlineData("\"ada\"@example.com")]
    [InlineData("ada@example.com,eve@example.com")]
    public void What_is_no_address_has_no_key(string? text) => EmailAddress.KeyOf(text).ShouldBeNull();
}
