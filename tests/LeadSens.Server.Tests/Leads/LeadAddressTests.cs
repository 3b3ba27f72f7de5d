using LeadSens.Server.Leads;
using LeadSens.Server.Suppressions;

namespace LeadSens.Server.Tests.Leads;

public sealed class LeadAddressTests
{
    [Theory]
    [InlineData("ada@example.com")]
    [InlineData("  Ada@Example.COM ")]
    [InlineData("ＡＤＡ＠ｅｘａｍｐｌｅ．ｃｏｍ")]
    [InlineData("ad\u200Ba@example.com")]
    [InlineData("ada@example.com.")]
    [InlineData("ada @example.com\0")]
    public void What_is_the_same_address_has_the_same_key(string written) => LeadAddress.KeyOf(written).ShouldBe("ada@example.com");

    [Theory]
    [InlineData("rené@bücher.example", "rené@xn--bcher-kva.example")]
    [InlineData("RENÉ@BÜCHER。EXAMPLE", "rené@xn--bcher-kva.example")]
    [InlineData("rené@xn--bcher-kva.example", "rené@xn--bcher-kva.example")]
    [InlineData("\u212Aim@example.com", "kim@example.com")]
    public void Accents_and_domains_have_one_form(string written, string key) => LeadAddress.KeyOf(written).ShouldBe(key);

    [Theory]
    [InlineData("ada+news@example.com")]
    [InlineData("a.da@example.com")]
    [InlineData("аda@example.com")]
    public void Another_mailbox_is_another_address(string written) => LeadAddress.KeyOf(written).ShouldNotBe("ada@example.com");

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(" \t")]
    [InlineData("a\uD800@example.com")]
    public void What_is_no_text_has_no_key(string? written) => LeadAddress.KeyOf(written).ShouldBeNull();

    [Theory]
    [InlineData("nothing")]
    [InlineData("@example.com")]
    [InlineData("a@b")]
    [InlineData("a@example.com, b@example.com")]
    [InlineData("'; drop table suppressions; --")]
    public void What_is_neither_address_nor_domain_is_not_listed(string written) => SuppressionRequest.Normalise(written).ShouldBeNull();

    [Fact]
    public void The_database_hashes_as_we_do()
    {
        var salt = Enumerable.Range(0, 32).Select(number => (byte)number).ToArray();

        SuppressionKey.Of(salt).HashOf("ada@example.com").ShouldBe(System.Security.Cryptography.HMACSHA256.HashData(salt, "ada@example.com"u8.ToArray()));
    }
}
