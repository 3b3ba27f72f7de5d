using System.Net;
using LeadSens.Server.Workflows.Http;

namespace LeadSens.Server.Tests.Workflows.Http;

public sealed class PublicAddressTests
{
    [Theory]
    [InlineData("0.0.0.0"), InlineData("0.1.2.3"), InlineData("10.0.0.1"), InlineData("100.64.0.1"), InlineData("100.100.100.200"), InlineData("100.127.255.255")]
    [InlineData("127.0.0.1"), InlineData("127.255.255.254"), InlineData("169.254.0.1"), InlineData("169.254.169.254"), InlineData("172.16.0.1"), InlineData("172.31.255.255")]
    [InlineData("192.0.0.192"), InlineData("192.0.2.1"), InlineData("192.88.99.1"), InlineData("192.168.1.1"), InlineData("198.18.0.1"), InlineData("198.51.100.1"), InlineData("203.0.113.1")]
    [InlineData("224.0.0.1"), InlineData("239.1.1.1"), InlineData("240.0.0.1"), InlineData("255.255.255.255"), InlineData("168.63.129.16")]
    [InlineData("::"), InlineData("::1"), InlineData("::127.0.0.1"), InlineData("::ffff:127.0.0.1"), InlineData("::ffff:10.0.0.1"), InlineData("::ffff:169.254.169.254")]
    [InlineData("fe80::1"), InlineData("fe80::1%1"), InlineData("fc00::1"), InlineData("fd00:ec2::254"), InlineData("fec0::1"), InlineData("ff02::1"), InlineData("100::1")]
    [InlineData("2001::1"), InlineData("2001:0:4136:e378:8000:63bf:3fff:fdd2"), InlineData("2001:db8::1"), InlineData("2002:7f00:1::"), InlineData("2002:0808:0808::"), InlineData("3fff::1")]
    [InlineData("64:ff9b::7f00:1"), InlineData("64:ff9b::a00:1"), InlineData("64:ff9b::a9fe:a9fe"), InlineData("64:ff9b:1::808:808"), InlineData("::808:808")]
    public void An_address_of_a_machine_or_a_private_network_is_not_public(string address) => PublicAddress.IsPublic(IPAddress.Parse(address)).ShouldBeFalse();

    [Theory]
    [InlineData("1.1.1.1"), InlineData("8.8.8.8"), InlineData("100.63.255.255"), InlineData("100.128.0.1"), InlineData("172.15.0.1"), InlineData("172.32.0.1"), InlineData("192.169.0.1")]
    [InlineData("2606:4700:4700::1111"), InlineData("2a00:1450:4001:80b::200e"), InlineData("::ffff:8.8.8.8"), InlineData("64:ff9b::808:808")]
    public void An_address_of_the_internet_is_public(string address) => PublicAddress.IsPublic(IPAddress.Parse(address)).ShouldBeTrue();
}
